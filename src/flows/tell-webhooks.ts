import type { StoredEvent } from '../model/event.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import { everybody, type StoredDelivery, type StoredWebhook } from '../model/webhook.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'
import { mayUse } from './consents.ts'
import { webhooksOf } from './webhooks.ts'

export interface TellDeps {
  readonly documents: Documents
  readonly clock: Clock
}

const EVENTS = 100

/** Makes a delivery for each webhook that an event concerns, once whoever does it and how often, and says how many events there were. */
export async function tellWebhooks(deps: TellDeps): Promise<number> {
  const waiting = await deps.documents.list<StoredEvent>({ collection: 'events', index: 'telling', equals: ['waiting'], limit: EVENTS })
  const known = new Map<string, Promise<StoredWebhook[]>>()
  for (const event of waiting.data) await tell(deps, event, known)
  return waiting.data.length
}

async function tell(deps: TellDeps, event: Stored<StoredEvent>, known: Map<string, Promise<StoredWebhook[]>>): Promise<void> {
  const { userId } = event.body
  const webhooks = known.get(userId) ?? activeFor(deps, userId)
  known.set(userId, webhooks)
  const { telling: _, ...told } = event.body
  const deliveries = (await webhooks).flatMap((webhook) => deliveryOf(deps, event, webhook))
  await unlessOvertaken(deps.documents, [{ op: 'put', path: event.path, body: told, ifVersion: event.version }, ...deliveries])
}

/** None of a person who does not share. */
async function activeFor(deps: TellDeps, userId: string): Promise<StoredWebhook[]> {
  const webhooks = [...(await webhooksOf(deps, userId)), ...(await webhooksOf(deps, everybody))].filter(({ status }) => status === 'active')
  return webhooks.length > 0 && (await mayUse(deps, userId, 'dataSharing')) ? webhooks : []
}

function deliveryOf({ clock }: TellDeps, { path, body }: Stored<StoredEvent>, { webhookId, types }: StoredWebhook): Write[] {
  const changes = body.changes.filter(({ type }) => types === undefined || types.includes(type))
  if (changes.length === 0) return []
  const deliveryId = path.slice(path.lastIndexOf('/') + 1)
  const now = formatInstant(clock.nowMs())
  const { userId, at } = body
  const delivery: StoredDelivery = {
    deliveryId,
    webhookId,
    userId,
    status: 'pending',
    createdAt: now,
    nextAt: now,
    attempts: [],
    tries: 0,
    at,
    changes,
  }
  return [{ op: 'put', path: `webhooks/${webhookId}/deliveries/${deliveryId}`, body: delivery, ifAbsent: true }]
}

/** False where another process did this in the meantime. */
export async function unlessOvertaken(documents: Documents, writes: readonly Write[]): Promise<boolean> {
  try {
    await documents.batch(writes)
    return true
  } catch (error) {
    if (error instanceof Problem && error.code === 'conflict') return false
    throw error
  }
}
