import { setTimeout as delay } from 'node:timers/promises'
import { asStoreProblem, cachedStatements, emptyLog, type FileKind, openFile } from '../documents/sqlite-file.ts'
import type { FailpointOptions } from '../failpoints.ts'
import { isDestroyed, type KeyRow, type KeyRows } from './key-rows.ts'

// 'CLOK'
const keyFile: FileKind = { applicationId: 0x43_4c_4f_4b, layoutVersion: 2 }

const layout = `
  CREATE TABLE IF NOT EXISTS store (
    one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, root TEXT NOT NULL, proof BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS people (
    person TEXT PRIMARY KEY, user_id TEXT, revision INTEGER NOT NULL, root TEXT, wrapped BLOB, destroyed TEXT) STRICT, WITHOUT ROWID`

const sql = {
  store: 'SELECT id, root, proof FROM store',
  begin: 'INSERT OR IGNORE INTO store (one, id, root, proof) VALUES (1, ?, ?, ?)',
  turn: 'UPDATE store SET root = ?, proof = ? WHERE root = ?',
  of: 'SELECT * FROM people WHERE person = ?',
  make: `INSERT INTO people (person, user_id, revision, root, wrapped)
         SELECT ?, ?, 1, root, ? FROM store WHERE root = ? ON CONFLICT DO NOTHING`,
  change: `UPDATE people SET revision = ?1, root = ?2, wrapped = ?3
           WHERE person = ?4 AND revision = ?1 - 1 AND destroyed IS NULL AND EXISTS (SELECT 1 FROM store WHERE root = ?2)`,
  destroy: `UPDATE people SET user_id = NULL, revision = ?1, root = NULL, wrapped = NULL, destroyed = ?2
            WHERE person = ?3 AND revision = ?1 - 1 AND destroyed IS NULL`,
  bring: `INSERT INTO people (person, user_id, revision, root, wrapped, destroyed)
          SELECT ?1, ?2, ?3, ?4, ?5, ?6 FROM store WHERE ?4 IS NULL OR root = ?4 ON CONFLICT DO NOTHING`,
  page: 'SELECT * FROM people WHERE person > ? ORDER BY person LIMIT 500',
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
    const { person, revision } = row
    if (isDestroyed(row)) return Number(prepare(sql.destroy).run(revision, JSON.stringify(row.fingerprints), person).changes)
    const { by, bytes } = row.wrapped
    if (revision === 1) return Number(prepare(sql.make).run(person, row.userId, bytes, by).changes)
    return Number(prepare(sql.change).run(revision, by, bytes, person).changes)
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
    of: async (person) => {
      const row = translated(() => prepare(sql.of).get(person))
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

/** Person, id, revision, root key, what is wrapped, fingerprints: as both engines take a row. */
export function valuesOf(row: KeyRow): [string, string | null, number, string | null, Uint8Array | null, string | null] {
  const { person, revision } = row
  if (isDestroyed(row)) return [person, null, revision, null, null, JSON.stringify(row.fingerprints)]
  return [person, row.userId, revision, row.wrapped.by, row.wrapped.bytes, null]
}

/** As both engines give it. */
export function rowOf(row: Readonly<Record<string, unknown>>): KeyRow {
  const [person, revision] = [String(row.person), Number(row.revision)]
  if (row.destroyed !== null) return { person, revision, fingerprints: JSON.parse(String(row.destroyed)) }
  return { person, userId: String(row.user_id), revision, wrapped: { by: String(row.root), bytes: row.wrapped as Uint8Array } }
}

function translated<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw asStoreProblem(error)
  }
}
