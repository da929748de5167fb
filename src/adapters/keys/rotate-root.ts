import { dirname } from 'node:path'
import { Problem } from '../../model/problem.ts'
import type { FailpointOptions } from '../failpoints.ts'
import { lockStore } from '../store-lock.ts'
import { everyRow, isDestroyed, type KeyRows, type WrappedRow } from './key-rows.ts'
import { contextOf, prove, turnToNewest } from './keys-over.ts'
import { type KeysPlace, openKeyRows } from './open-keys.ts'
import { newRootKey, openRootFile, readRootFile, replaceRootFile, rootIdOf } from './root-file.ts'
import type { RootKey } from './root-key.ts'

/**
 * Wraps everybody's keys with a new root key, beside whoever uses them: the file holds both until it is done. Killed anywhere, the same call
 * goes on; a file with two keys, the newer first, is taken as begun. Gives how many people's keys were wrapped anew. Throws
 * `Problem('store_in_use')` while another process does it, `wrong_root_key` where there is none.
 */
export async function rotateRoot({ keys, rootKey }: KeysPlace, options: FailpointOptions = {}): Promise<number> {
  await using _ = await lockStore(dirname(rootKey), { command: 'clarity keys rotate-root' })
  await using rows = await openKeyRows(keys, options)
  const store = await rows.store()
  const [newest, ...older] = readRootFile(rootKey) ?? []
  if (store === undefined || newest === undefined) throw new Problem('wrong_root_key', 'There are no keys yet that a root key wraps.')
  const root = openRootFile(rootKey)
  await prove(root, store)

  const next = older.length === 0 ? newRootKey() : newest
  if (older.length === 0) await replaceRootFile(rootKey, [next, newest], options)
  await turnToNewest(rows, root)
  const count = await wrapAll(rows, root, { storeId: store.id, by: rootIdOf(next) })
  await replaceRootFile(rootKey, [next], options)
  return count
}

interface Turning {
  readonly storeId: string
  /** The new root key. */
  readonly by: string
}

/** What is made from now on is wrapped with the new one, so that one look at each is enough. */
async function wrapAll(rows: KeyRows, root: RootKey, turning: Turning): Promise<number> {
  let count = 0
  for await (const row of everyRow(rows)) if (!isDestroyed(row) && (await wrapAnew(rows, root, turning, row))) count++
  return count
}

/** False where there was nothing to do. */
async function wrapAnew(rows: KeyRows, root: RootKey, turning: Turning, row: WrappedRow): Promise<boolean> {
  const { person, userId, revision, wrapped } = row
  if (wrapped.by === turning.by) return false
  const context = contextOf(turning.storeId, userId)
  const anew = await root.wrap(await root.unwrap(wrapped, context), context)
  if (await rows.put({ ...row, revision: revision + 1, wrapped: anew })) return true
  const now = await rows.of(person)
  return now !== undefined && !isDestroyed(now) && wrapAnew(rows, root, turning, now)
}
