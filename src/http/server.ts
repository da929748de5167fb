import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Api, Endpoint } from '../api/endpoint.ts'
import type { Principal } from '../model/principal.ts'
import { Problem, type ProblemCode } from '../model/problem.ts'
import type { Account, Accounted, Asking } from './account.ts'
import type { MayByGrant } from './authorise.ts'
import type { Patience } from './body-pieces.ts'
import type { Answer, Call, Handlers } from './call.ts'
import type { IsHost } from './check-head.ts'
import { type EdgeTimes, edgeOptions, edgeTimes, guardEdge } from './edge.ts'
import { endExposed } from './exposed-keys.ts'
import type { Limit } from './limit-rate.ts'
import { readCall } from './read-call.ts'
import { addRefusals } from './refuse-address.ts'
import { sendAnswer } from './send-answer.ts'
import { sendProblem } from './send-problem.ts'
import { acceptCookies } from './session-cookie.ts'
import type { Leave } from './shedding.ts'

export interface Gate {
  /**
   * Who an Authorization header speaks for. Throws `Problem('unauthorized')` or `token_expired`, and `rate_limited` where too many were
   * refused that came from `address`.
   */
  readonly authenticate: (authorization: string | undefined, address?: string) => Promise<Principal>
  readonly mayByGrant: MayByGrant
  /** Whether somebody was erased: what is asked about them is `erased` then. Absent: nobody was. */
  readonly isErased?: (userId: string) => Promise<boolean>
  /** Ends a key that stood in an address, where logs and histories keep it. */
  readonly exposed?: (credential: string) => Promise<void>
}

/** Run around every call, outermost first. */
export type Layer = (call: Call<Endpoint>, endpoint: Endpoint, next: Next) => Promise<Answer<Endpoint>>

/** Goes on with the call, or with a changed one. */
export type Next = (changed?: Call<Endpoint>) => Promise<Answer<Endpoint>>

export interface ServerParts<A extends Api, D> {
  readonly api: A
  readonly handlers: Handlers<A, D>
  readonly deps: D
  readonly gate: Gate
  /** The same for a call about one person: a store with a second wall shows it nobody else's. */
  readonly actingFor?: (deps: D, userId: string) => D
  /** Asked once it is known who calls, and before what they may. */
  readonly limit?: Limit
  readonly layers?: readonly Layer[]
  /** Keeps account of calls and refusals; absent: nobody does. */
  readonly account?: Account<D>
  /** Asked before anything else: throws where a call cannot be taken now, and says what to call when it is over. */
  readonly admit?: (endpoint: Endpoint) => Leave | Promise<Leave>
  /** Whether `admit` would refuse every call, but for event streams: most are told so before they come to it. */
  readonly isFull?: () => boolean
  /** Fires when the server is to end: event streams end then. */
  readonly stopping?: AbortSignal
  /** The names that this server answers to; absent: any. */
  readonly isHost?: IsHost
  /** Addresses and ranges of the proxies whose X-Forwarded-For is believed; absent: nobody's. */
  readonly proxies?: readonly string[]
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
  const server = fastify(edgeOptions({ ...edgeTimes, ...parts.times }, parts.proxies, parts))
  endExposed(server, parts.gate)
  guardEdge(server, parts.isHost)
  acceptCookies(server)
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
  let leave: Leave | undefined
  try {
    leave = await parts.admit?.(endpoint)
    // Whoever waited until it was their turn may have gone: what nobody is told of is not begun.
    if (request.raw.socket.destroyed) return reply.hijack()
    const asking = askingOf(endpoint, request)
    const refused = (error: unknown) => refuse(parts, asking, principal, error)
    principal = await parts.gate.authenticate(request.headers.authorization, request.ip).catch(refused)
    if (parts.limit !== undefined) reply.headers(await parts.limit(principal, endpoint))
    const call = await readCall({ ...parts, refused }, endpoint, request, reply, principal)
    await sendAnswer(reply, endpoint, await answerTo(parts, name, asking, call), request.headers['if-none-match'])
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

/** Accounted for before it is known to anybody. */
async function answerTo<A extends Api, D>(
  parts: ServerParts<A, D>,
  name: string,
  asking: Asking,
  call: Call<Endpoint>,
): Promise<Answer<Endpoint>> {
  const { endpoint } = asking
  const handle = parts.handlers[name] as (deps: D, call: Call<Endpoint>) => Promise<Answer<Endpoint>>
  const given = endpoint.amongPeople ? parts.deps : depsOf(parts, call)
  const accounted = parts.account?.begin({ ...asking, params: call.params }, call.principal, given)
  const deps = accounted?.deps ?? given
  const run = (parts.layers ?? []).reduceRight<(given: Call<Endpoint>) => Promise<Answer<Endpoint>>>(
    (next, layer) => (given) => layer(given, endpoint, (changed) => next(changed ?? given)),
    (given) => handle(deps, given),
  )
  return accounted === undefined ? run(call) : accountedFor(accounted, () => run(call))
}

async function accountedFor<D>(accounted: Accounted<D>, run: () => Promise<Answer<Endpoint>>): Promise<Answer<Endpoint>> {
  let answer: Answer<Endpoint>
  try {
    answer = await run()
  } catch (error) {
    // A bug is told of as what it is, written down or not: its answer says nothing of anybody.
    await accounted.failed(error).catch((unwritten) => {
      if (error instanceof Problem) throw unwritten
    })
    throw error
  }
  await accounted.answered(answer)
  return answer
}

function askingOf(endpoint: Endpoint, { params, id, ip, headers }: FastifyRequest): Asking {
  return { endpoint, params: params as Readonly<Record<string, string>>, requestId: id, address: ip, client: headers['user-agent'] }
}

/** Whoever is not known, or may not: other problems of coming in are no refusals. */
const refusals: readonly ProblemCode[] = ['unauthorized', 'token_expired', 'forbidden', 'not_found', 'erased']

async function refuse<A extends Api, D>(
  { account }: ServerParts<A, D>,
  asking: Asking,
  principal: Principal | undefined,
  error: unknown,
): Promise<never> {
  if (error instanceof Problem && refusals.includes(error.code)) await account?.refuse(asking, principal, error)
  throw error
}

/** Of a call about one person, whoever makes it, their own. */
function depsOf<A extends Api, D>({ deps, actingFor }: ServerParts<A, D>, { params, principal }: Call<Endpoint>): D {
  const { userId = 'userId' in principal ? principal.userId : undefined } = params as Readonly<Record<string, string>>
  return userId === undefined || actingFor === undefined ? deps : actingFor(deps, userId)
}
