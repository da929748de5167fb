/**
 * What sealing costs: the house as it is against the same house over its stores as they lie, each on a store of its own, in turn in one run:
 * `node bench/sealing.ts [--days 365] [--sessions 600] [--reads 400] [--rounds 5] [--folder .]`. CPU of the process and wall time.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { api } from '../src/api/api.ts'
import { type House, openHouse } from '../src/app/house.ts'
import { openLog } from '../src/app/serve/log.ts'
import { serveApi } from '../src/app/serve/serve.ts'
import { analyseDirtyDays } from '../src/flows/analyse-days.ts'
import { withEvents } from '../src/flows/events.ts'
import { guardedStores } from '../src/flows/guarded-stores.ts'
import { importFile } from '../src/flows/import-file.ts'
import { ingestSession } from '../src/flows/ingest-session.ts'
import { makeKey } from '../src/flows/keys.ts'
import { newUser } from '../src/flows/manage-user.ts'
import { watchWebhooks } from '../src/flows/webhooks.ts'
import { makeGate } from '../src/http/gate.ts'
import { handlers } from '../src/http/handlers.ts'
import { readSession } from '../src/http/read-session.ts'
import { makeServer } from '../src/http/server.ts'
import { scopesOf } from '../src/model/principal.ts'
import { synthesise } from '../src/synthetic/synthesise.ts'
import { zipOf } from '../test/importers/zip-bytes.ts'
import { median } from './measure.ts'

const { values: flags } = parseArgs({
  options: {
    days: { type: 'string', default: '365' },
    sessions: { type: 'string', default: '600' },
    reads: { type: 'string', default: '400' },
    rounds: { type: 'string', default: '5' },
    folder: { type: 'string', default: '.' },
  },
})
const [days, sessions, reads, rounds] = [flags.days, flags.sessions, flags.reads, flags.rounds].map(Number) as [
  number,
  number,
  number,
  number,
]
const lastDate = '2024-06-30'
const xml = [...synthesise({ seed: 5, days, lastDate }).chunks].join('')
// As the phone gives it.
const zip = zipOf([{ name: 'apple_health_export/export.xml', content: xml }])
const source = { length: zip.length, read: async (from: number, to: number) => zip.subarray(from, to) }
const folder = mkdtempSync(join(flags.folder, 'clarity-bench-'))

interface Cost {
  readonly cpuMs: number
  readonly wallMs: number
}
type Way = 'sealed' | 'plain'
const costs: Record<string, Record<Way, Cost[]>> = {}

try {
  for (let round = 0; round <= rounds; round++)
    for (const way of round % 2 === 0 ? (['sealed', 'plain'] as const) : (['plain', 'sealed'] as const)) await measured(way, round)
} finally {
  rmSync(folder, { recursive: true })
}
console.log(
  `Node ${process.versions.node}; ${days} days (${(xml.length / 1e6).toFixed(0)} MB), ${sessions} sessions of 60 samples, ${reads} reads; median of ${rounds}`,
)
for (const [name, { sealed, plain }] of Object.entries(costs)) {
  const ratio = (of: keyof Cost) => sealed.map((cost, at) => (plain[at]?.[of] ?? Number.NaN) / cost[of])
  const said = (of: keyof Cost) =>
    `${median(sealed.map((cost) => cost[of])).toFixed(1)} ms sealed, ${median(plain.map((cost) => cost[of])).toFixed(1)} ms not: ${median(ratio(of)).toFixed(2)} ×`
  console.log(`${name}\n  CPU ${said('cpuMs')}\n  wall ${said('wallMs')}\n  asked: ≥ 0.85 ×`)
}

/** The first round warms up and is not counted. */
async function measured(way: Way, round: number): Promise<void> {
  const data = join(folder, `${way}-${round}`)
  await using opened = await openHouse({ data, stagedNights: 'none' }, 'bench')
  const house: House = way === 'sealed' ? opened : plainOf(opened)
  const timed = async (name: string, work: () => Promise<unknown>) => {
    const [cpu, wall] = [process.cpuUsage(), performance.now()]
    await work()
    const { user, system } = process.cpuUsage(cpu)
    costs[name] ??= { sealed: [], plain: [] }
    if (round > 0) costs[name][way].push({ cpuMs: (user + system) / 1000, wallMs: performance.now() - wall })
  }
  await timed('an export is imported', () =>
    importFile(house, { userId: 'robin', fileName: 'export.zip', source, zone: 'America/New_York' }),
  )
  await timed('its days and insights are made', () => analyseDirtyDays(house, 'robin'))
  await house.documents.batch([{ op: 'put', path: 'users/ada', body: newUser(house, 'UTC') }])
  await timed('sessions of 60 samples, 16 clients', () => handIn(house))
  const server = serving(house)
  const day = (date: string) => `/v1/users/robin/days/${date}`
  const rates = (date: string) =>
    `/v1/users/robin/timeseries?metric=heart_rate&resolution=1min&from=${date}T04:00:00Z&to=${next(date)}T04:00:00Z`
  await timed('a day is read, over the API', () => again((date) => ask(server, day(date))))
  await timed('a day of heart rate by the minute, over the API', () => again((date) => ask(server, rates(date))))
  await using served = await serve(house)
  await timed('a day is read, as it is served: over HTTP, with a key, audited', () => served.ask(datesAsked().map(day)))
  await timed('a day of heart rate by the minute, as it is served', () => served.ask(datesAsked().map(rates)))
}

