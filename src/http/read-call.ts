import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Endpoint } from '../api/endpoint.ts'
import type { Principal } from '../model/principal.ts'
import { Problem } from '../model/problem.ts'
import { canonicalId, idPattern } from '../model/text.ts'
import { authorise } from './authorise.ts'
import { bodyPatience, type Patience } from './body-pieces.ts'
import type { Call } from './call.ts'
import { type Content, contentOf, mediaTypeOf, readJson } from './read-body.ts'
import { ifMatchOf, preferredHandling, requireAcceptable, requireIdempotencyKey, requireLookedAt } from './read-headers.ts'
import { readQuery } from './read-query.ts'
import type { Gate } from './server.ts'

export interface ReadParts {
  readonly gate: Gate
  readonly stopping?: AbortSignal
  readonly patience?: Partial<Patience>
  /** Called with what keeps the principal out; throws it again. */
  readonly refused?: (error: unknown) => Promise<never>
}

/** In the order in which a stranger learns least: may they, then what they said. */
export async function readCall(
  { gate, stopping, patience, refused }: ReadParts,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  principal: Principal,
): Promise<Call<Endpoint>> {
  const params = paramsOf(request)
  await authorise(principal, endpoint, params.userId, gate).catch(refused)
  requireLookedAt(request.headers, endpoint)
  const query = readQuery(searchOf(request.url), endpoint.query)
  requireAcceptable(request.headers, endpoint.reply)
  const { body } = endpoint
  const key = endpoint.method === 'post' ? requireIdempotencyKey(request.headers) : request.id
  const mediaType = body === undefined ? '' : mediaTypeOf(request.raw, body)
  const content = body === undefined ? noContent : contentOf(request.raw, body.maxBytes, { ...bodyPatience, ...patience })
  return {
    params,
    query,
    body: body?.type === 'json' ? await readJson(content, body) : undefined,
    principal,
    requestId: request.id,
    handling: preferredHandling(request.headers),
    ifMatch: ifMatchOf(request.headers, endpoint.versioned),
    mediaType,
    content,
    callId: hash('sha256', `${principal.credential}\0${endpoint.path}\0${JSON.stringify(params)}\0${key}`).slice(0, 32),
    mayStill: (grant) => mayStill(gate, grant === undefined ? endpoint : { ...endpoint, grant }, request, params.userId),
    signal: endpoint.reply.type === 'events' ? endOf(reply, stopping) : never,
    header: (name) => {
      const said = request.headers[name]
      return Array.isArray(said) ? said.join(', ') : said
    },
  } as Call<Endpoint>
}

/** For calls that are over before anybody could wait for their end: to fire a signal costs more than to read a document. */
const never = new AbortController().signal

function endOf(reply: FastifyReply, stopping: AbortSignal | undefined): AbortSignal {
  const ended = new AbortController()
  reply.raw.once('close', () => ended.abort())
  stopping?.addEventListener('abort', () => ended.abort(), { once: true, signal: ended.signal })
  return ended.signal
}

async function mayStill(gate: Gate, endpoint: Endpoint, request: FastifyRequest, ownerId: string | undefined): Promise<boolean> {
  try {
    await authorise(await gate.authenticate(request.headers.authorization), endpoint, ownerId, gate)
    return true
  } catch (error) {
    if (error instanceof Problem && ['unauthorized', 'token_expired', 'forbidden', 'not_found', 'erased'].includes(error.code)) return false
    throw error
  }
}

/** From the `?` on; '' where there is none. */
function searchOf(url: string): string {
  const at = url.indexOf('?')
  return at < 0 ? '' : url.slice(at)
}

const noContent: Content = { pieces: async () => [], async *[Symbol.asyncIterator]() {} }

function paramsOf(request: FastifyRequest): Record<string, string> {
  const params = request.params as Record<string, string>
  for (const [name, value] of Object.entries(params))
    if (!(name === 'version' ? /^[A-Za-z0-9_-]{1,60}(?:\.[A-Za-z0-9_-]{1,60})*$/ : idPattern).test(value))
      throw new Problem('invalid_id', `${name} in the address is not a valid id.`)
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, canonicalId(value)]))
}
