/**
 * The sessions of a synthetic person as Parquet files: our writer against hyparquet-writer, in one process and in turn.
 * `node bench/parquet.ts [--days 90] [--runs 5]`
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openFileScratch } from '../src/adapters/scratch/files.ts'
import { readSamples } from '../src/columns/parquet-reader.ts'
import { encodeSamples } from '../src/columns/parquet-writer.ts'
import { wordAt } from '../src/columns/select.ts'
import { appleHealth } from '../src/importers/apple-health/apple-health.ts'
import { instantColumns, numberColumns, type SampleTable, wordColumns } from '../src/model/sample-table.ts'
import { synthesise } from '../src/synthetic/synthesise.ts'
import { median } from './measure.ts'

/** Of hyparquet-writer; a peer is installed for a bench only, so the type check does without it. */
interface Peer {
  parquetWriteBuffer(options: object): ArrayBuffer
}
const peerFile = './peers/node_modules/hyparquet-writer/src/index.js'
const { parquetWriteBuffer }: Peer = await import(peerFile)

const { values: flags } = parseArgs({ options: { days: { type: 'string' }, runs: { type: 'string' } }, strict: false })
const days = Number(flags.days ?? 90)
const runs = Number(flags.runs ?? 5)
const WARM_UP = 3

const label = { date: '2026-11-15', source: 'watch' }
const UTF8 = { type: 'BYTE_ARRAY', converted_type: 'UTF8' }
const MICROS = { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' }
const columns = [
  ...wordColumns.map((name) => ({ name, ...UTF8 })),
  ...instantColumns.map((name) => ({ name, ...MICROS })),
  ...numberColumns.map((name) => ({ name, type: 'DOUBLE' })),
]
const required = ['type', 'start', 'end']
const schema = [
  { name: 'samples', num_children: columns.length },
  ...columns.map((column) => ({ ...column, repetition_type: required.includes(column.name) ? 'REQUIRED' : 'OPTIONAL' })),
]

const tables = await sessions(days)
const rows = tables.reduce((sum, table) => sum + table.rows, 0)
// What hyparquet-writer takes: arrays of values. They are made before the clock runs, which our writer does not need.
const prepared = tables.map(columnsOf)
const bare = { codec: 'UNCOMPRESSED', statistics: false, rowGroupSize: 1_000_000 } as const
const writers = [
  { name: 'ours', write: (at: number) => encodeSamples(tables[at] as SampleTable, label).bytes.slice() },
  { name: 'hyparquet-writer, as it comes', write: (at: number) => peer(at, {}) },
  { name: 'hyparquet-writer, uncompressed, no statistics', write: (at: number) => peer(at, bare) },
]

for (const { name, write } of writers)
  for (let at = 0; at < tables.length; at++) await checkSame(name, tables[at] as SampleTable, write(at))

const costs = writers.map(() => [] as number[])
const sizes = writers.map(() => 0)
for (let run = 0; run < WARM_UP + runs; run++)
  for (const [which, { write }] of writers.entries()) {
    const before = process.cpuUsage()
    let bytes = 0
    for (let at = 0; at < tables.length; at++) bytes += write(at).length
    const { user, system } = process.cpuUsage(before)
    sizes[which] = bytes
    if (run >= WARM_UP) costs[which]?.push((user + system) / 1000 / tables.length)
  }

const results = writers.map(({ name }, which) => ({
  writer: name,
  sessions: tables.length,
  rows,
  msPerSession: Number(median(costs[which] as number[]).toFixed(4)),
  least: Number(Math.min(...(costs[which] as number[])).toFixed(4)),
  most: Number(Math.max(...(costs[which] as number[])).toFixed(4)),
  bytesPerRow: Number(((sizes[which] as number) / rows).toFixed(2)),
}))
for (const result of results) console.log(JSON.stringify(result))
console.log(`\n| writer | CPU ms a session | times ours | bytes a row |\n| --- | --- | --- | --- |`)
for (const { writer, msPerSession, bytesPerRow } of results)
  console.log(
    `| ${writer} | ${msPerSession.toFixed(3)} | ${(msPerSession / (results[0]?.msPerSession ?? 1)).toFixed(1)} | ${bytesPerRow.toFixed(1)} |`,
  )

async function sessions(count: number): Promise<SampleTable[]> {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-bench-'))
  const bytes = Buffer.from([...synthesise({ seed: 1, lastDate: '2026-11-15', days: count }).chunks].join(''))
  const source = { length: bytes.length, read: async (from: number, to: number) => bytes.subarray(from, to) }
  const reading = await appleHealth.read(source, {
    scratch: openFileScratch(folder),
    nowMs: Date.UTC(2026, 10, 16),
    profileZone: 'America/New_York',
  })
  try {
    return Array.from(reading.drafts(), ({ table }) => structuredClone(table))
  } finally {
    reading.close()
    rmSync(folder, { recursive: true })
  }
}

function columnsOf(table: SampleTable) {
  const every = Array.from({ length: table.rows }, (_, row) => row)
  return [
    ...wordColumns.map((name) => ({ name, data: every.map((row) => wordAt(table, name, row)) })),
    ...instantColumns.map((name) => ({ name, data: [...table.instants[name]].map(microsOf), encoding: 'DELTA_BINARY_PACKED' as const })),
    ...numberColumns.map((name) => ({ name, data: [...table.numbers[name]].map((value) => (Number.isNaN(value) ? undefined : value)) })),
  ]
}

function microsOf(ms: number): bigint | undefined {
  return Number.isNaN(ms) ? undefined : BigInt(Math.round(ms * 1000))
}

function peer(at: number, options: typeof bare | Record<string, never>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parquetWriteBuffer({ schema, columnData: prepared[at], ...options }))
}

async function checkSame(name: string, table: SampleTable, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const back = await readSamples(bytes)
  const same = (a: Float64Array, b: Float64Array) => a.length === b.length && a.every((value, row) => Object.is(value, b[row]))
  const differing = [
    ...wordColumns.filter((column) => table.instants.start.some((_, row) => wordAt(table, column, row) !== wordAt(back, column, row))),
    ...instantColumns.filter((column) => !same(table.instants[column], back.instants[column])),
    ...numberColumns.filter((column) => !same(table.numbers[column], back.numbers[column])),
  ]
  if (differing.length > 0) throw new Error(`${name}: ${differing.join(', ')} came back otherwise`)
}
