import type { FailpointOptions } from '../failpoints.ts'
import { applyMigrations, readMigrations } from '../postgres/migrations.ts'
import { openPostgres, type Statement } from '../postgres/pool.ts'
import { isDestroyed, type KeyRow, type KeyRows } from './key-rows.ts'
import { rowOf, valuesOf } from './sqlite-rows.ts'

/** Wrapped keys in the schema `clarity_keys` of a PostgreSQL, the documents' own or another, for the processes of many machines. */
export async function openPostgresKeyRows(url: string, { failpoint }: FailpointOptions = {}): Promise<KeyRows> {
  const postgres = await openPostgres(url, { connections: 4 })
  try {
    await applyMigrations(postgres, 'keys', await readMigrations('keys'))
  } catch (error) {
    await postgres.close()
    throw error
  }
  const people = 'clarity_keys.people'

  function putOf(row: KeyRow): Statement {
    const { person, revision } = row
    if (isDestroyed(row)) {
      const text = `UPDATE ${people} SET user_id = NULL, revision = $1, root = NULL, wrapped = NULL, destroyed = $2
        WHERE person = $3 AND revision = $1 - 1 AND destroyed IS NULL`
      return { text, values: [revision, JSON.stringify(row.fingerprints), person] }
    }
    const { by, bytes } = row.wrapped
    // The lock: a root key that is being turned waits until this row is there to be wrapped anew.
    const isRoot = 'WITH store AS (SELECT root FROM clarity_keys.store WHERE root = $2 FOR SHARE)'
    if (revision === 1) {
      const text = `${isRoot} INSERT INTO ${people} (person, user_id, revision, root, wrapped)
        SELECT $1, $4, 1, root, $3 FROM store ON CONFLICT DO NOTHING`
      return { text, values: [person, by, bytes, row.userId] }
    }
    const text = `${isRoot} UPDATE ${people} SET revision = $3, root = $2, wrapped = $4
      WHERE person = $1 AND revision = $3 - 1 AND destroyed IS NULL AND EXISTS (SELECT FROM store)`
    return { text, values: [person, by, revision, bytes] }
  }

  return {
    async store() {
      const [row] = (await postgres.read({ text: 'SELECT id, root, proof FROM clarity_keys.store' })).rows
      return row && { id: String(row.id), proof: { by: String(row.root), bytes: row.proof as Uint8Array } }
    },
    async begin({ id, proof }) {
      const text = 'INSERT INTO clarity_keys.store (one, id, root, proof) VALUES (1, $1, $2, $3) ON CONFLICT DO NOTHING'
      await postgres.ask({ text, values: [id, proof.by, proof.bytes] })
    },
    async turn({ by, bytes }, from) {
      await postgres.ask({ text: 'UPDATE clarity_keys.store SET root = $1, proof = $2 WHERE root = $3', values: [by, bytes, from] })
      failpoint?.('keys:committed')
    },
    async of(person) {
      const text = `SELECT * FROM ${people} WHERE person = $1`
      const [row] = (await postgres.read({ name: 'keys of', text, values: [person] })).rows
      return row && rowOf(row)
    },
    async put(row) {
      const { count } = await postgres.ask(putOf(row))
      failpoint?.('keys:committed')
      return count > 0
    },
    async bring(row) {
      const text = `INSERT INTO ${people} (person, user_id, revision, root, wrapped, destroyed)
        SELECT $1, $2, $3, $4::text, $5, $6 FROM clarity_keys.store WHERE $4::text IS NULL OR root = $4::text FOR SHARE
        ON CONFLICT DO NOTHING`
      return (await postgres.ask({ text, values: valuesOf(row) })).count > 0
    },
    async page(after) {
      const text = `SELECT * FROM ${people} WHERE person > $1 ORDER BY person LIMIT 500`
      return (await postgres.read({ text, values: [after] })).rows.map(rowOf)
    },
    [Symbol.asyncDispose]: () => postgres.close(),
  }
}
