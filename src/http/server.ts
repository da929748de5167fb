import { createHash } from 'node:crypto'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Api, Endpoint } from '../api/endpoint.ts'
import type { Principal } from '../model/principal.ts'
import { Problem } from '../model/problem.ts'
import { canonicalId, idPattern } from '../model/text.ts'
import { authorise, type MayByGrant } from './authorise.ts'
import type { Answer, Call, Handlers } from './call.ts'
import type { IsHost } from './check-head.ts'
import { type EdgeTimes, edgeOptions, edgeTimes, guardEdge } from './edge.ts'
import { endExposed } from './exposed-keys.ts'
import { bodyPatience, contentOf, mediaTypeOf, type Patience, readJson } from './read-body.ts'
import { ifMatchOf, preferredHandling, requireAcceptable, requireIdempotencyKey, requireLookedAt } from './read-headers.ts'
import { readQuery } from './read-query.ts'
import { addRefusals } from './refuse-address.ts'
import { sendAnswer } from './send-answer.ts'
import { sendProblem } from './send-problem.ts'

export interface Gate {
  /** Who an Authorization header speaks for. Throws `Problem('unauthorized')` or `token_expired`. */
  readonly authenticate: (authorization: string | undefined) => Promise<Principal>
  readonly mayByGrant: MayByGrant
  /** Ends a key that stood in an address, where logs and histories keep it. */
  readonly exposed?: (credential: string) => Promise<void>
}

/** Run around every call, outermost first: limits, idempotency, audit. */
export type Layer = (call: Call<Endpoint>, endpoint: Endpoint, next: Next) => Promise<Answer<Endpoint>>

/** Goes on with the call, or with a changed one. */
export type Next = (changed?: Call<Endpoint>) => Promise<Answer<Endpoint>>

export interface ServerParts<A extends Api, D> {
  readonly api: A
  readonly handlers: Handlers<A, D>
  readonly deps: D
  readonly gate: Gate
  readonly layers?: readonly Layer[]
  /** Asked before anything else: throws where a call cannot be taken now, and says what to call when it is over. */
  readonly admit?: (endpoint: Endpoint) => () => void
  /** Fires when the server is to end: event streams end then. */
  readonly stopping?: AbortSignal
  /** The names that this server answers to; absent: any. */
  readonly isHost?: IsHost
  /** Where they differ from what is usual. */
  readonly times?: Partial<EdgeTimes>
  readonly patience?: Partial<Patience>
  /** Called once a call is over. Ids and codes only. */
  readonly onDone?: (done: Done) => void
}

export interface Done {
  readonly requestId: string
  readonly endpoint: string | undefined
  readonly method: string
  readonly status: number
  readonly ms: number
  readonly credential: string | undefined
  readonly code: string | undefined
  /** Only of a bug. */
  readonly error: unknown
}

/** The table as a server, not yet listening. Throws where an endpoint has no scope or two share an address. */
export function makeServer<A extends Api, D>(parts: ServerParts<A, D>): FastifyInstance {
  const server = fastify(edgeOptions({ ...edgeTimes, ...parts.times }))
  endExposed(server, parts.gate)
  guardEdge(server, parts.isHost)
  // Bodies are read by us, with the limits of the endpoint.
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', (_request, _payload, done) => done(null))
  for (const [name, endpoint] of Object.entries(parts.api)) addRoute(server, parts, name, endpoint)
  addRefusals(server, parts.api, parts.onDone)
  return server
}

function addRoute<A extends Api, D>(server: FastifyInstance, parts: ServerParts<A, D>, name: string, endpoint: Endpoint): void {
  if (endpoint.scope === undefined) throw new Error(`${name} has no scope`)
  server.route({
    method: endpoint.method.toUpperCase(),
    url: endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    handler: (request, reply) => answerCall(parts, name, endpoint, request, reply),
  })
}