function next(date: string): string {
  return Temporal.PlainDate.from(date).add({ days: 1 }).toString()
}

/** The API without a network. */
function serving(house: House) {
  const principal = { kind: 'service', scopes: scopesOf.service, credential: 'bench' } as const
  return makeServer({ api, handlers, deps: house, gate: { authenticate: async () => principal, mayByGrant: async () => false } })
}

interface Served extends AsyncDisposable {
  /** One after the other, by a client in a process of its own. */
  ask(paths: readonly string[]): Promise<void>
}

/** What answers a person's app: the whole API on a port, as `clarity serve` opens it. */
async function serve(house: House): Promise<Served> {
  const key = (await makeKey(house, { kind: 'service' })).text
  const parts = {
    version: '0',
    host: '127.0.0.1',
    port: 0,
    log: openLog('error', () => undefined),
    layers: [],
    dashboard: async () => undefined,
  }
  const serving = await serveApi({ house, gate: makeGate(house), ...parts })
  const child = spawn(process.execPath, [join(import.meta.dirname, 'work/ask-urls.ts'), key], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)
  const asked = async (paths: readonly string[]) => {
    const answered = once(lines, 'line')
    child.stdin.write(`${JSON.stringify(paths.map((path) => `${serving.url}${path}`))}\n`)
    await answered
  }
  await asked(['/v1/users/robin'])
  return {
    ask: asked,
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await once(child, 'exit')
      await serving.stop(1000)
    },
  }
}

async function ask(server: ReturnType<typeof serving>, url: string): Promise<void> {
  const { statusCode, body } = await server.inject({ method: 'GET', url, headers: { authorization: 'bench' } })
  if (statusCode !== 200) throw new Error(`${statusCode} ${url}: ${body}`)
}

/** The same house, closed to who was erased and telling of what changes as well, over documents and objects as they lie. */
function plainOf(house: House): House {
  const stores = guardedStores(house.lying, house.tombstones)
  const hasWebhooks = watchWebhooks({ documents: stores.documents, timer: house.timer })
  return { ...house, documents: withEvents({ ...house, documents: stores.documents, hasWebhooks }), blobs: stores.blobs }
}

async function handIn(house: House): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < sessions)
      await ingestSession(house, { userId: 'ada', session: readSession(Buffer.from(bodyOf(next++))), handling: undefined })
  }
  await Promise.all(Array.from({ length: 16 }, lane))
}

function bodyOf(n: number): string {
  const from = Date.UTC(2024, 0, 1) + n * 3_600_000
  const at = (second: number) => new Date(from + second * 1000).toISOString()
  const samples = Array.from({ length: 60 }, (_, second) => ({ timestamp: at(second), value: 60 + ((n + second) % 40) }))
  const sessionInfo = { sessionId: `s${n}`, startTime: at(0), endTime: at(60), dataSource: 'watch', dataTypes: ['heart_rate'] }
  return JSON.stringify({ sessionInfo, heartRate: { samples } })
}

async function again(read: (date: string) => Promise<unknown>): Promise<void> {
  for (const date of datesAsked()) await read(date)
}

function datesAsked(): string[] {
  const last = Temporal.PlainDate.from(lastDate)
  return Array.from({ length: reads }, (_, n) => last.subtract({ days: ((n * 7) % Math.max(1, days - 3)) + 1 }).toString())
}
