import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Metrics } from './metrics.ts'

export interface OperationParts {
  /** Undefined while the server can answer; else what keeps it from that. */
  readonly unready: () => Promise<string | undefined>
  readonly metrics: Metrics
  /** The OpenAPI document as JSON. */
  readonly openapi: string
  /** The reference as HTML. */
  readonly reference: string
}

/** What is asked of a server beside its table, by whoever runs it and by programs that learn it. No credential, and nothing of anybody. */
export function addOperation(server: FastifyInstance, { unready, metrics, openapi, reference }: OperationParts): void {
  server.get('/healthz', (_, reply) => send(reply, 'text/plain; charset=utf-8', 'ok\n'))
  server.get('/readyz', async (_, reply) => {
    const reason = await unready()
    if (reason === undefined) return send(reply, 'text/plain; charset=utf-8', 'ready\n')
    return send(reply.code(503).header('retry-after', '1'), 'text/plain; charset=utf-8', `${reason}\n`)
  })
  server.get('/metrics', async (_, reply) => send(reply, metrics.contentType, await metrics.text()))
  server.get('/v1/openapi.json', (_, reply) => send(reply, 'application/json', openapi))
  server.get('/docs', (_, reply) => send(reply.header('content-security-policy', csp), 'text/html; charset=utf-8', reference))
}

const csp = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"

function send(reply: FastifyReply, mediaType: string, text: string): FastifyReply {
  return reply.header('content-type', mediaType).header('cache-control', 'no-store').header('x-content-type-options', 'nosniff').send(text)
}