async function answerCall<A extends Api, D>(
  parts: ServerParts<A, D>,
  name: string,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const startedMs = performance.now()
  let principal: Principal | undefined
  let failure: unknown
  let leave: (() => void) | undefined
  try {
    leave = parts.admit?.(endpoint)
    principal = await parts.gate.authenticate(request.headers.authorization)
    const call = await readCall(parts, endpoint, request, reply, principal)
    const handle = parts.handlers[name] as (deps: D, call: Call<Endpoint>) => Promise<Answer<Endpoint>>
    const layers = parts.layers ?? []
    const run = layers.reduceRight<(given: Call<Endpoint>) => Promise<Answer<Endpoint>>>(
      (next, layer) => (given) => layer(given, endpoint, (changed) => next(changed ?? given)),
      (given) => handle(parts.deps, given),
    )
    await sendAnswer(reply, endpoint, await run(call), request.headers['if-none-match'])
  } catch (error) {
    failure = error
    sendProblem(reply, error)
  } finally {
    leave?.()
  }
  const ms = performance.now() - startedMs
  const code = failure === undefined ? undefined : failure instanceof Problem ? failure.code : 'internal'
  const bug = failure instanceof Problem ? undefined : failure
  parts.onDone?.({
    requestId: request.id,
    endpoint: name,
    method: request.method,
    status: reply.statusCode,
    ms,
    credential: principal?.credential,
    code,
    error: bug,
  })
  return reply
}

/** In the order in which a stranger learns least: may they, then what they said. */
async function readCall(
  { gate, stopping, patience }: Pick<ServerParts<Api, never>, 'gate' | 'stopping' | 'patience'>,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  principal: Principal,
): Promise<Call<Endpoint>> {
  const params = paramsOf(request)
  await authorise(principal, endpoint, params.userId, gate.mayByGrant)
  requireLookedAt(request.headers, endpoint)
  const query = readQuery(request.url.slice(request.routeOptions.url === undefined ? 0 : pathLength(request.url)), endpoint.query)
  requireAcceptable(request.headers, endpoint.reply)
  const ended = new AbortController()
  reply.raw.once('close', () => ended.abort())
  if (endpoint.reply.type === 'events') stopping?.addEventListener('abort', () => ended.abort(), { once: true, signal: ended.signal })
  const { body } = endpoint
  const key = endpoint.method === 'post' ? requireIdempotencyKey(request.headers) : request.id
  const mediaType = body === undefined ? '' : mediaTypeOf(request.raw, body)
  const content = body === undefined ? noContent() : contentOf(request.raw, body.maxBytes, { ...bodyPatience, ...patience })
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
    callId: createHash('sha256')
      .update(`${principal.credential}\0${endpoint.path}\0${JSON.stringify(params)}\0${key}`)
      .digest('hex')
      .slice(0, 32),
    mayStill: (grant) => mayStill(gate, grant === undefined ? endpoint : { ...endpoint, grant }, request, params.userId),
    signal: ended.signal,
    header: (name) => {
      const said = request.headers[name]
      return Array.isArray(said) ? said.join(', ') : said
    },
  } as Call<Endpoint>
}

async function mayStill(gate: Gate, endpoint: Endpoint, request: FastifyRequest, ownerId: string | undefined): Promise<boolean> {
  try {
    await authorise(await gate.authenticate(request.headers.authorization), endpoint, ownerId, gate.mayByGrant)
    return true
  } catch (error) {
    if (error instanceof Problem && ['unauthorized', 'token_expired', 'forbidden', 'not_found'].includes(error.code)) return false
    throw error
  }
}

function pathLength(url: string): number {
  const at = url.indexOf('?')
  return at < 0 ? url.length : at
}

async function* noContent(): AsyncGenerator<Uint8Array> {}

function paramsOf(request: FastifyRequest): Record<string, string> {
  const params = request.params as Record<string, string>
  for (const [name, value] of Object.entries(params))
    if (!(name === 'version' ? /^[A-Za-z0-9_-]{1,60}(?:\.[A-Za-z0-9_-]{1,60})*$/ : idPattern).test(value))
      throw new Problem('invalid_id', `${name} in the address is not a valid id.`)
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, canonicalId(value)]))
}
