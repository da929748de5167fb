import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../../model/problem.ts'
import type { Keys } from '../../ports/keys.ts'
import type { FailpointOptions } from '../failpoints.ts'
import type { KeyRows } from './key-rows.ts'
import { openKeysOver } from './keys-over.ts'
import { makeRootFile, openRootFile, readRootFile } from './root-file.ts'
import { openSqliteKeyRows } from './sqlite-rows.ts'

export interface KeysPlace {
  /** `file:FOLDER` or `postgres://…`: where wrapped keys lie. */
  readonly keys: string
  /** The path of the file that holds the root key. */
  readonly rootKey: string
}

export type OpenedKeys = Keys & {
  /** The root key was made just now: nobody has a copy of it. */
  readonly isNewRoot: boolean
}

export interface OpenKeysOptions extends FailpointOptions {
  /** Absent: yes. */
  readonly mayBegin?: boolean
}

/**
 * Keys in a store of their own, apart from the data. A root key is made where there is neither one nor a key that one wrapped. Throws
 * `Problem('wrong_root_key')` for another root key than the store's, and where it is gone.
 */
export async function openKeys({ keys, rootKey }: KeysPlace, options: OpenKeysOptions = {}): Promise<OpenedKeys> {
  const { mayBegin = true } = options
  if (!mayBegin && (readRootFile(rootKey) === undefined || (keys.startsWith('file:') && !existsSync(fileOf(keys))))) throw noneThere()
  await using opened = new AsyncDisposableStack()
  const rows = opened.use(await openKeyRows(keys, options))
  if (!mayBegin && (await rows.store()) === undefined) throw noneThere()
  const isNewRoot = await ensureRoot(rows, rootKey, options)
  const ring = await openKeysOver(rows, openRootFile(rootKey), options)
  opened.move()
  return { ...ring, isNewRoot }
}

export async function openKeyRows(keys: string, options: FailpointOptions = {}): Promise<KeyRows> {
  if (keys.startsWith('file:')) return openSqliteKeyRows(fileOf(keys), options)
  return (await import('./postgres-rows.ts')).openPostgresKeyRows(keys, options)
}

function fileOf(keys: string): string {
  return join(keys.slice('file:'.length), 'keys.db')
}

function noneThere(): Problem {
  return new Problem('wrong_root_key', 'The keys are not there: bring back the root key, and the keys with clarity keys restore.')
}

async function ensureRoot(rows: KeyRows, path: string, options: FailpointOptions): Promise<boolean> {
  if (readRootFile(path) !== undefined) return false
  if ((await rows.store()) !== undefined)
    throw new Problem('wrong_root_key', `The root key at ${path} is gone, and there are keys that only it opens.`)
  return makeRootFile(path, options)
}
