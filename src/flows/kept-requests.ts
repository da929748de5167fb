import type { KeptAnswer, KeptRequest } from '../model/kept-request.ts'
import { Problem } from '../model/problem.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'

export interface KeptRequestDeps {
  readonly documents: Documents
  readonly clock: Clock
}

export interface Request {
  /** 32 hex digits of credential, address and key. */
  readonly requestId: string
  readonly userId: string | undefined
  readonly print: string
}

/** Held by whoever works on a request; `fence` is the version of its document. */
export interface Hold {
  readonly request: Request
  fence: number
  heldMs: number
}

const KEPT_MS = 24 * 3_600_000
/** A request is worked on for so long without a sign of life: so long waits who sends again what a killed process had. */
export const LEASE_MS = 15_000
const MAX_SWEPT = 400

/**
 * Takes a request on, or says what was answered to it. What is rejected, or not answered in time, counts as never begun: its effects carry
 * ids made of the request's, so that they happen once all the same. Throws `Problem('idempotency_mismatch' | 'idempotency_in_flight')`.
 */
export async function takeRequest(deps: KeptRequestDeps, request: Request): Promise<Hold | KeptAnswer> {
  const { documents, clock } = deps
  const nowMs = clock.nowMs()
  const path = pathOf(request)
  if (await isPut(documents, { op: 'put', path, body: begun(request, nowMs), ifAbsent: true })) return { request, fence: 1, heldMs: nowMs }
  const found = await documents.get<KeptRequest>(path)
  if (found === undefined) throw inFlight()
  if (!isOver(found, nowMs)) return answerIn(found, request)
  if (await isPut(documents, { op: 'put', path, body: begun(request, nowMs), ifVersion: found.version }))
    return { request, fence: found.version + 1, heldMs: nowMs }
  throw inFlight()
}

/** What was answered to a request, or the write that will say so, to be in the batch of its effect: whoever comes second has a conflict there. */
export async function meetRequest(deps: KeptRequestDeps, request: Request): Promise<KeptAnswer | KeepWith> {
  const path = pathOf(request)
  const nowMs = deps.clock.nowMs()
  const found = await deps.documents.get<KeptRequest>(path)
  if (found !== undefined && !isOver(found, nowMs)) return answerIn(found, request)
  const condition = found === undefined ? { ifAbsent: true as const } : { ifVersion: found.version }
  return (answer) => ({ op: 'put', path, body: answered(deps, request, answer), ...condition })
}

export type KeepWith = (answer: KeptAnswer) => Write

/** Keeps the answer to a request that had no effect to keep it with. Resolves with the one that was quicker, if any. */
export async function keepAlone(deps: KeptRequestDeps, request: Request, write: Write): Promise<KeptAnswer | undefined> {
  if (await isPut(deps.documents, write)) return undefined
  const met = await meetRequest(deps, request)
  return typeof met === 'function' ? undefined : met
}

export function isHold(taken: Hold | KeptAnswer): taken is Hold {
  return 'fence' in taken
}

/** A sign of life. Where another has taken the request on meanwhile it does nothing. */
export async function holdOn({ documents, clock }: KeptRequestDeps, hold: Hold): Promise<void> {
  const nowMs = clock.nowMs()
  const body = begun(hold.request, nowMs)
  hold.heldMs = nowMs
  if (await isPut(documents, { op: 'put', path: pathOf(hold.request), body, ifVersion: hold.fence })) hold.fence += 1
}

/** Keeps the answer for a day. */
export async function keepAnswer(deps: KeptRequestDeps, { request, fence }: Hold, answer: KeptAnswer): Promise<void> {
  await isPut(deps.documents, { op: 'put', path: pathOf(request), body: answered(deps, request, answer), ifVersion: fence })
}

/** Of what was refused nothing is kept: the next with this key is asked anew. */
export async function letGo({ documents }: KeptRequestDeps, { request, fence }: Hold): Promise<void> {
  await isPut(documents, { op: 'delete', path: pathOf(request), ifVersion: fence })
}

/** Forgets answers that are older than a day; resolves with how many. */
export async function forgetRequests({ documents, clock }: KeptRequestDeps): Promise<number> {
  const to = new Date(clock.nowMs() + 1).toISOString()
  const { data } = await documents.list({ collection: 'requests', index: 'expires', to, limit: MAX_SWEPT })
  if (data.length > 0) await documents.batch(data.map(({ path }) => ({ op: 'delete', path })))
  return data.length
}

function pathOf({ requestId }: Request): string {
  return `requests/${requestId}`
}

function answered({ clock }: KeptRequestDeps, { userId, print }: Request, answer: KeptAnswer): KeptRequest {
  const expiresAt = new Date(clock.nowMs() + KEPT_MS).toISOString()
  return { status: 'answered', ...(userId !== undefined && { userId }), print, expiresAt, answer }
}

/** Throws `Problem` where another request had the key, or the first is not answered. */
function answerIn({ body }: Stored<KeptRequest>, request: Request): KeptAnswer {
  if (body.print !== request.print) throw new Problem('idempotency_mismatch', 'This Idempotency-Key came with another request before.')
  if (body.status === 'answered') return body.answer
  throw inFlight()
}

function begun({ userId, print }: Request, nowMs: number): KeptRequest {
  return {
    status: 'in_flight',
    ...(userId !== undefined && { userId }),
    print,
    expiresAt: new Date(nowMs + KEPT_MS).toISOString(),
    leaseUntil: new Date(nowMs + LEASE_MS).toISOString(),
  }
}

function isOver({ body }: Stored<KeptRequest>, nowMs: number): boolean {
  return Date.parse(body.status === 'answered' ? body.expiresAt : body.leaseUntil) <= nowMs
}

export function inFlight(): Problem {
  return new Problem('idempotency_in_flight', 'The first request with this key is not answered yet.')
}

/** False where somebody else was first. */
async function isPut(documents: Documents, write: Write): Promise<boolean> {
  try {
    await documents.batch([write])
    return true
  } catch (error) {
    if (error instanceof Problem && error.code === 'conflict') return false
    throw error
  }
}
