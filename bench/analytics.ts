/**
 * The SQL side on SQLite and PostgreSQL, in turn: filling, a person's year, everybody's weekly trends, a cohort percentile over the year:
 * `node bench/analytics.ts [--people 10000] [--days 365] [--folder .] [--only sqlite|postgres] [--all-weeks]`. Rows are generated.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openPostgresDocuments } from '../src/adapters/documents/postgres.ts'
import { openSqliteDocuments } from '../src/adapters/documents/sqlite.ts'
import { openPostgresWarehouse } from '../src/adapters/warehouse/postgres.ts'
import { openSqliteWarehouse } from '../src/adapters/warehouse/sqlite.ts'
import { trendsOf } from '../src/analysis/trend.ts'
import { overAt } from '../src/analysis/trend-values.ts'
import { askCohort } from '../src/flows/cohort.ts'
import type { UserAnalytics } from '../src/model/user-analytics.ts'
import type { UserTrend } from '../src/model/user-trend.ts'
import type { Documents } from '../src/ports/documents.ts'
import type { Warehouse } from '../src/ports/warehouse.ts'
import { startPostgres } from '../test/engines/postgres.ts'
import { median } from './measure.ts'
import { analyticsRow, personWith, receiptOf, userIdOf } from './work/people-rows.ts'

const { values: flags } = parseArgs({
  options: {
    people: { type: 'string', default: '10000' },
    days: { type: 'string', default: '365' },
    folder: { type: 'string', default: '.' },
    only: { type: 'string' },
    'all-weeks': { type: 'boolean', default: false },
  },
})
const people = Number(flags.people)
const days = Number(flags.days)
const batchSize = 500
const lastDate = '2023-12-31'
const nowMs = Date.parse('2024-02-01T00:00:00Z')
const shiftedDates = new Map<string, string>()

interface Cost {
  readonly wallMs: number
  /** Of this process and of the engine's. */
  readonly cpuMs: number
}

interface Pair extends AsyncDisposable {
  readonly documents: Documents
  readonly warehouse: Warehouse
  /** Calls at once that the engine gains by. */
  readonly lanes: number
  /** Of the engine's own processes so far. */
  cpuMs(): number
}

const folder = mkdtempSync(join(flags.folder, 'clarity-bench-'))
try {
  for (const [name, open] of Object.entries({ postgres: openOnPostgres, sqlite: openOnSqlite })) {
    if (flags.only !== undefined && flags.only !== name) continue
    await using pair = await open()
    await bench(name, pair)
  }
} finally {
  rmSync(folder, { recursive: true })
}

async function openOnSqlite(): Promise<Pair> {
  const documents = openSqliteDocuments(`sqlite:${join(folder, 'clarity.db')}`)
  const warehouse = openSqliteWarehouse(`sqlite:${join(folder, 'warehouse.db')}`)
  const close = async () => void (await Promise.all([documents.close(), warehouse.close()]))
  return { documents, warehouse, lanes: 1, cpuMs: () => 0, [Symbol.asyncDispose]: close }
}

async function openOnPostgres(): Promise<Pair> {
  const engine = await startPostgres({ own: true, settings: ['shared_buffers=1GB', 'max_wal_size=4GB'] })
  if ('missing' in engine) throw new Error(`There is no ${engine.missing}`)
  const url = await engine.createDatabase()
  const [documents, warehouse] = [await openPostgresDocuments(url), await openPostgresWarehouse(url)]
  return {
    documents,
    warehouse,
    lanes: 4,
    cpuMs: () => cpuOfTree(engine.pid),
    async [Symbol.asyncDispose]() {
      await documents.close()
      await warehouse.close()
      await engine.stop()
    },
  }
}

