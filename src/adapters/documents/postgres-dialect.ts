import type { Statement } from '../postgres/pool.ts'
import type { Dialect } from './page.ts'
import { keyOf } from './postgres-key.ts'
import { tableName } from './postgres-tables.ts'
import { quoted, type Table, tables } from './tables.ts'
import { mustBeAbsent, mustChange, type WriteKind, type WritePlan } from './writes.ts'

/**
 * Settings of each connection. Every query here is by key or by a declared index: the planner is told so, whatever its
 * statistics are. To compile a plan takes longer than to run it.
 */
export const planning = 'SET enable_seqscan = off; SET enable_bitmapscan = off; SET jit = off'

export const postgresDialect: Dialect = {
  body: 'coalesce(raw, body::text) AS body',
  key: keyOf,
  source: (table) => tableName(table),
  marked(sql) {
    let count = 0
    return sql.replace(/\?/g, () => {
      count += 1
      return `$${count}`
    })
  },
}

export function readStatement(table: Table, parent: string, id: string): Statement {
  return named(`SELECT version, ${postgresDialect.body} FROM ${tableName(table)} WHERE parent = $1 AND id = $2`, [parent, id])
}

const names = new Map<string, string>()

/** Prepared on each connection; there are only as many texts as tables, indexes and forms of a query. */
export function named(text: string, values: readonly unknown[]): Statement {
  let name = names.get(text)
  if (name === undefined) {
    name = `documents_${names.size}`
    names.set(text, name)
  }
  return { name, text, values }
}

/** Writes that one statement does; none has the path of another. */
export interface Run {
  readonly plans: readonly WritePlan[]
  /** Fewer rows changed than this means that a precondition failed. */
  readonly least: number
  /** More rows than this too; absent where there may be any number. */
  readonly most?: 0
  /** Goes first, in the same transaction: a snapshot is as old as its statement, so that a lock within it would come too late. */
  readonly lock?: Statement
  readonly statement: Statement
}

const maxRunBytes = 4 << 20

/**
 * A batch as few statements. They go by path, so that two batches never wait for each other in a circle; writes of one path
 * keep their order, and those of different paths do not see each other.
 */
export function runsOf(plans: readonly WritePlan[]): Run[] {
  const sorted = plans.toSorted((a, b) => compare(a.table.name, b.table.name) || compare(a.parent, b.parent) || compare(a.id, b.id))
  const runs: WritePlan[][] = []
  let bytes = 0
  for (const plan of sorted) {
    const size = plan.body?.length ?? 0
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (run === undefined || last === undefined || !follows(last, plan) || bytes + size > maxRunBytes) {
      runs.push([plan])
      bytes = 0
    } else run.push(plan)
    bytes += size
  }
  return runs.map(runOf)
}

function runOf(plans: readonly WritePlan[]): Run {
  const lock = lockFor(plans[0])
  const isAbsent = plans.some(mustBeAbsent)
  return {
    plans,
    least: leastOf(plans),
    ...(isAbsent && { most: 0 }),
    ...(lock && { lock }),
    statement: statementOf(plans),
  }
}

function leastOf(run: readonly WritePlan[]): number {
  return run.reduce((sum, plan) => sum + (mustChange(plan) ? 1 + (plan.siblings?.length ?? 0) : 0), 0)
}

