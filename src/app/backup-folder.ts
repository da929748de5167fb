import { existsSync, readdirSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { openFileBlobs } from '../adapters/blobs/files.ts'
import { lockStore } from '../adapters/store-lock.ts'
import { Problem } from '../model/problem.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Config } from './config.ts'
import { amount } from './progress.ts'

export type BackupFolder = Blobs & AsyncDisposable

const ours = new Set(['lock.db', 'lock.json', '.tmp'])

/**
 * The folder of a backup, held for this process alone. Throws `Problem`: `not_found` where there is none to read from, `not_empty` for a
 * folder that holds something else, whose files a backup would clear up, `store_in_use` while another process is at it.
 */
export async function openBackupFolder(
  folder: string,
  command: string,
  { data, failpoint, mayBegin }: Config & { readonly mayBegin: boolean },
): Promise<BackupFolder> {
  const home = resolve(folder)
  if (`${home}${sep}`.startsWith(`${data}${sep}`))
    throw new Problem('wrong_use', `${folder} lies in the data folder: a backup belongs elsewhere.`)
  const names = existsSync(home) ? readdirSync(home).filter((name) => !ours.has(name) && name !== 'lost+found') : []
  const isBackup = names.includes('backup.json')
  if (!isBackup && names.length > 0)
    throw new Problem('not_empty', `${folder} holds something that is no backup: ${names.slice(0, 3).join(', ')}.`)
  if (!isBackup && !mayBegin) throw new Problem('not_found', `There is no backup in ${folder}.`)
  await using opened = new AsyncDisposableStack()
  opened.use(await lockStore(home, { command }))
  const blobs = opened.use(openFileBlobs(home, { ...(failpoint && { failpoint }) }))
  const held = opened.move()
  return { ...blobs, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** Throws `Problem('storage_full')` unless the folder's disk has room for so many bytes, and a little more. */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free >= bytes * MARGIN) return
  throw new Problem('storage_full', `${folder} has ${amount(free, 'bytes')} free, and ${amount(bytes * MARGIN, 'bytes')} are needed.`)
}

const MARGIN = 1.05
