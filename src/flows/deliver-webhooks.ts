import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Preferences } from '../model/user.ts'
import type { DeliveryAttempt, StoredDelivery, StoredWebhook } from '../model/webhook.ts'
import type { Stored } from '../ports/documents.ts'
import type { Egress } from '../ports/egress.ts'
import { mayUse } from './consents.ts'
import { findUser } from './manage-user.ts'
import { type TellDeps, tellWebhooks, unlessOvertaken } from './tell-webhooks.ts'
import { type HmacSha256, messageOf } from './webhook-message.ts'

export interface DeliverDeps extends TellDeps {
  readonly egress: Egress
  readonly hmacSha256: HmacSha256
  readonly newId: () => string
}

/** After each failed try, until the next; as the Standard Webhooks propose, ms. */
export const retriesMs = [5e3, 300e3, 1800e3, 7200e3, 18000e3, 36000e3, 50400e3, 72000e3, 86400e3] as const
/** A webhook that has failed for so long, without one success, is disabled, ms. */
export const FAILING_MS = 5 * 86_400_000

const TIMEOUT_MS = 15_000
/** Whoever has not said how a try ended by then is taken for dead, ms. */
const LEASE_MS = 60_000
const AT_ONCE = 20
const MOST_ATTEMPTS = 100

/**
 * Tells webhooks what waits to be told and tries each delivery that is due, in any number of processes at once; says how much it found to do.
 * A message is sent at least once, and again only under its id.
 */
export async function deliverDue(deps: DeliverDeps): Promise<number> {
  const told = await tellWebhooks(deps)
  const now = formatInstant(deps.clock.nowMs())
  const until = formatInstant(deps.clock.nowMs() + LEASE_MS)
  const due = { collection: 'webhookDeliveries', index: 'due', equals: ['pending'], limit: AT_ONCE }
  const taken = await deps.documents.claim<StoredDelivery>(due, ({ body }) => (body.nextAt > now ? undefined : { ...body, nextAt: until }))
  await Promise.all(taken.map((delivery) => deliver(deps, delivery)))
  return told + taken.length
}

async function deliver(deps: DeliverDeps, delivery: Stored<StoredDelivery>): Promise<void> {
  const { documents } = deps
  const { path, version, body } = delivery
  const webhook = await documents.get<StoredWebhook>(`webhooks/${body.webhookId}`)
  const person = await findUser(deps, body.userId)
  if (webhook === undefined) await unlessOvertaken(documents, [{ op: 'delete', path, ifVersion: version }])
  // Asked again here: consent may have been withdrawn while it waited.
  else if (webhook.body.status === 'disabled' || person === undefined || !(await mayUse(deps, body.userId, 'dataSharing')))
    await settle(deps, delivery, { ...body, status: 'withheld' })
  else {
    const attempt = await attemptOf(deps, webhook.body, body, person.user.preferences)
    await settle(deps, delivery, afterAttempt(deps, body, attempt))
    await noteHealth(deps, webhook, attempt)
  }
}

async function attemptOf(
  { clock, egress, hmacSha256 }: DeliverDeps,
  { url, secret }: StoredWebhook,
  delivery: StoredDelivery,
  { notificationSettings }: Preferences,
): Promise<DeliveryAttempt> {
  const nowMs = clock.nowMs()
  const at = formatInstant(nowMs)
  const { headers, body } = messageOf(delivery, notificationSettings, { secret, nowMs, hmac: hmacSha256 })
  try {
    const { status } = await egress.send({ method: 'POST', url, headers, body: new TextEncoder().encode(body), timeoutMs: TIMEOUT_MS })
    return { at, status }
  } catch (error) {
    if (error instanceof Problem) return { at, problem: error.detail.slice(0, 500) }
    throw error
  }
}

/** When a try failed, the next comes a little later than it must, so that many do not come at once. */
function afterAttempt({ clock, newId }: DeliverDeps, body: StoredDelivery, attempt: DeliveryAttempt): StoredDelivery {
  const attempts = [...body.attempts, attempt].slice(-MOST_ATTEMPTS)
  const done = { ...body, attempts, tries: body.tries + 1, nextAt: attempt.at }
  if (isDelivered(attempt)) return { ...done, status: 'delivered' }
  const delayMs = retriesMs[body.tries]
  if (delayMs === undefined) return { ...done, status: 'failed' }
  const jitter = Number.parseInt(newId().slice(-4), 16) / 0x10000
  return { ...done, status: 'pending', nextAt: formatInstant(clock.nowMs() + Math.round(delayMs * (1 + jitter / 10))) }
}

function isDelivered({ status = 0 }: DeliveryAttempt): boolean {
  return status >= 200 && status < 300
}

async function settle({ documents }: DeliverDeps, { path, version }: Stored<StoredDelivery>, body: StoredDelivery): Promise<void> {
  await unlessOvertaken(documents, [{ op: 'put', path, body, ifVersion: version }])
}

/** Of several tries at once one is noted; the next says the rest. */
async function noteHealth(
  { documents, clock }: DeliverDeps,
  { path, version, body }: Stored<StoredWebhook>,
  attempt: DeliveryAttempt,
): Promise<void> {
  const { failingSince, ...webhook } = body
  const since = failingSince ?? attempt.at
  const reason = reasonToStop(attempt, clock.nowMs() - Date.parse(since))
  const noted = isDelivered(attempt)
    ? webhook
    : { ...webhook, failingSince: since, ...(reason !== undefined && { status: 'disabled' as const, reason }) }
  if ('failingSince' in noted ? failingSince === undefined || reason !== undefined : failingSince !== undefined)
    await unlessOvertaken(documents, [{ op: 'put', path, body: noted, ifVersion: version }])
}

function reasonToStop({ status }: DeliveryAttempt, failingMs: number): string | undefined {
  if (status === 410) return 'The receiver says it is gone (410).'
  return failingMs >= FAILING_MS ? 'It failed for five days.' : undefined
}
