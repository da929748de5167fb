import type { EventType } from '../model/event.ts'
import { nothingThere } from '../model/nothing-there.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import { everybody, type StoredDelivery, type StoredWebhook } from '../model/webhook.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import type { Egress } from '../ports/egress.ts'
import type { Timer } from '../ports/timer.ts'
import { putVersioned } from './versions.ts'
import { secretOf } from './webhook-message.ts'

export interface WebhookDeps {
  readonly documents: Documents
  readonly clock: Clock
  readonly egress: Egress
  /** A new key in base64, of 32 bytes. */
  readonly newWebhookKey: () => string
}

/** Of one person, or of everybody. */
export const MOST_WEBHOOKS = 20
const SEEN_MS = 1000

/** Whether anybody has a webhook, as it was at most a second ago: a new one is told from then on. */
export function watchWebhooks({ documents, timer }: { readonly documents: Documents; readonly timer: Timer }): () => Promise<boolean> {
  let seen: { readonly sinceMs: number; readonly found: Promise<boolean> } | undefined
  return () => {
    const nowMs = timer.elapsedMs()
    if (seen === undefined || nowMs - seen.sinceMs >= SEEN_MS) {
      const found = documents.list({ collection: 'webhooks', limit: 1 }).then(({ data }) => data.length > 0)
      seen = { sinceMs: nowMs, found }
      // What failed is asked again by the next, at once.
      found.catch(() => {
        seen = undefined
      })
    }
    return seen.found
  }
}

export interface WantedWebhook {
  readonly url: string
  readonly types?: EventType[] | undefined
}

export interface WebhookRecord {
  readonly version: number
  readonly webhook: StoredWebhook
}

/** The same `webhookId` again gives the first one. Throws `Problem('address_refused')`. */
export async function addWebhook(
  deps: WebhookDeps,
  webhookId: string,
  userId: string | undefined,
  { url, types }: WantedWebhook,
): Promise<WebhookRecord> {
  const path = `webhooks/${webhookId}`
  const kept = await deps.documents.get<StoredWebhook>(path)
  if (kept !== undefined) return recordOf(kept)
  await deps.egress.check(url)
  const audience = userId ?? everybody
  if ((await webhooksOf(deps, audience)).length >= MOST_WEBHOOKS)
    throw new Problem('too_many_items', `There are ${MOST_WEBHOOKS} webhooks already: remove one first.`)
  const webhook: StoredWebhook = {
    webhookId,
    audience,
    ...(userId !== undefined && { userId }),
    url,
    ...(types !== undefined && { types }),
    secret: secretOf(deps.newWebhookKey()),
    status: 'active',
    createdAt: formatInstant(deps.clock.nowMs()),
  }
  await deps.documents.batch([{ op: 'put', path, body: webhook, ifAbsent: true }])
  return { version: 1, webhook }
}

/** At most so many as there may be. */
export async function webhooksOf({ documents }: Pick<WebhookDeps, 'documents'>, audience: string): Promise<StoredWebhook[]> {
  const query = { collection: 'webhooks', index: 'audience', equals: [audience], limit: 2 * MOST_WEBHOOKS }
  return (await documents.list<StoredWebhook>(query)).data.map(({ body }) => body)
}

/** `userId` is whose it must be; undefined where it may be anybody's. Throws `Problem('not_found')`. */
export async function requireWebhook(
  { documents }: Pick<WebhookDeps, 'documents'>,
  webhookId: string,
  userId: string | undefined,
): Promise<WebhookRecord> {
  const found = await documents.get<StoredWebhook>(`webhooks/${webhookId}`)
  return recordOf(requireOwn(found, userId))
}

export interface WebhookChange extends WantedWebhook {
  readonly status: StoredWebhook['status']
}

/** Set to `active` it begins anew, whatever failed before. */
export async function changeWebhook(
  deps: WebhookDeps,
  webhookId: string,
  userId: string | undefined,
  { url, types, status }: WebhookChange,
  ifVersion?: number,
): Promise<WebhookRecord> {
  await requireWebhook(deps, webhookId, userId)
  await deps.egress.check(url)
  const change = (stored: Stored<StoredWebhook> | undefined) => {
    const { types: _, reason: __, failingSince: ___, ...rest } = requireOwn(stored, userId).body
    return { body: { ...rest, url, status, ...(types !== undefined && { types }) } }
  }
  const { version, body } = await putVersioned<StoredWebhook, StoredWebhook>(deps.documents, `webhooks/${webhookId}`, change, ifVersion)
  return { version, webhook: body }
}

/** With all its deliveries. Throws `Problem('not_found')`. */
export async function removeWebhook(
  { documents }: Pick<WebhookDeps, 'documents'>,
  webhookId: string,
  userId: string | undefined,
): Promise<void> {
  await requireWebhook({ documents }, webhookId, userId)
  const path = `webhooks/${webhookId}`
  // Whose deliveries are, the webhook says: it goes last. One that is made meanwhile goes when it is due.
  for (;;) {
    const { data } = await documents.list({ collection: 'webhookDeliveries', parent: path, limit: 500 })
    if (data.length === 0) break
    await documents.batch(data.map((delivery) => ({ op: 'delete', path: delivery.path })))
  }
  await documents.batch([{ op: 'delete', path }])
}

/** Sends a message again, from the first try on. Throws `Problem('not_found')`. */
export async function replayDelivery(
  deps: Pick<WebhookDeps, 'documents' | 'clock'>,
  webhookId: string,
  deliveryId: string,
  userId: string | undefined,
): Promise<StoredDelivery> {
  await requireWebhook(deps, webhookId, userId)
  const path = `webhooks/${webhookId}/deliveries/${deliveryId}`
  const { body } = await putVersioned<StoredDelivery, StoredDelivery>(deps.documents, path, (stored) => {
    if (stored === undefined) throw nothingThere()
    return { body: { ...stored.body, status: 'pending', tries: 0, nextAt: formatInstant(deps.clock.nowMs()) } }
  })
  return body
}

function requireOwn(found: Stored<StoredWebhook> | undefined, userId: string | undefined): Stored<StoredWebhook> {
  if (found === undefined || (userId !== undefined && found.body.userId !== userId)) throw nothingThere()
  return found
}

function recordOf({ version, body }: Stored<StoredWebhook>): WebhookRecord {
  return { version, webhook: body }
}
