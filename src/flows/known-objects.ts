import { BackupFile, type BackupManifest } from '../model/backup.ts'
import { parseAs } from '../model/parse.ts'
import type { Blobs, Expected, StoredBlob } from '../ports/blobs.ts'
import { fileOf, objectListKey, objectsFolder, objectsIn, partialFolder, runName } from './backup-files.ts'
import { checkObject } from './copy-objects.ts'
import { fromLines, toLines } from './document-lines.ts'

/** What a backup holds of objects, by the keys that documents name. */
export interface KnownObjects {
  /** It is there, as long and with the checksum that it had when it was copied, and that a document may ask for. */
  isThere(key: string, expect: Expected): Promise<boolean>
  add(stored: readonly StoredBlob[]): Promise<void>
  /** Writes the list of those of `named` that are there. */
  writeList(named: ReadonlySet<string>): Promise<BackupManifest['objects']>
}

/** So many copied objects are written down together: a run that is killed copies no more than these again. */
const NOTE = 500

/**
 * What the last whole backup lists, and what was copied since by runs that were killed. With `verify` an object is read before it counts as
 * being there. Throws `Problem('storage_corrupt')` when the list is damaged.
 */
export async function openKnownObjects(
  backup: Blobs,
  { previous, run, verify = false }: { readonly previous?: BackupManifest; readonly run: number; readonly verify?: boolean | undefined },
): Promise<KnownObjects> {
  const known = new Map<string, BackupFile>()
  if (previous) for await (const object of objectsIn(backup, previous)) known.set(object.key, object)
  let notes = 0
  for await (const { key } of backup.list(partialFolder)) {
    notes++
    for await (const line of fromLines(backup.read(key))) {
      const object = parseAs(BackupFile, line, 'line')
      known.set(object.key, object)
    }
  }
  let pending: BackupFile[] = []

  async function isThere(key: string, expect: Expected): Promise<boolean> {
    const object = known.get(key)
    if (object === undefined || (expect.sha256 ?? object.sha256) !== object.sha256) return false
    if (verify) return (await checkObject({ blobs: backup, folder: objectsFolder }, object)) === 'whole'
    return (await backup.head(`${objectsFolder}${key}`))?.length === object.length
  }

  async function add(stored: readonly StoredBlob[]): Promise<void> {
    for (const blob of stored) {
      const object = fileOf(blob)
      known.set(object.key, object)
      pending.push(object)
    }
    if (pending.length < NOTE) return
    await backup.putStream(`${partialFolder}${runName(run)}-${runName(++notes)}.ndjson`, toLines(pending))
    pending = []
  }

  async function writeList(named: ReadonlySet<string>): Promise<BackupManifest['objects']> {
    const objects = [...named].sort().flatMap((key) => known.get(key) ?? [])
    const list = fileOf(await backup.putStream(objectListKey(run), toLines(objects)))
    return { count: objects.length, bytes: objects.reduce((sum, { length }) => sum + length, 0), list }
  }

  return { isThere, add, writeList }
}
