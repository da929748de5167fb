import type { Noticed } from '../analysis/changes.ts'
import type { Change } from '../model/change.ts'
import { canonicalJson } from '../model/in-order.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'
import { all } from './every.ts'

/** Late data may move a change by less than so many days: it stays the one that was told. */
const SAME_DAYS = 7
const LARGEST_BATCH = 400

/**
 * Keeps what was noticed of a person: what is new is told by its document's coming, what is known stays as it is, and what is not so any more
 * goes. Throws `Problem('conflict')` where another does the same at once: then it is to be done again.
 */
export async function keepChanges(documents: Documents, userId: string, noticed: readonly Noticed[]): Promise<void> {
  const left = new Map((await findChanges({ documents }, userId)).map((stored) => [stored.path, stored]))
  const writes: Write[] = []
  for (const each of noticed) {
    const known = [...left.values()].find(({ body }) => isSame(body, each))
    if (known !== undefined) left.delete(known.path)
    const changeId = known?.body.changeId ?? `${each.kind}_${each.metric}_${each.date.replaceAll('-', '')}`
    const body: Change = { userId, changeId, ...each }
    const path = `users/${userId}/changes/${changeId}`
    if (known === undefined) writes.push({ op: 'put', path, body, ifAbsent: true })
    else if (canonicalJson(known.body) !== canonicalJson(body)) writes.push({ op: 'put', path, body, ifVersion: known.version })
  }
  // What goes leaves its id to what comes.
  const gone = [...left.values()].map(({ path, version }): Write => ({ op: 'delete', path, ifVersion: version }))
  const ordered = [...gone, ...writes]
  for (let from = 0; from < ordered.length; from += LARGEST_BATCH) await documents.batch(ordered.slice(from, from + LARGEST_BATCH))
}

/** By date; of a range with both ends. */
export async function findChanges(
  { documents }: { readonly documents: Documents },
  userId: string,
  { from = '', to = '9999-12-31' }: { readonly from?: string | undefined; readonly to?: string | undefined } = {},
): Promise<Stored<Change>[]> {
  const found = await all<Change>(documents, { collection: 'changes', parent: `users/${userId}`, index: 'date', equals: [userId] })
  return found.filter(({ body }) => body.date >= from && body.date <= to)
}

function isSame(known: Change, { kind, metric, date }: Noticed): boolean {
  if (known.kind !== kind || known.metric !== metric) return false
  return Math.abs(Date.parse(known.date) - Date.parse(date)) < SAME_DAYS * 86_400_000
}
