import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { BackupPlace } from '../flows/make-backup.ts'
import { Problem } from '../model/problem.ts'
import { openBackupFolder, requireRoom } from './backup-folder.ts'
import type { Config } from './config.ts'
import { openSnapshot, schemeOf, sqlitePath, storesOf } from './stores.ts'

/**
 * A folder that the stores of the settings are copied into, held for this process alone. Throws `Problem`: `not_found` where there is no
 * store, `storage_full` where its documents find no room, and what `openBackupFolder` throws.
 */
export async function openBackupPlace(config: Config, folder: string, command: string): Promise<BackupPlace & AsyncDisposable> {
  const { documents } = storesOf(config)
  requireStore(documents)
  await using opened = new AsyncDisposableStack()
  const backup = opened.use(await openBackupFolder(folder, command, { ...config, mayBegin: true }))
  if (schemeOf(documents) === 'sqlite') await requireRoomForDocuments(sqlitePath(documents), folder)
  const held = opened.move()
  return {
    snapshot: () => openSnapshot(documents),
    backup,
    engine: schemeOf(documents),
    requireRoom: (bytes) => requireRoom(folder, bytes),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

/** For the snapshot beside the store, and for its documents as lines. */
async function requireRoomForDocuments(store: string, folder: string): Promise<void> {
  const { size } = statSync(store)
  await requireRoom(dirname(store), size)
  await requireRoom(folder, size)
}

/** Throws `Problem('not_found')`: to make an empty store in order to copy it helps nobody. */
export function requireStore(documents: string): void {
  if (schemeOf(documents) === 'sqlite' && !existsSync(sqlitePath(documents)))
    throw new Problem('not_found', `There is no store at ${sqlitePath(documents)}.`)
}
