import { type BackupClass, type BackupCollection, type BackupManifest, backupClasses, backupEveryMs } from '../model/backup.ts'
import { type CollectionName, collectionNames, collections } from '../model/collections.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { fileOf, runName } from './backup-files.ts'
import { toLines } from './document-lines.ts'
import { every } from './every.ts'
import { isMarker } from './fill-store.ts'

/**
 * In an order that loses no work where the store cannot be held still while it is read: sessions, then the jobs that they make, then what
 * the jobs make. A session that was read had its job before; and a job that is gone when it is read has left its day and insight behind.
 */
export function collectionsOf(classes: readonly BackupClass[]): CollectionName[] {
  return backupClasses.filter((name) => classes.includes(name)).flatMap((name) => collectionNames.filter((each) => classOf(each) === name))
}

function classOf(name: CollectionName): BackupClass {
  return collections[name].retention ?? 'unclassified'
}

/** The collections that a backup holds, in the order of taking them. */
export function collectionsIn({ collections: taken }: Pick<BackupManifest, 'collections'>): [CollectionName, BackupCollection][] {
  return collectionsOf(backupClasses).flatMap((name): [CollectionName, BackupCollection][] => {
    const entry = taken[name]
    return entry ? [[name, entry]] : []
  })
}

/** The classes that are older than the specification lets them become; all of them where there is no backup yet. */
export function dueClasses(manifest: BackupManifest | undefined, nowMs: number): BackupClass[] {
  return backupClasses.filter((name) =>
    collectionsOf([name]).some((each) => {
      const takenAt = manifest?.collections[each]?.takenAt
      return takenAt === undefined || nowMs - Temporal.Instant.from(takenAt).epochMilliseconds >= backupEveryMs(name)
    }),
  )
}

/** Writes the collections as they are in `documents`, one file each. */
export async function takeDocuments(
  documents: Documents,
  backup: Blobs,
  { run, takenAt, names }: { readonly run: number; readonly takenAt: string; readonly names: readonly CollectionName[] },
): Promise<BackupManifest['collections']> {
  const taken: Partial<Record<CollectionName, BackupCollection>> = {}
  for (const name of names) {
    let count = 0
    const file = await backup.putStream(
      `documents/${runName(run)}/${name}.ndjson`,
      toLines(counted(every<object>(documents, { collection: name }), () => count++)),
    )
    taken[name] = { takenAt, documents: count, file: fileOf(file) }
  }
  return taken
}

async function* counted(documents: AsyncIterable<Stored<object>>, onEach: () => void): AsyncGenerator<Stored<object>> {
  for await (const document of documents) {
    if (isMarker(document.path)) continue
    onEach()
    yield document
  }
}
