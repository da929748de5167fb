import { setTimeout as delay } from 'node:timers/promises'
import { asStoreProblem, cachedStatements, emptyLog, type FileKind, openFile } from '../documents/sqlite-file.ts'
import type { FailpointOptions } from '../failpoints.ts'
import { isDestroyed, type KeyRow, type KeyRows } from './key-rows.ts'

// 'CLOK'
const keyFile: FileKind = { applicationId: 0x43_4c_4f_4b, layoutVersion: 1 }

const layout = `
  CREATE TABLE IF NOT EXISTS store (
    one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, root TEXT NOT NULL, proof BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS people (
    user_id TEXT PRIMARY KEY, revision INTEGER NOT NULL, root TEXT, wrapped BLOB, destroyed TEXT) STRICT, WITHOUT ROWID`

const sql = {
  store: 'SELECT id, root, proof FROM store',
  begin: 'INSERT OR IGNORE INTO store (one, id, root, proof) VALUES (1, ?, ?, ?)',
  turn: 'UPDATE store SET root = ?, proof = ? WHERE root = ?',
  of: 'SELECT * FROM people WHERE user_id = ?',
  make: `INSERT INTO people (user_id, revision, root, wrapped)
         SELECT ?, 1, root, ? FROM store WHERE root = ? ON CONFLICT DO NOTHING`,
  change: `UPDATE people SET revision = ?1, root = ?2, wrapped = ?3
           WHERE user_id = ?4 AND revision = ?1 - 1 AND destroyed IS NULL AND EXISTS (SELECT 1 FROM store WHERE root = ?2)`,
  destroy: `UPDATE people SET revision = ?1, root = NULL, wrapped = NULL, destroyed = ?2
            WHERE user_id = ?3 AND revision = ?1 - 1 AND destroyed IS NULL`,
  bring: `INSERT INTO people (user_id, revision, root, wrapped, destroyed)
          SELECT ?1, ?2, ?3, ?4, ?5 FROM store WHERE ?3 IS NULL OR root = ?3 ON CONFLICT DO NOTHING`,
  page: 'SELECT * FROM people WHERE user_id > ? ORDER BY user_id LIMIT 500',
}

/** Wrapped keys in one SQLite file, which several processes of one machine may share. What was replaced or destroyed does not stay legible in it. */
export function openSqliteKeyRows(path: string, { failpoint }: FailpointOptions = {}): KeyRows {
  const db = translated(() => openFile(path, keyFile))
  const prepare = cachedStatements(db)
  translated(() => db.exec(layout))

  /** Another process that reads just now is in the way for a moment. */
  async function forgetLog(): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      if (translated(() => emptyLog(db))) return
      await delay(10)
    }
  }

  async function put(row: KeyRow): Promise<boolean> {
    const count = translated(() => changesOf(row))
    failpoint?.('keys:committed')
    if (count > 0 && row.revision > 1) await forgetLog()
    return count > 0
  }

  function changesOf(row: KeyRow): number {
    const { userId, revision } = row
    if (isDestroyed(row)) return Number(prepare(sql.destroy).run(revision, JSON.stringify(row.fingerprints), userId).changes)
    const { by, bytes } = row.wrapped
    if (revision === 1) return Number(prepare(sql.make).run(userId, bytes, by).changes)
    return Number(prepare(sql.change).run(revision, by, bytes, userId).changes)
  }

  return {
    async store() {
      const row = translated(() => prepare(sql.store).get())
      return row && { id: String(row.id), proof: { by: String(row.root), bytes: row.proof as Uint8Array } }
    },
    async begin({ id, proof }) {
      translated(() => prepare(sql.begin).run(id, proof.by, proof.bytes))
    },
    async turn({ by, bytes }, from) {
      translated(() => prepare(sql.turn).run(by, bytes, from))
      failpoint?.('keys:committed')
    },
    of: async (userId) => {
      const row = translated(() => prepare(sql.of).get(userId))
      return row && rowOf(row)
    },
    put,
    bring: async (row) => translated(() => Number(prepare(sql.bring).run(...valuesOf(row)).changes)) > 0,
    page: async (after) => translated(() => prepare(sql.page).all(after)).map(rowOf),
    async [Symbol.asyncDispose]() {
      if (db.isOpen) db.close()
    },
  }
}

/** Id, revision, root key, what is wrapped, fingerprints: as both engines take a row. */
export function valuesOf(row: KeyRow): [string, number, string | null, Uint8Array | null, string | null] {
  const { userId, revision } = row
  if (isDestroyed(row)) return [userId, revision, null, null, JSON.stringify(row.fingerprints)]
  return [userId, revision, row.wrapped.by, row.wrapped.bytes, null]
}

/** As both engines give it. */
export function rowOf(row: Readonly<Record<string, unknown>>): KeyRow {
  const [userId, revision] = [String(row.user_id), Number(row.revision)]
  if (row.destroyed !== null) return { userId, revision, fingerprints: JSON.parse(String(row.destroyed)) }
  return { userId, revision, wrapped: { by: String(row.root), bytes: row.wrapped as Uint8Array } }
}

function translated<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw asStoreProblem(error)
  }
}
