import type { BackupManifest } from '../model/backup.ts'
import type { CollectionName } from '../model/collections.ts'
import { Problem } from '../model/problem.ts'
import type { Blobs } from '../ports/blobs.ts'
import { documentsIn, objectsFolder, objectsIn, readMark } from './backup-files.ts'
import { copyObjects, planObjects } from './copy-objects.ts'
import { beginFilling, endFilling, fillCollection, type Stores } from './fill-store.ts'
import { type ReplayDeps, replayErasures } from './replay-erasures.ts'
import { collectionsIn } from './take-documents.ts'
import { compareWithBackup, inspectBackup } from './verify-backup.ts'
import { verifyObjects } from './verify-store.ts'

export type RestoreStage = 'checking' | 'objects' | 'documents'

export interface RestoreReport {
  readonly manifest: BackupManifest
  /** People of the backup who were erased since: they are not in the store. */
  readonly erased: number
  readonly documents: number
  readonly objects: number
  readonly bytes: number
}

/**
 * Fills an empty store from a backup, of whatever kind both are: every checksum is held against its file before the first write, and the
 * store against the backup after the last; then whoever was erased since goes out again. Until then the store is marked as half filled; killed, the same call goes on. Throws
 * `Problem('not_empty' | 'storage_corrupt' | 'not_found')`.
 */
export async function restoreBackup(
  backup: Blobs,
  stores: Stores,
  onProgress?: (stage: RestoreStage, done: number, total: number) => void,
  replay?: ReplayDeps,
): Promise<RestoreReport> {
  const source = `the backup ${(await readMark(backup))?.manifest?.sha256.slice(0, 16)}`
  const manifest = await requireWhole(backup, (done, total) => onProgress?.('checking', done, total))
  await beginFilling(stores, source)

  const [from, to] = [
    { blobs: backup, folder: objectsFolder },
    { blobs: stores.blobs, folder: '' },
  ]
  const isThere = async (key: string, { length }: { length?: number }) => (await stores.blobs.head(key))?.length === length
  const { wanted, bytes } = await planObjects(objectsIn(backup, manifest), from, isThere)
  await copyObjects(wanted, from, to, { onProgress: (done) => onProgress?.('objects', done, bytes) })

  const total = Object.values(manifest.collections).reduce((sum, { documents }) => sum + documents, 0)
  let done = 0
  for (const [name, { file }] of collectionsIn(manifest))
    await fillCollection(stores.documents, name, documentsIn(backup, name, file), () => onProgress?.('documents', ++done, total))

  await requireSame(backup, stores, manifest)
  // What was erased since is there now, and nobody has seen it: it goes while the store is still marked as half filled.
  const erased = replay === undefined ? 0 : await replayErasures(stores, replay)
  await endFilling(stores)
  return { manifest, erased, documents: total, objects: manifest.objects.count, bytes: manifest.objects.bytes }
}

/** Throws `Problem('storage_corrupt')` naming what is damaged. */
async function requireWhole(backup: Blobs, onProgress: (done: number, total: number) => void): Promise<BackupManifest> {
  const { manifest, files, objects } = await inspectBackup(backup, onProgress)
  const bad = [...files, ...[...objects.missing, ...objects.damaged].map((key) => `${objectsFolder}${key}`)]
  if (bad.length === 0) return manifest
  throw new Problem('storage_corrupt', `The backup is damaged, and nothing was restored: ${examples(bad)}.`)
}

/** What was lost before the backup was made is missing here too, and nothing else. */
async function requireSame(backup: Blobs, stores: Stores, manifest: BackupManifest): Promise<void> {
  const { missing, damaged } = await verifyObjects(stores)
  const bad = [...missing, ...damaged].filter((key) => !manifest.lost.includes(key))
  if (bad.length > 0) throw new Problem('storage_corrupt', `Objects arrived other than they left: ${examples(bad)}.`)
  const different = (await compareWithBackup(stores, backup, manifest)).filter((each) => each.different > 0)
  if (different.length > 0)
    throw new Problem(
      'storage_corrupt',
      `Documents arrived other than they left, in ${different.map(({ name }) => name as CollectionName).join(', ')}.`,
    )
}

export function examples(keys: readonly string[]): string {
  const more = keys.length > 3 ? ` and ${keys.length - 3} more` : ''
  return `${keys.slice(0, 3).join(', ')}${more}`
}
