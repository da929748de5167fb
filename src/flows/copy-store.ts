import { collectionNames } from '../model/collections.ts'
import { Problem } from '../model/problem.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents } from '../ports/documents.ts'
import { copyObjects, planObjects } from './copy-objects.ts'
import { differences } from './differences.ts'
import { beginFilling, documentsOf, endFilling, fillCollection, refuseUnfinished, type Stores } from './fill-store.ts'
import { findStrays } from './find-strays.ts'
import { everyNamedObject } from './named-objects.ts'
import { type ReplayDeps, replayErasures } from './replay-erasures.ts'
import { verifyObjects } from './verify-store.ts'

export interface CopyDeps {
  /** The documents of one moment, for as long as they are open. */
  readonly snapshot: () => Promise<Documents & AsyncDisposable>
  readonly blobs: Blobs
  readonly to: Stores
  /** What a copy that was cut off is known by when it goes on. */
  readonly source: string
  /** Absent: who was erased is known by the store alone. */
  readonly replay?: ReplayDeps
}

export interface CopyReport {
  readonly documents: number
  readonly objects: number
  readonly bytes: number
  /** Keys that documents name and that were not there, or not as the documents say. */
  readonly lost: readonly string[]
}

const ATTEMPTS = 10

/**
 * Copies the documents of one moment and every object that they name into an empty store of any kind, and holds the two against each other.
 * Until then the second is marked as half filled; killed, the same call goes on. Throws `Problem`.
 */
export async function copyStore(deps: CopyDeps, onProgress?: (bytes: number, total: number) => void): Promise<CopyReport> {
  const { to, source } = deps
  await beginFilling(to, source)
  let bytes = 0
  let lost: readonly string[] = []
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const brought = await bringMoment(deps, lost, onProgress)
    bytes += brought.bytes
    lost = brought.lost
    if (brought.documents === undefined) continue
    if (deps.replay !== undefined) await replayErasures(to, deps.replay)
    await findStrays(to, true)
    await endFilling(to)
    return { documents: brought.documents, objects: brought.objects, bytes, lost }
  }
  throw new Problem('unavailable', 'The store changes faster than it can be copied; the same command goes on where this one ended.')
}

interface Brought extends Omit<CopyReport, 'documents'> {
  /** Absent where another moment must be taken. */
  readonly documents?: number
}

/** As a backup does it: objects first, then the documents of a moment at which all of them could be had. */
async function bringMoment(
  { snapshot, blobs, to }: CopyDeps,
  before: readonly string[],
  onProgress?: (bytes: number, total: number) => void,
): Promise<Brought> {
  await using stack = new AsyncDisposableStack()
  const documents = stack.use(await snapshot())
  await refuseUnfinished({ documents })
  // An object never changes under its key: one that is there and as long is not copied again. What arrived is read at the end.
  const isThere = async (key: string) => {
    const [here, there] = await Promise.all([blobs.head(key), to.blobs.head(key)])
    return there !== undefined && (here === undefined || here.length === there.length)
  }
  const from = { blobs, folder: '' }
  const { named, wanted, gone, bytes, isMuch } = await planObjects(everyNamedObject(documents), from, isThere)
  if (isMuch) await stack.disposeAsync()
  const missed = await copyObjects(wanted, from, { blobs: to.blobs, folder: '' }, { onProgress: (done) => onProgress?.(done, bytes) })
  if (isMuch) return { bytes, objects: 0, lost: [] }
  const lost = [...gone, ...missed].sort()
  const objects = named.size - lost.length
  if (lost.length > 0 && lost.join() !== before.join()) return { bytes, objects, lost }
  let count = 0
  for (const name of collectionNames) await fillCollection(to.documents, name, documentsOf(documents, name), () => ++count)
  await requireSame(documents, to, lost)
  return { bytes, objects, lost, documents: count }
}

async function requireSame(documents: Documents, to: Stores, lost: readonly string[]): Promise<void> {
  for (const name of collectionNames)
    for await (const { path } of differences(documentsOf(documents, name), documentsOf(to.documents, name)))
      throw new Problem('storage_corrupt', `${path} arrived other than it left.`)
  const { missing, damaged } = await verifyObjects(to)
  const bad = [...missing, ...damaged].find((key) => !lost.includes(key))
  if (bad !== undefined) throw new Problem('storage_corrupt', `${bad} arrived other than it left.`)
}
