import { type CollectionName, placeOf } from '../model/collections.ts'
import type { Erasure } from '../model/erasure.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Stored, Write } from '../ports/documents.ts'
import type { Keys } from '../ports/keys.ts'
import { every } from './every.ts'
import { documentsOf, type Stores } from './fill-store.ts'
import { ownerOfKey, personalFolders } from './guarded-stores.ts'
import { everyPersonalDocument, personalCollections } from './personal-documents.ts'
import type { Tombstones } from './tombstones.ts'

export interface ReplayDeps {
  /** Lies apart from the data: it knows who was erased, also where a backup of before does not. */
  readonly keys: Keys
  readonly tombstones: Tombstones
  readonly clock: Clock
}

const BATCH = 400

/** Takes out of a store that was just filled whoever was erased since it was copied, before anybody sees it. Says how many people that were. */
export async function replayErasures(stores: Stores, deps: ReplayDeps): Promise<number> {
  const people = await peopleIn(stores)
  let erased = 0
  for (const userId of people) {
    if (!(await isDestroyed(deps.keys, userId))) continue
    await entomb(stores, deps, userId)
    await remove(stores, userId)
    erased += 1
  }
  return erased
}

/** Everybody of whom there is a document or object anywhere: a class of an older moment may hold some of who is in no other. */
async function peopleIn({ documents, blobs }: Stores): Promise<Set<string>> {
  const people = new Set<string>()
  for (const collection of personalCollections)
    for await (const found of documentsOf(documents, collection)) for (const userId of ownerIn(found)) people.add(userId)
  for (const folder of personalFolders)
    for await (const { key } of blobs.list(`${folder}/`)) for (const userId of ownerOfKey(key)) people.add(userId)
  return people
}

function ownerIn({ path, body }: Stored<object>): string[] {
  const said = placeOf(path).ids.userId ?? (body as { readonly userId?: unknown }).userId
  return typeof said === 'string' ? [said] : []
}

async function isDestroyed(keys: Keys, userId: string): Promise<boolean> {
  try {
    await keys.of(userId)
    return false
  } catch (error) {
    if (error instanceof Problem && error.code === 'erased') return true
    throw error
  }
}

async function entomb({ documents }: Stores, { tombstones, clock }: ReplayDeps, userId: string): Promise<void> {
  const path = await tombstones.pathOf(userId)
  if ((await documents.get(path)) !== undefined) return
  const body: Erasure = { erasureId: path.slice('erasures/'.length), status: 'replayed', requestedAt: formatInstant(clock.nowMs()) }
  await documents.batch([{ op: 'put', path, body, ifAbsent: true }])
}

async function remove({ documents, blobs }: Stores, userId: string): Promise<void> {
  let deletes: Write[] = []
  for await (const { path } of everyPersonalDocument(documents, userId)) {
    deletes.push({ op: 'delete', path })
    if (deletes.length < BATCH) continue
    await documents.batch(deletes)
    deletes = []
  }
  if (deletes.length > 0) await documents.batch(deletes)
  for (const folder of personalFolders) for await (const { key } of blobs.list(`${folder}/${userId}/`)) await blobs.delete(key)
  await forgetGrantee({ documents, blobs }, userId)
}

async function forgetGrantee({ documents }: Stores, userId: string): Promise<void> {
  const query = { collection: 'permissions' satisfies CollectionName, index: 'grantee', equals: [userId] }
  for await (const { path } of every(documents, query)) await documents.batch([{ op: 'delete', path }])
}
