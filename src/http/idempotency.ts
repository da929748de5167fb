import type { Endpoint } from '../api/endpoint.ts'
import {
  forgetRequests,
  type Hold,
  holdOn,
  inFlight,
  isHold,
  type KeptRequestDeps,
  keepAlone,
  keepAnswer,
  LEASE_MS,
  letGo,
  meetRequest,
  type Request,
  takeRequest,
} from '../flows/kept-requests.ts'
import type { KeptAnswer } from '../model/kept-request.ts'
import { Problem } from '../model/problem.ts'
import { idPattern } from '../model/text.ts'
import type { Answer, Call } from './call.ts'
import { openPrints, type PrintDeps } from './request-print.ts'
import type { Layer, Next } from './server.ts'

const FORGET_EVERY = 200

/**
 * A POST has its effect once for each Idempotency-Key, and the same answer for a day. Refusals are not kept: they had no effect. An
 * answer that tells a secret is not kept: such a call is made again, and sees by its ids that it was made before.
 */
export function answerOnce(deps: KeptRequestDeps & PrintDeps): Layer {
  const printOf = openPrints(deps)
  let answered = 0
  const underway = new Set<string>()

  async function inOneBatch(call: Call<Endpoint>, request: Request, next: Next): Promise<Answer<Endpoint>> {
    if (underway.has(request.requestId)) throw inFlight()
    underway.add(request.requestId)
    try {
      return await keptWithEffect(deps, call, request, next)
    } finally {
      underway.delete(request.requestId)
    }
  }

  async function onHold(call: Call<Endpoint>, endpoint: Endpoint, request: Request, next: Next): Promise<Answer<Endpoint>> {
    const taken = await takeRequest(deps, request)
    if (isHold(taken)) return held(deps, taken, endpoint, () => next({ ...call, content: alive(deps, taken, call.content) }))
    return endpoint.tellsSecret ? next(call) : saidAgain(taken)
  }

  return async (call, endpoint, next) => {
    if (endpoint.method !== 'post' || !isKept(endpoint)) return await next()
    const { print, content } = await printOf(call, endpoint)
    const request = { requestId: call.callId, userId: ownerOf(call), print }
    const given = { ...call, content }
    const isOneBatch = endpoint.oneBatch !== undefined && endpoint.oneBatch === call.mediaType
    const answer = await (isOneBatch ? inOneBatch(given, request, next) : onHold(given, endpoint, request, next))
    answered += 1
    if (answered % FORGET_EVERY === 0) await forgetRequests(deps)
    return answer
  }
}

async function keptWithEffect(deps: KeptRequestDeps, call: Call<Endpoint>, request: Request, next: Next): Promise<Answer<Endpoint>> {
  const met = await meetRequest(deps, request)
  if (typeof met !== 'function') return saidAgain(met)
  const answer = await next({ ...call, keeping: (given) => met(keptOf(given)) })
  if (answer.isKept) return answer
  const quicker = await keepAlone(deps, request, met(keptOf(answer)))
  return quicker === undefined ? answer : saidAgain(quicker)
}

function isKept({ reply }: Endpoint): boolean {
  return reply.type === 'json' || reply.type === 'none'
}

function ownerOf({ params, principal, body }: Call<Endpoint>): string | undefined {
  const { userId } = params as Readonly<Record<string, string>>
  const said = (body as { readonly userId?: unknown } | undefined)?.userId
  const owner = userId ?? ('userId' in principal ? principal.userId : typeof said === 'string' ? said : undefined)
  return owner !== undefined && idPattern.test(owner) ? owner : undefined
}

async function held(
  deps: KeptRequestDeps,
  hold: Hold,
  { tellsSecret }: Endpoint,
  run: () => Promise<Answer<Endpoint>>,
): Promise<Answer<Endpoint>> {
  let answer: Answer<Endpoint>
  try {
    answer = await run()
  } catch (error) {
    // Where the store does not answer the hold ends by itself, and why the call failed is the better thing to say.
    await letGo(deps, hold).catch((other) => throwUnlessUnavailable(other))
    throw error
  }
  await keepAnswer(deps, hold, tellsSecret ? {} : keptOf(answer))
  return answer
}

function throwUnlessUnavailable(error: unknown): void {
  if (!(error instanceof Problem && error.code === 'unavailable')) throw error
}

function keptOf({ status, body, version, location, headers }: Answer<Endpoint>): KeptAnswer {
  return {
    ...(status !== undefined && { status }),
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(version !== undefined && { version }),
    ...(location !== undefined && { location }),
    ...(headers !== undefined && { headers: { ...headers } }),
  }
}

function saidAgain({ status, body, headers, ...rest }: KeptAnswer): Answer<Endpoint> {
  return {
    ...rest,
    ...(status !== undefined && { status: status as 200 | 201 | 202 }),
    ...(body !== undefined && { body: JSON.parse(body) }),
    headers: { ...headers, 'idempotency-replayed': 'true' },
  } as Answer<Endpoint>
}

/** While bytes come, whoever receives them is alive. */
async function* alive(deps: KeptRequestDeps, hold: Hold, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    if (deps.clock.nowMs() - hold.heldMs > LEASE_MS / 3) await holdOn(deps, hold)
    yield chunk
  }
}
