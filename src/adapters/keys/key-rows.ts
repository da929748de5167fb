import { createHmac } from 'node:crypto'
import type { Wrapped } from './root-key.ts'

/** A person's keys as they lie, under `personOf`. `revision` starts at 1 and grows by one at each change. */
export interface WrappedRow {
  readonly person: string
  readonly userId: string
  readonly revision: number
  readonly wrapped: Wrapped
}

/** What is left of keys that were destroyed, so that nobody makes new ones under that id: the id itself is not. */
export interface DestroyedRow {
  readonly person: string
  readonly revision: number
  readonly fingerprints: readonly string[]
}

export type KeyRow = WrappedRow | DestroyedRow

export function isDestroyed(row: KeyRow): row is DestroyedRow {
  return 'fingerprints' in row
}

/** The store as a whole: its name, and what only its root key opens. */
export interface StoreRow {
  readonly id: string
  readonly proof: Wrapped
}

/** Where wrapped keys lie. What was acknowledged is durable; each call is atomic. */
export interface KeyRows extends AsyncDisposable {
  store(): Promise<StoreRow | undefined>
  /** Nothing where there is one already. */
  begin(row: StoreRow): Promise<void>
  /** From now on rows are wrapped with the root key of `proof` and no other; nothing unless it is `from` until then. */
  turn(proof: Wrapped, from: string): Promise<void>
  of(person: string): Promise<KeyRow | undefined>
  /**
   * Revision 1 where nothing is, another on the revision before it. False, and nothing changed, where it is otherwise by now, where the keys
   * were destroyed, and where they are wrapped with another root key than the store's.
   */
  put(row: KeyRow): Promise<boolean>
  /** As it was elsewhere, where nothing is; else false. Wrapped with the store's root key. */
  bring(row: KeyRow): Promise<boolean>
  /** In order of `person`, those after `after`; at most 500. */
  page(after: string): Promise<readonly KeyRow[]>
}

/** Under what a person's keys lie in a store: it tells who they are to nobody who does not ask for them by their id. */
export function personOf(storeId: string, userId: string): string {
  return createHmac('sha256', Buffer.from(storeId, 'hex')).update(userId).digest('base64url')
}

/** Everybody's, page by page. */
export async function* everyRow(rows: Pick<KeyRows, 'page'>): AsyncGenerator<KeyRow> {
  for (let page = await rows.page(''); page.length > 0; page = await rows.page(page.at(-1)?.person ?? '')) yield* page
}
