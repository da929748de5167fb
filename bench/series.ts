/**
 * Heart rate as it is kept: a day of it every 5 seconds, written and read; and years of it as daily averages, as `/timeseries` makes them of
 * the samples themselves, against PostgreSQL rows with their natural index, in turn, results compared first.
 * `node bench/series.ts [--years 3] [--seconds 5] [--runs 5]`
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Client } from 'pg'
import { openHouse } from '../src/app/house.ts'
import { readSamples } from '../src/columns/parquet-reader.ts'
import { encodeSamples } from '../src/columns/parquet-writer.ts'
import { findTimeseries } from '../src/flows/find-timeseries.ts'
import { keepSessions } from '../src/flows/keep-sessions.ts'
import { newUser } from '../src/flows/manage-user.ts'
import type { SessionDraft } from '../src/importers/importer.ts'
import { makeTable, type SampleTable, type Words } from '../src/model/sample-table.ts'
import { startPostgres } from '../test/engines/postgres.ts'
import { median } from './measure.ts'

const { values: flags } = parseArgs({
  options: { years: { type: 'string', default: '3' }, seconds: { type: 'string', default: '5' }, runs: { type: 'string', default: '5' } },
})
const runs = Number(flags.runs)
const DAY_MS = 86_400_000
const firstMs = Date.UTC(2023, 0, 1)
const source = { id: 'watch_bench', name: 'Watch', kind: 'watch' } as const

await oneDay()
await manyDays(Math.round(Number(flags.years) * 365), Number(flags.seconds))

async function oneDay(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-bench-'))
  await using house = await openHouse({ data: folder })
  const table = heartRate(0, 5)
  const label = { date: dateOf(0), source: source.id }
  const costs = { encode: [] as number[], decode: [] as number[], put: [] as number[], get: [] as number[] }
  for (let run = 0; run < 30 + runs; run++) {
    const key = `samples/u/2023-01/${run}`
    const bytes = await timed(costs.encode, async () => encodeSamples(table, label).bytes.slice())
    await timed(costs.put, async () => house.blobs.putAll([{ key, bytes: encodeSamples(table, label).bytes }]))
    const back = await timed(costs.decode, () => readSamples(bytes))
    await timed(costs.get, async () => readSamples((await house.blobs.get(key)) as Uint8Array<ArrayBuffer>))
    if (back.numbers.value.some((value, row) => value !== table.numbers.value[row])) throw new Error('The day came back otherwise')
  }
  const told = Object.entries(costs).map(([name, ms]) => `${name} ${median(ms.slice(30)).toFixed(2)} ms`)
  console.log(
    `a day, ${table.rows} samples: ${encodeSamples(table, label).bytes.length} bytes; ${told.join(', ')} (put and get: durable, encoded and decoded)`,
  )
  rmSync(folder, { recursive: true })
}

async function manyDays(days: number, seconds: number): Promise<void> {
  const postgres = await startPostgres()
  if ('missing' in postgres) throw new Error(`needs ${postgres.missing}`)
  const folder = mkdtempSync(join(tmpdir(), 'clarity-bench-'))
  await using house = await openHouse({ data: folder })
  const client = new Client({ connectionString: await postgres.createDatabase() })
  await client.connect()
  try {
    await house.documents.batch([{ op: 'put', path: 'users/u', body: newUser(house, 'UTC') }])
    for await (const _ of keepSessions(house, { userId: 'u', isNewPerson: true }, drafts(days, seconds), () => []));
    await fillRows(client, days, seconds)
    const ours = async () => {
      const span = { fromMs: firstMs, toMs: firstMs + days * DAY_MS }
      const points = await findTimeseries(house, 'u', { metric: 'heart_rate', ...span, resolution: '1day', source: undefined })
      return points.map(({ startTime, count = 0, value }): [string, number, number] => [startTime.slice(0, 10), count, value])
    }
    const theirs = async () => {
      const { rows } = await client.query({
        text: `SELECT to_char(date_trunc('day', t AT TIME ZONE 'UTC'), 'YYYY-MM-DD') AS date, count(*)::int, avg(value)::float8, min(value), max(value)
               FROM samples WHERE user_id = 'u' AND metric = 'heart_rate' AND t >= $1 AND t < $2 GROUP BY 1 ORDER BY 1`,
        values: [new Date(firstMs), new Date(firstMs + days * DAY_MS)],
        rowMode: 'array',
      })
      return rows.map(([date, count, average]) => [date, count, average] as [string, number, number])
    }
    compare(await ours(), await theirs())
    const costs = { ours: [] as number[], theirs: [] as number[] }
    for (let run = 0; run < runs; run++) {
      await timed(costs.theirs, theirs)
      await timed(costs.ours, ours)
    }
    const ratios = costs.ours.map((ms, run) => (costs.theirs[run] as number) / ms)
    console.log(
      `${days} days every ${seconds} s as daily averages: ours ${median(costs.ours).toFixed(0)} ms, PostgreSQL rows ${median(costs.theirs).toFixed(0)} ms; ratio ${median(ratios).toFixed(1)} (${Math.min(...ratios).toFixed(1)}–${Math.max(...ratios).toFixed(1)}); asked: ≥ 10`,
    )
  } finally {
    await client.end()
    await postgres.stop()
    rmSync(folder, { recursive: true })
  }
}

async function timed<T>(costs: number[], work: () => Promise<T>): Promise<T> {
  const before = performance.now()
  const result = await work()
  costs.push(performance.now() - before)
  return result
}

function compare(ours: readonly [string, number, number][], theirs: readonly [string, number, number][]): void {
  if (ours.length !== theirs.length) throw new Error(`${ours.length} days against ${theirs.length}`)
  // Ours are told to a thousandth.
  ours.forEach(([date, count, average], at) => {
    const [theirDate, theirCount, theirAverage] = theirs[at] as [string, number, number]
    if (date !== theirDate || count !== theirCount || Math.abs(average - theirAverage) > 0.00051) throw new Error(`${date} differs`)
  })
}

/** Rows with the key that finds them again: person, metric, time. */
async function fillRows(client: Client, days: number, seconds: number): Promise<void> {
  await client.query('CREATE TABLE samples (user_id text NOT NULL, metric text NOT NULL, t timestamptz NOT NULL, value float8 NOT NULL)')
  for (let day = 0; day < days; day++) {
    const { instants, numbers } = heartRate(day, seconds)
    await client.query('INSERT INTO samples SELECT $1, $2, to_timestamp(t), value FROM unnest($3::float8[], $4::float8[]) AS s(t, value)', [
      'u',
      'heart_rate',
      Array.from(instants.start, (ms) => ms / 1000),
      Array.from(numbers.value),
    ])
  }
  await client.query('ALTER TABLE samples ADD PRIMARY KEY (user_id, metric, t)')
  await client.query('VACUUM ANALYZE samples')
}

