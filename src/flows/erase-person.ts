import type { Grant } from '../model/access.ts'
import type { ApiKey } from '../model/api-key.ts'
import type { CollectionName } from '../model/collections.ts'
import type { Erasing } from '../model/erasure.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import { everyDate } from '../model/user-analytics.ts'
import { TrendType } from '../model/user-trend.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Cache } from '../ports/cache.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'
import type { Keys } from '../ports/keys.ts'
import type { Signer } from '../ports/signer.ts'
import type { Timer } from '../ports/timer.ts'
import type { Warehouse } from '../ports/warehouse.ts'
import { type Account, openAccountOf } from './erasure-account.ts'
import { erasureReceipt } from './erasure-receipt.ts'
import { all } from './every.ts'
import { personalFolders } from './guarded-stores.ts'
import { everyPersonalDocument, personalCollections } from './personal-documents.ts'

export interface ErasePersonDeps {
  /** Without what tells of changes: there is nobody left to be told. */
  readonly documents: Documents
  readonly blobs: Blobs
  readonly warehouse: Warehouse
  readonly cache: Cache
  readonly keys?: Keys | undefined
  readonly signer: Signer
  readonly clock: Clock
  readonly timer: Timer
}

export type EraseStage = 'credentials' | 'keys' | 'documents' | 'objects' | 'figures' | 'looking again'

/** What was under way when the tombstone came is over by then: no call of a store takes longer. */
const SETTLE_MS = 2000
const MOST_PASSES = 10
/** What opens doors, and what works on their data, goes first. */
const doors: readonly CollectionName[] = ['keys', 'jobLogs', 'jobs', 'permissions']

/**
 * Erases a person whose tombstone stands: credentials and jobs, their keys, every document, object, row and cached answer; then looks at all
 * of it again until nothing is there. Killed anywhere it can be called again, by anybody, and counts on. Gives what is to be written once
 * all is gone, the receipt; nothing where that was written already. Throws `Problem`.
 */
export async function erasePerson(deps: ErasePersonDeps, erasureId: string, onStage?: (stage: EraseStage) => void): Promise<Write[]> {
  const account = await openAccountOf(deps, erasureId)
  if (account === undefined) return []
  const { userId } = account.now()
  onStage?.('credentials')
  await removeDocuments(deps, account, doors)
  await forgetGrantee(deps, account)
  onStage?.('keys')
  await destroyKeys(deps, account)
  onStage?.('documents')
  await removeDocuments(deps, account, personalCollections)
  onStage?.('objects')
  await removeObjects(deps, account)
  onStage?.('figures')
  await deps.warehouse.delete({ userId, ...everyDate })
  onStage?.('looking again')
  await deps.timer.wait(SETTLE_MS)
  const rescans = await untilNothingIsLeft(deps, account)
  // Last: to look for what is left also leaves an answer there, that there is nothing.
  await deps.cache.deleteMatching(`{${userId}}`)
  return [account.close(await erasureReceipt(deps, account.now(), rescans))]
}

const BATCH = 200

/** Of what is removed the account says in the same batch how much it was. Returns how many. */
async function removeDocuments({ documents }: ErasePersonDeps, account: Account, among: readonly CollectionName[]): Promise<number> {
  const { userId, erasureId } = account.now()
  let removed = 0
  for (;;) {
    const batch: { readonly collection: CollectionName; readonly write: Write }[] = []
    for await (const found of everyPersonalDocument(documents, userId, among)) {
      batch.push({ collection: found.collection, write: removalOf(found, erasureId) })
      if (batch.length === BATCH) break
    }
    if (batch.length === 0) return removed
    await account.write(
      batch.map(({ write }) => write),
      (counted) => batch.reduce((sum, { collection }) => sum.document(collection), counted),
    )
    removed += batch.length
  }
}

/** What is left of a key says nothing of whose it was: who comes with it is told that all is gone. */
function removalOf({ collection, path, body }: Stored<object> & { readonly collection: CollectionName }, erasureId: string): Write {
  if (collection !== 'keys') return { op: 'delete', path }
  const { userId: _, lastUsedAt: __, ...key } = body as ApiKey
  return { op: 'put', path, body: { ...key, revokedAt: key.revokedAt ?? key.createdAt, erasureId } satisfies ApiKey }
}

/** What others let them see: that somebody was let in stays theirs to know, who it was does not. */
async function forgetGrantee({ documents, clock }: ErasePersonDeps, account: Account): Promise<void> {
  const { userId, erasureId } = account.now()
  const grants = await all<Grant>(documents, { collection: 'permissions', index: 'grantee', equals: [userId] })
  for (const { path, body, version } of grants) {
    const revokedAt = body.revokedAt ?? formatInstant(clock.nowMs())
    await documents.batch([
      { op: 'put', path, body: { ...body, granteeId: `erased_${erasureId.slice(0, 32)}`, revokedAt }, ifVersion: version },
    ])
  }
}

/** Where there were none some are made to be destroyed: the keys' store, which no backup of the data brings back, then knows who is gone. */
async function destroyKeys({ keys }: ErasePersonDeps, account: Account): Promise<void> {
  if (account.now().keyFingerprints !== undefined) return
  const destroyed = keys && ((await keys.destroy(account.now().userId)) ?? (await destroyNew(keys, account.now().userId)))
  await account.write([], (counted) => counted.keys(destroyed?.fingerprints ?? []))
}

async function destroyNew(keys: Keys, userId: string): Promise<undefined> {
  await keys.make(userId)
  await keys.destroy(userId)
}

const AT_ONCE = 16

async function removeObjects({ blobs }: ErasePersonDeps, account: Account): Promise<number> {
  const { userId, isCounted } = account.now()
  const keys: { readonly folder: (typeof personalFolders)[number]; readonly key: string }[] = []
  for (const folder of personalFolders) for await (const { key } of blobs.list(`${folder}/${userId}/`)) keys.push({ folder, key })
  if (!isCounted || keys.length > 0) {
    const counted = isCounted ? [] : keys
    await account.write([], (sum) => counted.reduce((so, { folder }) => so.object(folder), sum.objectsCounted()))
  }
  for (let from = 0; from < keys.length; from += AT_ONCE)
    await Promise.all(keys.slice(from, from + AT_ONCE).map(({ key }) => blobs.delete(key)))
  return keys.length
}

/** Returns how many looks it took. */
async function untilNothingIsLeft(deps: ErasePersonDeps, account: Account): Promise<number> {
  for (let pass = 1; pass <= MOST_PASSES; pass++) {
    const documents = await removeDocuments(deps, account, personalCollections)
    const objects = await removeObjects(deps, account)
    const rows = await removeRows(deps, account.now())
    if (documents + objects + rows === 0) return pass
  }
  throw new Problem('unavailable', 'Something of this account comes back again and again; the job will look again.')
}

async function removeRows({ warehouse }: ErasePersonDeps, { userId }: Erasing): Promise<number> {
  const range = { userId, ...everyDate }
  const trends = await Promise.all(TrendType.options.map((trendType) => warehouse.trends({ ...range, trendType })))
  const rows = [...(await warehouse.analytics(range)), ...trends.flat()].length
  if (rows > 0) await warehouse.delete(range)
  return rows
}
