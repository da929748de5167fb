import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Problem } from '../../model/problem.ts'
import type { Ask, Postgres } from './pool.ts'

export interface Migration {
  /** Its file's name, `001-collections.sql`. */
  readonly name: string
  readonly sql: string
}

export interface MigrateOptions {
  /** Called after each statement. */
  readonly onStatement?: () => void
}

const journal = 'clarity_migrations'
// 'CLOO': one number for all of our processes on a database.
const advisoryLock = 0x43_4c_4f_4f
const patienceMs = 600_000

/** The SQL files of a folder below `migrations/`, by name. */
export async function readMigrations(part: string): Promise<Migration[]> {
  // Two rooms up from here, in src as in dist.
  const folder = fileURLToPath(new URL(`../../../migrations/${part}/`, import.meta.url))
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(names.map(async (name) => ({ name, sql: await readFile(`${folder}${name}`, 'utf8') })))
}

/**
 * Applies what is not yet applied, each file in a transaction of its own with its entry in the journal: killed at any
 * statement, the next call does it again. Of several processes at once one applies and the others wait. A lock that the
 * tables' users hold is waited for in short turns, so that they go on. Where all is applied nothing is written.
 */
export async function applyMigrations(
  postgres: Postgres,
  part: string,
  migrations: readonly Migration[],
  { onStatement }: MigrateOptions = {},
): Promise<void> {
  const known = await applied(postgres.read, part)
  for (const migration of migrations) {
    if (isDone(known, migration)) continue
    await postgres.transaction(
      async (ask) => {
        await enterAlone(ask)
        // Asked again under the lock: another process may have done it.
        if (isDone(await applied(ask, part), migration)) return
        for (const text of statementsOf(migration.sql)) {
          await ask({ text, timeoutMs: patienceMs })
          onStatement?.()
        }
        await ask({
          text: `INSERT INTO ${journal} (part, name, sha256) VALUES ($1, $2, $3)`,
          values: [part, migration.name, digestOf(migration)],
        })
      },
      { retried: ['40001', '40P01', '55P03'], attempts: 30 },
    )
  }
}

async function enterAlone(ask: Ask): Promise<void> {
  await ask({ text: `SET LOCAL statement_timeout = ${patienceMs}` })
  await ask({ text: 'SET LOCAL idle_in_transaction_session_timeout = 0' })
  await ask({ text: 'SET LOCAL lock_timeout = 0' })
  await ask({ text: 'SELECT pg_advisory_xact_lock($1)', values: [advisoryLock], timeoutMs: patienceMs })
  await ask({ text: 'SET LOCAL lock_timeout = 1000' })
  await ask({
    text: `CREATE TABLE IF NOT EXISTS ${journal} (part text, name text, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (part, name))`,
  })
}

/** Name → digest. */
async function applied(ask: Ask, part: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await ask({ text: 'SELECT to_regclass($1) IS NOT NULL AS found', values: [journal] })
  if (rows[0]?.found !== true) return new Map()
  const entries = await ask({ text: `SELECT name, sha256 FROM ${journal} WHERE part = $1`, values: [part] })
  return new Map(entries.rows.map(({ name, sha256 }) => [String(name), String(sha256)]))
}

function isDone(known: ReadonlyMap<string, string>, migration: Migration): boolean {
  const digest = known.get(migration.name)
  if (digest !== undefined && digest !== digestOf(migration))
    throw new Problem('unavailable', `The migration ${migration.name} is not the one that was applied to this database`)
  return digest !== undefined
}

function digestOf({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex')
}

/** A statement ends with a semicolon at a line's end, outside of `$$ … $$`. */
export function statementsOf(sql: string): string[] {
  const statements: string[] = []
  let lines: string[] = []
  for (const line of sql.split('\n')) {
    if (lines.length === 0 && /^\s*(--|$)/.test(line)) continue
    lines.push(line)
    const isQuoted = lines.join('\n').split('$$').length % 2 === 0
    if (isQuoted || !/;\s*$/.test(line)) continue
    statements.push(lines.join('\n'))
    lines = []
  }
  if (lines.length > 0) throw new Error(`A migration ends within a statement: ${lines[0]}`)
  return statements
}
