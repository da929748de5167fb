/**
 * Documents against their bare engine, on SQLite and PostgreSQL, in turn in one run:
 * `node bench/documents.ts [--sessions 1000000] [--rounds 5] [--folder .] [--only sqlite|postgres]`. The bare engine has a table with
 * the same columns and indexes and is given its JSON ready made; its writes are as durable.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Documents, Write } from '../src/ports/documents.ts'
import { type Bare, openPostgresPair, openSqlitePair, type Row } from './bare-engines.ts'
import { median } from './measure.ts'

const { values: flags } = parseArgs({
  options: {
    sessions: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    folder: { type: 'string', default: '.' },
    only: { type: 'string' },
  },
})
const sessions = Number(flags.sessions)
const rounds = Number(flags.rounds)
const people = Math.ceil(sessions / 100)
const batchSize = 500
let made = 0

const folder = mkdtempSync(join(flags.folder, 'clarity-bench-'))
try {
  for (const [name, open] of Object.entries({ sqlite: openSqlitePair, postgres: openPostgresPair })) {
    if (flags.only !== undefined && flags.only !== name) continue
    await using pair = await open(folder)
    await compare(name, pair.documents, pair.bare)
  }
} finally {
  rmSync(folder, { recursive: true })
}

async function compare(name: string, documents: Documents, bare: Bare): Promise<void> {
  await report(`${name}: one session a commit, one client`, 200, {
    ours: (rows) => inTurn(rows, (row) => documents.batch([writeOf(row)])),
    bare: (rows) => inTurn(rows, bare.insert),
  })
  await report(`${name}: one session a commit, 16 clients`, 1600, {
    ours: (rows) => atOnce(rows, 16, (row) => documents.batch([writeOf(row)])),
    bare: (rows) => inTurn(rows, bare.insert),
  })
  await report(`${name}: batches of ${batchSize}`, 10 * batchSize, {
    ours: (rows) => inTurn(batchesOf(rows), (batch) => documents.batch(batch.map(writeOf))),
    bare: (rows) => inTurn(batchesOf(rows), bare.insertMany),
  })

  const startMs = performance.now()
  for (let at = 0; at < sessions; at += batchSize)
    await documents.batch(Array.from({ length: batchSize }, () => writeOf(rowOf(made++ % people))))
  await bare.settle()
  console.log(`${name}: ${sessions} sessions more in ${((performance.now() - startMs) / 1000).toFixed(0)} s`)
  const query = (userId: string) =>
    ({ collection: 'healthSessions', parent: `users/${userId}`, index: 'userStart', equals: [userId], limit: 20 }) as const
  const ours = (rows: readonly Row[]) => inTurn(rows, ({ userId }) => documents.list(query(userId)))
  await report(`${name}: page of 20 of ${people} people`, 2000, {
    ours,
    bare: (rows) => inTurn(rows, ({ userId }) => bare.page(userId)),
  })
  await report(`${name}: the same, bare JSON parsed`, 2000, {
    ours,
    bare: (rows) => inTurn(rows, async ({ userId }) => (await bare.page(userId)).map((body) => JSON.parse(body))),
  })
}

/** Median times of both, taken in turn, and the median of the ratios in rate. */
async function report(
  name: string,
  count: number,
  runs: Readonly<Record<'ours' | 'bare', (rows: readonly Row[]) => Promise<void>>>,
): Promise<void> {
  const times: { ours: number; bare: number }[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const ours = await timed(count, runs.ours)
    const bare = await timed(count, runs.bare)
    // The first is to warm up.
    if (round > 0) times.push({ ours, bare })
  }
  const us = (pick: (time: (typeof times)[number]) => number) => `${((1000 * median(times.map(pick))) / count).toFixed(0)} us`
  const ratio = median(times.map(({ ours, bare }) => ours / bare))
  console.log(
    `${name.padEnd(44)} ours ${us(({ ours }) => ours).padStart(8)}  bare ${us(({ bare }) => bare).padStart(8)}  time ${ratio.toFixed(2)} x, rate ${(1 / ratio).toFixed(2)} x`,
  )
}

async function timed(count: number, run: (rows: readonly Row[]) => Promise<void>): Promise<number> {
  const rows = Array.from({ length: count }, () => rowOf(Math.floor(Math.random() * people)))
  const startMs = performance.now()
  await run(rows)
  return performance.now() - startMs
}

function rowOf(person: number): Row {
  made += 1
  const userId = `u${person}`
  const startTime = Temporal.Instant.fromEpochMilliseconds(1.6e12 + made * 60_000).toString()
  const id = `s_${startTime.slice(0, 10).replaceAll('-', '')}_watch_${made}`
  const source = { id: 'watch_8dbe99ce609299e3', name: 'Watch of somebody', kind: 'watch' }
  const dataTypes = ['heart_rate', 'heart_rate_variability', 'step_count', 'active_energy', 'respiratory_rate', 'oxygen_saturation']
  const counts = Object.fromEntries(
    dataTypes.map((metric, at) => [metric, { received: made % (977 + at), accepted: made % 970, flagged: at }]),
  )
  // Of the length and the make of an imported session's: 1.4 kB.
  const body = {
    userId,
    sessionInfo: { sessionId: id, startTime, endTime: startTime, dataSource: source.name, dataTypes },
    localDate: startTime.slice(0, 10),
    zone: 'America/New_York',
    source,
    quality: { verdict: 'accept', flags: ['duplicate_removed'], quarantined: {}, counts },
    revision: 1,
    samples: {
      key: `samples/${userId}/2026-09/1cc3c83ce9914bdab1a667ae06608111.parquet`,
      length: 2152,
      sha256: 'a'.repeat(64),
      rows: made % 10_000,
      offset: 0,
    },
    note: 'x'.repeat(200),
  }
  return { userId, id, startTime, localDate: body.localDate, body, json: JSON.stringify(body) }
}

function writeOf({ userId, id, body }: Row): Write {
  return { op: 'put', path: `users/${userId}/healthSessions/${id}`, body }
}

function batchesOf(rows: readonly Row[]): (readonly Row[])[] {
  return Array.from({ length: rows.length / batchSize }, (_, at) => rows.slice(at * batchSize, (at + 1) * batchSize))
}

async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<unknown> | unknown): Promise<void> {
  for (const item of items) await work(item)
}

async function atOnce<T>(items: readonly T[], clients: number, work: (item: T) => Promise<unknown>): Promise<void> {
  await Promise.all(
    Array.from({ length: clients }, (_, client) =>
      inTurn(
        items.filter((_item, at) => at % clients === client),
        work,
      ),
    ),
  )
}