/** Who expects that nothing is there, and who puts something there, are one after the other: READ COMMITTED alone would let both have their way. */
function lockFor(plan: WritePlan | undefined): Statement | undefined {
  if (plan === undefined) return undefined
  if (plan.kind === 'absent') return named('SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [plan.path])
  const isMade = plan.kind === 'create' || plan.kind === 'put' || plan.kind === 'other'
  return isMade && plan.table.isGate ? named('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [plan.path]) : undefined
}

/** Only inserts go together: an update of many rows would lock them in an order of its own. */
function follows(last: WritePlan, plan: WritePlan): boolean {
  const isSame = last.table === plan.table && last.kind === plan.kind
  if (isSame && plan.kind === 'absent') return last.path === plan.path
  if (plan.table.isGate) return false
  return isSame && (plan.kind === 'put' || plan.kind === 'create') && (last.parent !== plan.parent || last.id !== plan.id)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

function statementOf(run: readonly WritePlan[]): Statement {
  const [first] = run
  const sql = first === undefined ? undefined : sqlByTable.get(first.table.name)
  if (first === undefined || sql === undefined) throw new Error('A run of nothing')
  if (first.siblings !== undefined) {
    const all = [{ id: first.id, version: first.version }, ...first.siblings]
    return named(sql.removeMany, [first.parent, all.map(({ id }) => id), all.map(({ version }) => version)])
  }
  if (run.length === 1 || first.kind === 'absent') return named(sql[first.kind], valuesOf(first))
  const rows = run.map(valuesOf)
  const columns = valuesOf(first).map((_, at) => rows.map((row) => row[at]))
  return named(first.kind === 'put' ? sql.putMany : sql.createMany, columns)
}

/** `parent, id`, then what a put brings, then the version that must be. */
function valuesOf({ parent, id, body, keys, version }: WritePlan): (string | number | null)[] {
  const expected = version === undefined ? [] : [version]
  if (body === undefined) return [parent, id, ...expected]
  // jsonb takes neither a NUL nor half of a surrogate pair.
  const isRaw = /\\u(?:0000|d[89a-f])/.test(body)
  return [parent, id, isRaw ? null : body, isRaw ? body : null, ...keys.map((value) => (value === null ? null : keyOf(value))), ...expected]
}

type TableSql = Readonly<Record<WriteKind | 'putMany' | 'createMany' | 'removeMany', string>>

const sqlByTable: ReadonlyMap<string, TableSql> = new Map([...tables.values()].map((table) => [table.name, tableSql(table)]))

function tableSql(table: Table): TableSql {
  const content = ['body', 'raw', ...table.columns.map(({ name }) => quoted(name))]
  const all = ['parent', 'id', ...content]
  const name = tableName(table)
  const marks = all.map((_, at) => `$${at + 1}`)
  const arrays = marks.map((mark) => `${mark}::text[]`)
  const inputs = all.map((_, at) => `c${at}${at === 2 ? '::jsonb' : ''}`)
  const into = `INSERT INTO ${name} AS present (${all.join(', ')}, version)`
  const one = `${into} VALUES (${marks.join(', ')}, 1)`
  const many = `${into} SELECT ${inputs.join(', ')}, 1 FROM unnest(${arrays.join(', ')}) AS new (${all.map((_, at) => `c${at}`).join(', ')})`
  const change = ['version = present.version + 1', ...content.map((column) => `${column} = excluded.${column}`)].join(', ')
  const assign = ['version = version + 1', ...content.map((column, at) => `${column} = $${at + 3}`)].join(', ')
  const replacing = `ON CONFLICT (parent, id) DO UPDATE SET ${change}`
  const isOther = 'present.body IS DISTINCT FROM excluded.body OR present.raw IS DISTINCT FROM excluded.raw'
  const creating = 'ON CONFLICT (parent, id) DO NOTHING'
  const there = 'WHERE parent = $1 AND id = $2'
  return {
    put: `${one} ${replacing}`,
    other: `${one} ${replacing} WHERE ${isOther}`,
    putMany: `${many} ${replacing}`,
    create: `${one} ${creating}`,
    createMany: `${many} ${creating}`,
    replace: `UPDATE ${name} SET ${assign} ${there} AND version = $${all.length + 1}`,
    remove: `DELETE FROM ${name} ${there}`,
    removeVersion: `DELETE FROM ${name} ${there} AND version = $3`,
    // Locked by id, so that two of them never wait for each other in a circle.
    removeMany: `DELETE FROM ${name} WHERE parent = $1 AND id IN (SELECT present.id FROM unnest($2::text[], $3::bigint[]) AS gone (id, version) JOIN ${name} AS present ON present.parent = $1 AND present.id = gone.id AND present.version = gone.version ORDER BY present.id FOR UPDATE OF present)`,
    absent: `SELECT 1 FROM ${name} ${there}`,
  }
}
