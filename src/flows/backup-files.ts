import { BackupFile, BackupManifest, BackupMark } from '../model/backup.ts'
import { type CollectionName, placeOf } from '../model/collections.ts'
import { parseAs } from '../model/parse.ts'
import { Problem } from '../model/problem.ts'
import type { Blobs, StoredBlob } from '../ports/blobs.ts'
import type { Stored } from '../ports/documents.ts'
import { fromLines, toLines } from './document-lines.ts'
import { type NamedObject, type NamingCollection, namingCollections, objectsNamedIn } from './named-objects.ts'

/**
 * A backup, itself a store of objects:
 *
 *     backup.json                           format and, once there is one, the manifest with its checksum
 *     manifests/000003.json                 BackupManifest, with the checksums of the rest
 *     documents/000003/healthSessions.ndjson  {path, version, body} a line, by parent and id
 *     manifests/000003-objects.ndjson       {key, length, sha256} a line
 *     objects/KEY                           the objects under the keys that documents name
 *     partial/…                             what a run has copied so far; gone when it is done
 */
const markKey = 'backup.json'

export const objectsFolder = 'objects/'

export const partialFolder = 'partial/'

/** The folders in which all but the mark lies, in the order of clearing up: what is said of objects goes before them. */
export const backupFolders = [partialFolder, 'documents/', 'manifests/', objectsFolder] as const

export function runName(run: number): string {
  return String(run).padStart(6, '0')
}

/** Undefined where no backup was ever begun. Throws `Problem('storage_corrupt')`. */
export async function readMark(backup: Blobs): Promise<BackupMark | undefined> {
  if ((await backup.head(markKey)) === undefined) return undefined
  const [mark] = await allLines(backup.read(markKey))
  return parsed(() => parseAs(BackupMark, mark, 'backup.json'))
}

/** One step: before it the backup is what it was, after it what the manifest says. */
export async function writeMark(backup: Blobs, manifest: BackupFile | null): Promise<void> {
  const mark: BackupMark = { format: 'clarity-backup-1', manifest }
  await backup.putStream(markKey, toLines([mark]))
}

export function objectListKey(run: number): string {
  return `manifests/${runName(run)}-objects.ndjson`
}

export async function writeManifest(backup: Blobs, manifest: BackupManifest): Promise<BackupFile> {
  return fileOf(await backup.putStream(`manifests/${runName(manifest.run)}.json`, toLines([manifest])))
}

/** Throws `Problem('not_found')` where there is no whole backup, `Problem('storage_corrupt')` where there was one. */
export async function readManifest(backup: Blobs): Promise<BackupManifest> {
  const file = (await readMark(backup))?.manifest
  if (!file) throw new Problem('not_found', 'There is no whole backup here')
  const [manifest] = await allLines(readFile(backup, file))
  return parsed(() => parseAs(BackupManifest, manifest, 'manifest'))
}

export function fileOf({ key, length, sha256 }: StoredBlob): BackupFile {
  return { key, length, sha256 }
}

/** The bytes of a file; throws `Problem('storage_corrupt')`, at the end, when they are not as the backup says. */
export async function* readFile(backup: Blobs, { key, length, sha256 }: BackupFile): AsyncGenerator<Uint8Array> {
  try {
    yield* backup.read(key, { length, sha256 })
  } catch (error) {
    // A damaged mark may name what is no key at all.
    if (!(error instanceof Problem && ['not_found', 'invalid_id'].includes(error.code))) throw error
    throw new Problem('storage_corrupt', `${key} is missing from the backup`, { cause: error })
  }
}

/** The documents of a collection as the backup holds them, by parent and id. */
export async function* documentsIn(backup: Blobs, name: CollectionName, file: BackupFile): AsyncGenerator<Stored<object>> {
  for await (const line of fromLines(readFile(backup, file))) yield parsed(() => documentOf(name, line))
}

function documentOf(name: CollectionName, line: unknown): Stored<object> {
  if (isStored(line) && placeOf(line.path).collection === name) return line
  throw new Problem('storage_corrupt', `A line of ${name} is no document`)
}

function isStored(line: unknown): line is Stored<object> {
  const { path, version, body } = (line ?? {}) as Partial<Stored<object>>
  return typeof path === 'string' && typeof version === 'number' && typeof body === 'object' && body !== null
}

/** Every object, whole. */
export async function* objectsIn(backup: Blobs, { objects }: BackupManifest): AsyncGenerator<BackupFile> {
  for await (const line of fromLines(readFile(backup, objects.list))) yield parsed(() => parseAs(BackupFile, line, 'line'))
}

/** What the documents of these collections of a backup name; an object once for each time that it is named. */
export async function* objectsNamedBy(
  backup: Blobs,
  collections: BackupManifest['collections'],
  names: readonly NamingCollection[] = namingCollections,
): AsyncGenerator<NamedObject> {
  for (const name of names) {
    const { file } = collections[name] ?? {}
    if (file !== undefined) yield* objectsNamedIn(name, documentsIn(backup, name, file))
  }
}

async function allLines(chunks: AsyncIterable<Uint8Array>): Promise<unknown[]> {
  const lines: unknown[] = []
  for await (const line of fromLines(chunks)) lines.push(line)
  return lines
}

/** What does not fit the schema in a file of ours is damage, and nobody's mistake. */
function parsed<T>(parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    throw new Problem('storage_corrupt', 'A file of the backup does not say what it should', { cause })
  }
}
