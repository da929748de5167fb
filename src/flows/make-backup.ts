import { type BackupClass, type BackupManifest, backupClasses } from '../model/backup.ts'
import type { CollectionName } from '../model/collections.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { backupFolders, objectsFolder, objectsNamedBy, readManifest, writeManifest, writeMark } from './backup-files.ts'
import { checkObject, copyObjects, planObjects, type Shelf } from './copy-objects.ts'
import { every } from './every.ts'
import { refuseUnfinished } from './fill-store.ts'
import { type KnownObjects, openKnownObjects } from './known-objects.ts'
import { type NamedObject, namingCollections, objectsNamedIn } from './named-objects.ts'
import { collectionsOf, dueClasses, takeDocuments } from './take-documents.ts'

/** Where from and where to. */
export interface BackupPlace {
  /** The documents of one moment, for as long as they are open. */
  readonly snapshot: () => Promise<Documents & AsyncDisposable>
  /** Where the backup lies. Nobody else may write there meanwhile. */
  readonly backup: Blobs
  /** Which kind of store the documents come from. */
  readonly engine: string
  /** Throws `Problem('storage_full')` unless there is room for so many bytes more. */
  readonly requireRoom: (bytes: number) => Promise<void>
}

/** Opens the place of this name, held until it is disposed. Throws `Problem`, `store_in_use` among them. */
export type OpenBackupPlace = (destination: string) => Promise<BackupPlace & AsyncDisposable>

export interface BackupDeps extends BackupPlace {
  readonly blobs: Blobs
  readonly clock: Clock
}

export interface BackupRequest {
  /** What to take; `due`: what is older than the specification lets it become. All of it unless said. The rest stays as it was. */
  readonly classes?: readonly BackupClass[] | 'due'
  /** Reads the objects that the backup holds already, and copies anew those that are damaged. */
  readonly verify?: boolean
  /** Bytes of objects. */
  readonly onProgress?: (done: number, total: number) => void
}

export interface BackupReport extends BackupManifest {
  readonly classes: readonly BackupClass[]
  readonly copied: { readonly objects: number; readonly bytes: number }
  /** There was a backup before, and it was damaged: everything was taken anew. */
  readonly wasDamaged: boolean
}

/** How often documents are taken again because objects went away while they were copied. */
const ATTEMPTS = 10

/**
 * Takes the documents of one moment, and every object that they name. An object that is gone when it is to be copied was replaced by a
 * document of a later moment: then a later moment is taken, and only what is new is copied; what is named and gone twice is lost, and said
 * to be. The manifest comes last: until then the backup is the one before, whole. Killed anywhere, it can be called again. Throws `Problem`.
 */
export async function makeBackup(deps: BackupDeps, request: BackupRequest = {}): Promise<BackupReport> {
  const startedMs = deps.clock.nowMs()
  const begun = await begin(deps.backup, request)
  const { previous, known, run, wasDamaged } = begun
  const classes = request.classes === 'due' ? dueClasses(previous, startedMs) : (request.classes ?? backupClasses)
  const copied = new Map<string, number>()
  let lost: readonly string[] = []
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const taken = await takeMoment(deps, begun, { names: collectionsOf(classes), copied, lost, onProgress: request.onProgress })
    lost = taken.lost
    if (taken.collections === undefined) continue
    const collections = { ...previous?.collections, ...taken.collections }
    const objects = await known.writeList(taken.named)
    const manifest = { run, createdAt: formatInstant(startedMs), engine: deps.engine, collections, objects, lost: [...lost] }
    await publish(deps.backup, manifest, taken.named)
    const bytes = [...copied.values()].reduce((sum, length) => sum + length, 0)
    return { ...manifest, classes, copied: { objects: copied.size, bytes }, wasDamaged }
  }
  throw new Problem('unavailable', 'The store changes faster than it can be copied; what was copied is kept for the next time.')
}

interface Beginning {
  readonly previous?: BackupManifest
  readonly known: KnownObjects
  readonly run: number
  readonly wasDamaged: boolean
}

