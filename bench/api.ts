/**
 * The server under load: `node bench/api.ts [--seconds 10] [--rounds 3] [--folder .] [--only ingest,small,overload,reads]`. Ours and the
 * peer in turn on the same machine, with the same load generator beside them; rate limits are off and one process answers.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { openHouse } from '../src/app/house.ts'
import { analyseDirtyDays } from '../src/flows/analyse-days.ts'
import { importFile } from '../src/flows/import-file.ts'
import { makeKey } from '../src/flows/keys.ts'
import { newUser } from '../src/flows/manage-user.ts'
import { startServer } from '../test/e2e/server-process.ts'
import { startPostgres } from '../test/engines/postgres.ts'
import { synthetic } from '../test/golden/people.ts'
import { median } from './measure.ts'
import { type Answers, type LoadRequest, load } from './work/load.ts'
import { sessionStream } from './work/session-stream.ts'

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    folder: { type: 'string', default: '.' },
    only: { type: 'string', default: 'ingest,small,overload,reads' },
  },
})
const seconds = Number(flags.seconds)
const rounds = Number(flags.rounds)
const parts = flags.only.split(',')
const people = Array.from({ length: 200 }, (_, at) => `u${at}`)
const folder = mkdtempSync(join(flags.folder, 'clarity-bench-'))

interface Ours extends AsyncDisposable {
  readonly url: string
  readonly key: string
}

/** One API process over a new store with people in it. */
async function openOurs(documents?: string): Promise<Ours> {
  const data = mkdtempSync(join(folder, 'data-'))
  const env = { ...(documents !== undefined && { CLARITY_DOCUMENTS: documents }) }
  let key = ''
  {
    await using house = await openHouse({ data, ...(documents !== undefined && { documents }) })
    await house.documents.batch(people.map((id) => ({ op: 'put', path: `users/${id}`, body: newUser(house, 'UTC') })))
    key = (await makeKey(house, { kind: 'service' })).text
    if (parts.includes('reads') && documents === undefined) {
      const { source } = synthetic({ seed: 1, days: 40, lastDate: '2026-02-09', zone: 'UTC' })
      await importFile(house, { userId: 'u0', fileName: 'export.xml', source })
      await analyseDirtyDays(house, 'u0')
    }
  }
  const server = await startServer({
    data,
    words: ['--role', 'api'],
    env: { CLARITY_RATE_LIMITS: 'off', CLARITY_LOG: 'error', ...env },
  })
  return { url: server.url, key, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

async function openPeer(url: string): Promise<Ours> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'work/api-peer.ts'), url], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface(child.stdout), 'line')
  return {
    ...JSON.parse(line),
    key: 'none',
    async [Symbol.asyncDispose]() {
      child.kill()
      await once(child, 'exit')
    },
  }
}

const postgres = await startPostgres()
if ('missing' in postgres) throw new Error(`This bench needs ${postgres.missing}`)
try {
  if (parts.includes('ingest')) await ingest()
  if (parts.includes('small')) await small()
  if (parts.includes('overload')) await overload()
  if (parts.includes('reads')) await reads()
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true })
}

/** Sessions of 1,000 samples, ours on SQLite and PostgreSQL against rows in PostgreSQL. */
async function ingest(): Promise<void> {
  await using sqlite = await openOurs()
  await using ours = await openOurs(await database())
  await using peer = await openPeer(await database())
  const streams = [sqlite, ours, peer].map(({ url, key }) => ({ url, next: sessionStream(1000, people, key) }))
  const rates: number[][] = []
  for (let round = 0; round <= rounds; round += 1) {
    const found: Answers[] = []
    for (const { url, next } of streams) found.push(await load({ url, connections: 16, seconds, next }))
    for (const [at, answers] of found.entries()) say(`1,000 samples, 16 clients: ${['sqlite', 'postgres', 'peer'][at]}`, answers, 1000)
    // The first is to warm up.
    if (round > 0) rates.push(found.map(({ rate }) => rate))
  }
  const ratio = (at: number) => median(rates.map((row) => (row[at] ?? 0) / (row[2] ?? 0))).toFixed(1)
  console.log(`samples/s against rows in PostgreSQL: sqlite ${ratio(0)} x, postgres ${ratio(1)} x`)
}

async function small(): Promise<void> {
  for (const [name, documents] of [['sqlite', undefined] as const, ['postgres', await database()] as const]) {
    await using ours = await openOurs(documents)
    const next = sessionStream(60, people, ours.key)
    for (let round = 0; round <= rounds; round += 1)
      say(`60 samples, 32 clients: ${name}`, await load({ url: ours.url, connections: 32, seconds, next }), 60)
  }
}

/** Twice what it can hold, then half of it: is it back to normal? */
async function overload(): Promise<void> {
  await using ours = await openOurs()
  const next = sessionStream(60, people, ours.key)
  const at = (connections: number, rate?: number) =>
    load({ url: ours.url, connections, seconds, next, ...(rate !== undefined && { rate: Math.ceil(rate) }) })
  await at(64)
  const peak = await at(64)
  say('overload: peak', peak, 60)
  const twice = await at(512, 2 * peak.rate)
  say('overload: asked for twice the peak', twice, 60)
  say('overload: after it, half the peak', await at(64, peak.rate / 2), 60)
  console.log(
    `accepted at twice the peak: ${((100 * twice.rate) / peak.rate).toFixed(0)} % of the peak; shed p99 ${twice.shed.p99Ms.toFixed(1)} ms`,
  )
}

async function reads(): Promise<void> {
  await using ours = await openOurs()
  const headers = { authorization: `Bearer ${ours.key}` }
  for (const [name, path] of [
    ['an insight', '/v1/users/u0/insights/daily/2026-02-05'],
    ['a month of days', '/v1/users/u0/days?from=2026-01-05&to=2026-02-04&limit=31'],
    [
      'a day of heart rate at 1 min',
      '/v1/users/u0/timeseries?metric=heart_rate&from=2026-02-05T00:00:00Z&to=2026-02-06T00:00:00Z&resolution=1min',
    ],
  ] as const) {
    const next = (): LoadRequest => ({ method: 'GET', path, headers })
    await load({ url: ours.url, connections: 1, seconds: 2, next })
    say(`read: ${name}`, await load({ url: ours.url, connections: 1, seconds, next }), 0)
  }
}

async function database(): Promise<string> {
  if ('missing' in postgres) throw new Error('There is no PostgreSQL')
  return postgres.createDatabase()
}

function say(name: string, { rate, ok, shed, wrong }: Answers, samples: number): void {
  const figures = [
    `${rate.toFixed(0)}/s`,
    ...(samples > 0 ? [`${((rate * samples) / 1e6).toFixed(2)} M samples/s`] : []),
    `p50 ${ok.p50Ms.toFixed(1)} ms, p99 ${ok.p99Ms.toFixed(1)} ms`,
    ...(shed.count > 0 ? [`shed ${shed.count}, p99 ${shed.p99Ms.toFixed(1)} ms`] : []),
    ...(wrong > 0 ? [`WRONG ${wrong}`] : []),
  ]
  console.log(`${name.padEnd(44)} ${figures.join('  ')}`)
}
