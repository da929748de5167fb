import type { FastifyReply } from 'fastify'
import { problemBody } from './problem-reply.ts'
import { Refusal } from './refusal.ts'

export function sendProblem(reply: FastifyReply, error: unknown): void {
  if (reply.raw.headersSent) {
    // Half an answer must not look whole.
    reply.raw.destroy()
    return
  }
  const body = problemBody(error, reply.request.id)
  if (error instanceof Refusal) for (const [name, value] of Object.entries(error.headers)) reply.header(name, value)
  if (body.status === 401) reply.header('www-authenticate', 'Bearer')
  if ((body.status === 503 || body.status === 429) && reply.getHeader('retry-after') === undefined) reply.header('retry-after', '1')
  void reply
    .code(body.status)
    .header('content-type', 'application/problem+json')
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .header('x-request-id', reply.request.id)
    .send(Buffer.from(JSON.stringify(body)))
}