async function bench(name: string, pair: Pair): Promise<void> {
  const { documents, warehouse, lanes } = pair
  const cost = (work: () => Promise<unknown>) => costOf(pair, work)
  const say = (what: string, { wallMs, cpuMs }: Cost, figure = '') =>
    console.log(`${name}: ${what.padEnd(48)} ${(wallMs / 1000).toFixed(3)} s wall, ${(cpuMs / 1000).toFixed(3)} s CPU  ${figure}`)
  for (let n = 0; n < people; n += 250)
    await documents.batch(Array.from({ length: Math.min(250, people - n) }, (_, k) => [personWith(n + k), receiptOf(n + k)]).flat())

  const filled = await cost(() => fill(warehouse, lanes))
  const rate = (ms: number) => Math.round((people * days) / (ms / 1000))
  say(`${people} × ${days} rows put`, filled, `${rate(filled.wallMs)} rows/s, ${rate(filled.cpuMs)} a second of CPU`)

  const from = shifted(lastDate, 1 - days)
  const years: Cost[] = []
  for (let n = 0; n < 200; n++)
    years.push(await cost(() => warehouse.analytics({ userId: userIdOf((n * 7919) % people), from, to: lastDate })))
  say('a person’s year, median of 200', medianOf(years))

  say('the last week’s trends of everybody', await cost(() => makeTrends(warehouse, lanes, shifted(lastDate, -6))))
  if (flags['all-weeks']) say('the trends of all weeks of everybody', await cost(() => makeTrends(warehouse, lanes, from)))

  const cohorts: Cost[] = []
  const deps = { documents, warehouse, clock: { nowMs: () => nowMs }, randomBelow: () => 0 }
  const question = { metric: 'total_steps', period: '2023', by: ['ageBand', 'sex'], purpose: 'anonymousAnalytics', asker: 'bench' } as const
  // The first is to warm up.
  for (let n = 0; n < 6; n++)
    cohorts.push(
      await cost(async () => {
        const { cells } = await askCohort(deps, question)
        if (cells.every(({ suppressed }) => suppressed)) throw new Error('A bench that finds nobody measures nothing')
      }),
    )
  say('percentiles of the year by age and sex, median of 5', medianOf(cohorts.slice(1)))
}

function medianOf(costs: readonly Cost[]): Cost {
  return { wallMs: median(costs.map(({ wallMs }) => wallMs)), cpuMs: median(costs.map(({ cpuMs }) => cpuMs)) }
}

async function fill(warehouse: Warehouse, lanes: number): Promise<void> {
  await inLanes(lanes, async (lane) => {
    let rows: UserAnalytics[] = []
    for (let n = lane; n < people; n += lanes)
      for (let day = 0; day < days; day++) {
        rows.push(analyticsRow(n, shifted(lastDate, day + 1 - days), day))
        if (rows.length < batchSize) continue
        await warehouse.putAnalytics(rows)
        rows = []
      }
    await warehouse.putAnalytics(rows)
  })
}

async function makeTrends(warehouse: Warehouse, lanes: number, from: string): Promise<void> {
  const isOver = overAt(nowMs)
  await inLanes(lanes, async (lane) => {
    let made: UserTrend[] = []
    for (let n = lane; n < people; n += lanes) {
      const userId = userIdOf(n)
      const rows = await warehouse.analytics({ userId, from: shifted(from, -378), to: lastDate })
      made.push(...trendsOf(userId, rows, { trendType: 'weekly', isOver, calculatedAt: '2024-02-01T00:00:00.000000Z', from }))
      for (; made.length >= batchSize; made = made.slice(batchSize)) await warehouse.putTrends(made.slice(0, batchSize))
    }
    await warehouse.putTrends(made)
  })
}

function inLanes(lanes: number, work: (lane: number) => Promise<void>): Promise<unknown> {
  return Promise.all(Array.from({ length: lanes }, (_, lane) => work(lane)))
}

async function costOf(pair: Pair, work: () => Promise<unknown>): Promise<Cost> {
  const startMs = performance.now()
  const engineMs = pair.cpuMs()
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return { wallMs: performance.now() - startMs, cpuMs: (user + system) / 1000 + pair.cpuMs() - engineMs }
}

/** Of a process, its children that live and those that it has waited for, by hundredths of a second; 0 where there is no /proc. */
function cpuOfTree(pid: number | undefined): number {
  if (!existsSync('/proc/self/stat')) return 0
  const stats = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [[Number(name), ...statOf(name)]] : []))
  const own = stats.filter(([each, , parent]) => each === pid || parent === pid)
  return own.reduce((sum, [each, ...fields]) => sum + ticksOf(fields, each === pid) * 10, 0)
}

/** The fields from the state on; those of a process that has just ended are none. */
function statOf(name: string): number[] {
  try {
    return readFileSync(`/proc/${name}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
      .map(Number)
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code))) return []
    throw error
  }
}

/** utime and stime, and of the parent cutime and cstime. */
function ticksOf(fields: readonly number[], isParent: boolean): number {
  const [user = 0, system = 0, waitedUser = 0, waitedSystem = 0] = fields.slice(11, 15)
  return user + system + (isParent ? waitedUser + waitedSystem : 0)
}

function shifted(date: string, count: number): string {
  const key = `${date} ${count}`
  const known = shiftedDates.get(key) ?? Temporal.PlainDate.from(date).add({ days: count }).toString()
  shiftedDates.set(key, known)
  return known
}
