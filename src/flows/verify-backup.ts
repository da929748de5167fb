import type { BackupManifest } from '../model/backup.ts'
import type { CollectionName } from '../model/collections.ts'
import { Problem } from '../model/problem.ts'
import type { Blobs } from '../ports/blobs.ts'
import { documentsIn, objectsFolder, objectsIn, objectsNamedBy, readManifest } from './backup-files.ts'
import { differences } from './differences.ts'
import { documentsOf, type Stores } from './fill-store.ts'
import { collectionsIn } from './take-documents.ts'
import { checkAll, type ObjectReport } from './verify-store.ts'

export interface BackupState {
  readonly manifest: BackupManifest
  /** Keys of its own files that are missing or not what the manifest says. */
  readonly files: readonly string[]
  readonly objects: ObjectReport
}

/**
 * Reads the whole backup and holds it against its manifest. `onProgress` counts bytes of objects. Throws `Problem('not_found')` where there
 * is no whole backup, `Problem('storage_corrupt')` where not even its manifest can be read.
 */
export async function inspectBackup(backup: Blobs, onProgress?: (done: number, total: number) => void): Promise<BackupState> {
  const manifest = await readManifest(backup)
  const files: string[] = []
  for (const [name, { file, documents }] of collectionsIn(manifest))
    if ((await countOf(documentsIn(backup, name, file))) !== documents) files.push(file.key)
  if (files.length > 0) return { manifest, files, objects: { checked: 0, missing: [], damaged: [] } }
  const listed = new Set<string>()
  let bytes = 0
  try {
    const objects = await checkAll({ blobs: backup, folder: objectsFolder }, objectsIn(backup, manifest), ({ key, length = 0 }) => {
      listed.add(key)
      bytes += length
      onProgress?.(bytes, manifest.objects.bytes)
    })
    return { manifest, files, objects: { ...objects, missing: [...objects.missing, ...(await unlisted(backup, manifest, listed))] } }
  } catch (error) {
    if (!isCorrupt(error)) throw error
    return { manifest, files: [manifest.objects.list.key], objects: { checked: 0, missing: [], damaged: [] } }
  }
}

/** Undefined for a file that is damaged. */
async function countOf(documents: AsyncIterable<unknown>): Promise<number | undefined> {
  try {
    let count = 0
    for await (const _ of documents) count++
    return count
  } catch (error) {
    if (!isCorrupt(error)) throw error
    return undefined
  }
}

/** A damaged list may name what is no key at all. */
function isCorrupt(error: unknown): boolean {
  return error instanceof Problem && ['storage_corrupt', 'invalid_id'].includes(error.code)
}

/** What its documents name and its list does not; what was lost before it was made is not its fault. */
async function unlisted(backup: Blobs, manifest: BackupManifest, listed: ReadonlySet<string>): Promise<string[]> {
  const lost = new Set(manifest.lost)
  const missing = new Set<string>()
  for await (const { key } of objectsNamedBy(backup, manifest.collections)) if (!listed.has(key) && !lost.has(key)) missing.add(key)
  return [...missing]
}

export interface CollectionComparison {
  readonly name: CollectionName
  readonly here: number
  readonly inBackup: number
  /** Documents that are absent, extra, or not the same. */
  readonly different: number
}

/** Holds the store against a backup, document by document; collections that are empty on both sides are left out. */
export async function compareWithBackup(
  { documents }: Pick<Stores, 'documents'>,
  backup: Blobs,
  manifest: BackupManifest,
): Promise<CollectionComparison[]> {
  const compared: CollectionComparison[] = []
  for (const [name, { file, documents: inBackup }] of collectionsIn(manifest)) {
    const counts = { absent: 0, changed: 0, extra: 0 }
    for await (const { kind } of differences(documentsIn(backup, name, file), documentsOf(documents, name))) counts[kind]++
    const here = inBackup - counts.absent + counts.extra
    compared.push({ name, here, inBackup, different: counts.absent + counts.changed + counts.extra })
  }
  return compared.filter(({ here, inBackup }) => here > 0 || inBackup > 0)
}