/** A damaged backup is no reason not to make one, unless parts of it would have to be carried over. */
async function begin(backup: Blobs, { classes, verify }: BackupRequest): Promise<Beginning> {
  try {
    const previous = await readManifest(backup)
    const run = previous.run + 1
    return { previous, run, known: await openKnownObjects(backup, { previous, run, verify }), wasDamaged: false }
  } catch (error) {
    if (!(error instanceof Problem && ['not_found', 'storage_corrupt'].includes(error.code))) throw error
    const wasDamaged = error.code === 'storage_corrupt'
    if (wasDamaged && Array.isArray(classes)) throw error
    await writeMark(backup, null)
    return { run: 1, known: await openKnownObjects(backup, { run: 1, verify }), wasDamaged }
  }
}

interface Moment {
  readonly names: readonly CollectionName[]
  /** What this run has brought so far, by key, in bytes. */
  readonly copied: Map<string, number>
  /** What was not to be had at the moment before. */
  readonly lost: readonly string[]
  readonly onProgress: BackupRequest['onProgress']
}

interface Taken {
  readonly named: ReadonlySet<string>
  /** Keys that documents name and that are gone, or not what they say. */
  readonly lost: readonly string[]
  /** Absent where another moment must be taken. */
  readonly collections?: BackupManifest['collections']
}

async function takeMoment(deps: BackupDeps, begun: Beginning, { names, copied, lost, onProgress }: Moment): Promise<Taken> {
  const { blobs, backup, requireRoom, clock } = deps
  const { run, known } = begun
  await using stack = new AsyncDisposableStack()
  const documents = stack.use(await deps.snapshot())
  const takenAt = formatInstant(clock.nowMs())
  await refuseUnfinished({ documents })
  const shelf = { blobs, folder: '' }
  const { named, wanted, gone, bytes, isMuch } = await planObjects(namedBy(documents, backup, names, begun), shelf, known.isThere)
  await requireRoom(bytes)
  if (isMuch) await stack.disposeAsync()
  const missed = await copyObjects(wanted, shelf, shelfOf(backup), {
    onCopied: async (stored) => {
      for (const { key, length } of stored) copied.set(key, length)
      await known.add(stored)
    },
    onProgress: (done) => onProgress?.(done, bytes),
  })
  if (isMuch) return { named, lost: [] }
  const damaged = await damagedRanges(backup, namedBy(documents, backup, names, begun), copied)
  const failed = [...new Set([...gone, ...missed, ...damaged])].sort()
  if (failed.length > 0 && failed.join() !== lost.join()) return { named, lost: failed }
  return { named, lost: failed, collections: await takeDocuments(documents, backup, { run, takenAt, names }) }
}

function shelfOf(backup: Blobs): Shelf {
  return { blobs: backup, folder: objectsFolder }
}

/** What is taken now names what it names now; what is carried over, what it named when it was taken. */
async function* namedBy(
  documents: Documents,
  backup: Blobs,
  names: readonly CollectionName[],
  { previous }: Pick<Beginning, 'previous'>,
): AsyncGenerator<NamedObject> {
  for (const collection of namingCollections) {
    if (names.includes(collection)) yield* objectsNamedIn(collection, every(documents, { collection }))
    else if (previous) yield* objectsNamedBy(backup, previous.collections, [collection])
  }
}

/** Of an object that several documents share only its parts have a checksum: they are read where they arrived. */
async function damagedRanges(backup: Blobs, named: AsyncIterable<NamedObject>, copied: ReadonlyMap<string, number>): Promise<string[]> {
  const damaged: string[] = []
  for await (const object of named)
    if (object.range !== undefined && copied.has(object.key) && (await checkObject(shelfOf(backup), object)) !== 'whole')
      damaged.push(object.key)
  return damaged
}

/** Only what the new manifest does not name goes, and only when that is durable. */
async function publish(backup: Blobs, manifest: BackupManifest, named: ReadonlySet<string>): Promise<void> {
  const file = await writeManifest(backup, manifest)
  await writeMark(backup, file)
  const files = new Set([file.key, manifest.objects.list.key, ...Object.values(manifest.collections).map((entry) => entry.file.key)])
  for (const folder of backupFolders) {
    for await (const { key } of backup.list(folder)) {
      if (folder === objectsFolder ? named.has(key.slice(folder.length)) : files.has(key)) continue
      await backup.delete(key)
    }
  }
}
