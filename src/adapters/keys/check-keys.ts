import { Problem } from '../../model/problem.ts'
import { everyRow, isDestroyed, type WrappedRow } from './key-rows.ts'
import { contextOf, prove } from './keys-over.ts'
import { type KeysPlace, openKeyRows } from './open-keys.ts'
import { openRootFile } from './root-file.ts'
import type { RootKey } from './root-key.ts'

export interface KeysReport {
  /** Whose keys the root key opens. */
  readonly people: number
  readonly destroyed: number
  /** Whose keys it does not open. */
  readonly lost: readonly string[]
}

/** Opens everybody's keys. Throws `Problem('wrong_root_key')` where the root key is not the store's. */
export async function checkKeys({ keys, rootKey }: KeysPlace): Promise<KeysReport> {
  await using rows = await openKeyRows(keys)
  const root = openRootFile(rootKey)
  const store = await rows.store()
  if (store === undefined) return { people: 0, destroyed: 0, lost: [] }
  await prove(root, store)
  let [people, destroyed] = [0, 0]
  const lost: string[] = []
  for await (const row of everyRow(rows)) {
    if (isDestroyed(row)) destroyed++
    else if (await opens(root, store.id, row)) people++
    else lost.push(row.userId)
  }
  return { people, destroyed, lost }
}

async function opens(root: RootKey, storeId: string, { userId, wrapped }: WrappedRow): Promise<boolean> {
  try {
    await root.unwrap(wrapped, contextOf(storeId, userId))
    return true
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}