function* drafts(days: number, seconds: number): Generator<SessionDraft> {
  for (let day = 0; day < days; day++) yield { source, localDate: dateOf(day), zone: 'UTC', table: heartRate(day, seconds) }
}

function dateOf(day: number): string {
  return new Date(firstMs + day * DAY_MS).toISOString().slice(0, 10)
}

/** A walk between 45 and 170 beats a minute, always the same for a day; whole numbers, as watches give them, with a confidence in `text`. */
function heartRate(day: number, seconds: number): SampleTable {
  const rows = Math.floor(86_400 / seconds)
  const start = new Float64Array(rows)
  const value = new Float64Array(rows)
  const confidence = new Int32Array(rows)
  let dice = (day + 1) * 2_654_435_761
  let beats = 70
  for (let row = 0; row < rows; row++) {
    dice = (Math.imul(dice ^ (dice >>> 15), dice | 1) + 0x6d2b79f5) | 0
    beats = Math.max(45, Math.min(170, beats + ((dice >>> 20) % 7) - 3))
    start[row] = firstMs + day * DAY_MS + row * seconds * 1000 + ((dice >>> 8) % 1000)
    value[row] = beats
    confidence[row] = (dice >>> 16) % 4
  }
  const all = (word: string): Words => ({ codes: new Int32Array(rows), words: [word] })
  const said: Readonly<Record<string, Words>> = {
    metric: all('heart_rate'),
    type: all('HKQuantityTypeIdentifierHeartRate'),
    unit: all('/min'),
    text: { codes: confidence, words: ['0', '0.5', '0.9', '1'] },
  }
  return makeTable(rows, {
    words: (name) => said[name] ?? { codes: new Int32Array(rows).fill(-1), words: [] },
    instants: (name) => (name === 'created' ? new Float64Array(rows).fill(Number.NaN) : start),
    numbers: (name) => (name === 'value' ? value : new Float64Array(rows).fill(Number.NaN)),
  })
}
