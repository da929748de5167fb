import { EVENTS_KEPT_MS } from '../model/event.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, ListQuery } from '../ports/documents.ts'

/** Deliveries that are over can be looked at and sent again for so long, ms. */
const DELIVERIES_KEPT_MS = 30 * 86_400_000

export interface TidyDeps {
  readonly documents: Documents
  readonly clock: Clock
}

/** Deletes events and deliveries that are kept no longer; says how many. */
export async function tidyFeed({ documents, clock }: TidyDeps): Promise<number> {
  const nowMs = clock.nowMs()
  const from = ''
  const settled = { collection: 'webhookDeliveries', index: 'due', from, to: formatInstant(nowMs - DELIVERIES_KEPT_MS) }
  const old: Omit<ListQuery, 'limit'>[] = [
    { collection: 'events', index: 'at', from, to: formatInstant(nowMs - EVENTS_KEPT_MS) },
    ...['delivered', 'failed', 'withheld'].map((status) => ({ ...settled, equals: [status] })),
  ]
  let deleted = 0
  for (const query of old) deleted += await deleteAll(documents, query)
  return deleted
}

async function deleteAll(documents: Documents, query: Omit<ListQuery, 'limit'>): Promise<number> {
  for (let deleted = 0; ; ) {
    const { data } = await documents.list({ ...query, limit: 500 })
    if (data.length === 0) return deleted
    await documents.batch(data.map(({ path }) => ({ op: 'delete', path })))
    deleted += data.length
  }
}
