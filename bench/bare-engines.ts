import { chmodSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { openPostgresDocuments } from '../src/adapters/documents/postgres.ts'
import { openSqliteDocuments } from '../src/adapters/documents/sqlite.ts'
import type { Documents } from '../src/ports/documents.ts'
import { startPostgres } from '../test/engines/postgres.ts'

export interface Row {
  readonly userId: string
  readonly id: string
  readonly startTime: string
  readonly localDate: string
  readonly body: object
  readonly json: string
}

/** The engine with nothing between: one connection, prepared statements, a table as one would write it by hand. */
export interface Bare {
  insert(row: Row): Promise<unknown> | unknown
  insertMany(rows: readonly Row[]): Promise<unknown> | unknown
  /** The last 20 of a person, of the documents' own table. */
  page(userId: string): Promise<string[]> | string[]
  /** Brings statistics up to date. */
  settle(): Promise<unknown> | unknown
}

export interface Pair extends AsyncDisposable {
  readonly documents: Documents
  readonly bare: Bare
}

const indexes = ['user_id, start_time DESC, id DESC', 'user_id, local_date, id', 'start_time DESC, id DESC'].map(
  (columns, at) => `CREATE INDEX bare_${at} ON bare (${columns})`,
)
const columns = 'user_id, id, start_time, local_date, body'
const pageFields = `WHERE "$.userId" = ? AND "$.sessionInfo.startTime" IS NOT NULL ORDER BY "$.sessionInfo.startTime" DESC LIMIT 20`

export async function openSqlitePair(folder: string): Promise<Pair> {
  const file = join(folder, 'documents.db')
  const documents = openSqliteDocuments(`sqlite:${file}`)
  const db = new DatabaseSync(join(folder, 'bare.db'))
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  db.exec(
    `CREATE TABLE bare (user_id TEXT, id TEXT, start_time TEXT, local_date TEXT, body TEXT, PRIMARY KEY (user_id, id)); ${indexes.join(';')}`,
  )
  const insert = db.prepare(`INSERT INTO bare (${columns}) VALUES (?, ?, ?, ?, ?)`)
  const reader = new DatabaseSync(file, { readOnly: true })
  const page = reader.prepare(`SELECT id, version, body FROM "healthSessions" ${pageFields}`)
  const bare: Bare = {
    insert: (row) => insert.run(...valuesOf(row)),
    insertMany(rows) {
      db.exec('BEGIN')
      for (const row of rows) insert.run(...valuesOf(row))
      db.exec('COMMIT')
    },
    page: (userId) => page.all(userId).map((row) => String(row.body)),
    settle: () => undefined,
  }
  return {
    documents,
    bare,
    async [Symbol.asyncDispose]() {
      reader.close()
      db.close()
      await documents.close()
    },
  }
}

export async function openPostgresPair(folder: string): Promise<Pair> {
  // The server runs as another user.
  chmodSync(folder, 0o755)
  const server = await startPostgres({ own: true, home: resolve(folder) })
  if ('missing' in server) throw new Error(`This bench needs ${server.missing}`)
  const url = await server.createDatabase()
  const documents = await openPostgresDocuments(url)
  const client = new Client({ connectionString: url })
  await client.connect()
  const types = 'user_id text, id text, start_time text, local_date text, body jsonb'
  await client.query(`CREATE TABLE bare (${types}, PRIMARY KEY (user_id, id)); ${indexes.join(';')}`)
  const many = `INSERT INTO bare (${columns}) SELECT a, b, c, d, e::jsonb FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS n (a, b, c, d, e)`
  const pageText = `SELECT id, version, body::text FROM documents."healthSessions" ${pageFields.replace('?', '$1')}`
  const bare: Bare = {
    insert: (row) =>
      client.query({ name: 'one', text: `INSERT INTO bare (${columns}) VALUES ($1, $2, $3, $4, $5)`, values: valuesOf(row) }),
    insertMany(rows) {
      const all = rows.map(valuesOf)
      return client.query({ name: 'many', text: many, values: [0, 1, 2, 3, 4].map((at) => all.map((values) => values[at])) })
    },
    async page(userId) {
      const { rows } = await client.query({ name: 'page', text: pageText, values: [userId] })
      return rows.map((row) => String(row.body))
    },
    settle: () => client.query('VACUUM ANALYZE'),
  }
  return {
    documents,
    bare,
    async [Symbol.asyncDispose]() {
      await client.end()
      await documents.close()
      await server.stop()
    },
  }
}

function valuesOf({ userId, id, startTime, localDate, json }: Row): string[] {
  return [userId, id, startTime, localDate, json]
}
