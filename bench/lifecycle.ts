/**
 * The lifecycle against the specification's own loop, on the same store in one run:
 * `node bench/lifecycle.ts [--sessions 1000000] [--loop 2000] [--rounds 3] [--folder .] [--documents sqlite:|postgres://…] [--sealed]`.
 *
 * The loop is that of the specification: a thousand old sessions are asked for (all are old, so that none has to be looked for), then each by itself goes to the cold place as an object of its
 * document and samples, and in one batch gets its archival metadata and leaves the active ones. It reads nothing back. Ours reads every
 * archive back, its checksum, its rows and each session's own samples, before anything is removed. With `--sealed` both go through a whole
 * house, which seals bodies and objects with each person's keys and tells of every change.
 */
import { hash, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemTimer } from '../src/adapters/timer/system.ts'
import { readConfig } from '../src/app/config.ts'
import { openHouse } from '../src/app/house.ts'
import { openBlobs, openDocuments } from '../src/app/stores.ts'
import { newPack, type Part } from '../src/columns/pack.ts'
import { archivedRows } from '../src/flows/archived-row.ts'
import { every } from '../src/flows/every.ts'
import { newUser } from '../src/flows/manage-user.ts'
import { runLifecycle } from '../src/flows/run-lifecycle.ts'
import { sessionFile } from '../src/flows/session-samples.ts'
import type { Archive } from '../src/model/archive.ts'
import type { StoredSession } from '../src/model/session.ts'
import type { Write } from '../src/ports/documents.ts'
import { accountParts } from '../test/fixtures/account.ts'
import { tableOf } from '../test/fixtures/sample-tables.ts'
import { median } from './measure.ts'

const { values: flags } = parseArgs({
  options: {
    sessions: { type: 'string', default: '1000000' },
    loop: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '3' },
    folder: { type: 'string', default: '.' },
    documents: { type: 'string' },
    sealed: { type: 'boolean', default: false },
  },
})
const rounds = Number(flags.rounds)
const perRound = Math.ceil(Number(flags.sessions) / rounds)
const perLoop = Math.ceil(Number(flags.loop) / rounds)
/** Three sources a day over two years. */
const [sources, months] = [3, 24]
const perMonth = sources * 31

const nowMs = Date.UTC(2026, 0, 1)

const folder = mkdtempSync(join(flags.folder, 'clarity-bench-'))
const clock = { nowMs: () => nowMs }
const deps = { ...(flags.sealed ? await sealedDeps() : await openDeps()), clock, timer: systemTimer }
const { documents, blobs } = deps
const { bytes: monthBytes, parts } = oneMonth()
let people = 0

try {
  const ratios: number[] = []
  let at = nowMs
  for (let round = 1; round <= rounds; round++) {
    await fill(perLoop)
    const theirs = await timed(() => loop(perLoop))
    await empty()
    const count = await fill(perRound)
    at += 1000
    const ours = await timed(async () => {
      const { kinds } = await runLifecycle(deps, { atMs: at })
      if (kinds.rawData.archived !== count) throw new Error(`${kinds.rawData.archived} of ${count} were archived`)
    })
    await check(count)
    const [loopRate, ourRate] = [perLoop / (theirs.ms / 1000), count / (ours.ms / 1000)]
    ratios.push(ourRate / loopRate)
    const cpu = `CPU ${((theirs.cpuMs / perLoop) * 1000).toFixed(0)} and ${((ours.cpuMs / count) * 1000).toFixed(1)} us a session`
    console.log(
      `round ${round}: loop ${loopRate.toFixed(0)}/s of ${perLoop}, ours ${ourRate.toFixed(0)}/s of ${count}: ${(ourRate / loopRate).toFixed(1)} x; ${cpu}`,
    )
    await empty()
  }
  console.log(`median ${median(ratios).toFixed(1)} x`)
} finally {
  await documents.close()
  rmSync(folder, { recursive: true })
}

function sealedDeps() {
  const documents = flags.documents === undefined ? {} : { CLARITY_DOCUMENTS: flags.documents }
  return openHouse(readConfig({ CLARITY_DATA: join(folder, 'house'), ...documents }), 'bench', { isBusy: true })
}

async function openDeps() {
  const newId = () => randomUUID().replaceAll('-', '')
  return {
    documents: await openDocuments(flags.documents ?? `sqlite:${join(folder, 'clarity.db')}`, { isBusy: true }),
    blobs: await openBlobs(`file:${join(folder, 'blobs')}`),
    newId,
    sha256: (bytes: Uint8Array) => hash('sha256', bytes, 'hex'),
    ...accountParts({ clock, newId }),
  }
}

/** The specification's loop. */
async function loop(count: number): Promise<void> {
  for (let done = 0; done < count; ) {
    const old = await documents.list<StoredSession>({ collection: 'healthSessions', limit: Math.min(1000, count - done) })
    for (const { path, body, version } of old.data) {
      const samples = body.samples ? await sessionFile(blobs, body.samples) : new Uint8Array()
      const key = `archive/${body.userId}/${body.sessionInfo.sessionId}`
      await blobs.putAll([{ key, bytes: Buffer.concat([Buffer.from(JSON.stringify(body)), samples]) }])
      const metadata = { userId: body.userId, kind: 'rawData', month: body.sessionInfo.sessionId, key }
      await documents.batch([
        { op: 'put', path: `users/${body.userId}/archives/${body.sessionInfo.sessionId}`, body: metadata },
        { op: 'delete', path, ifVersion: version },
      ])
      done += 1
    }
  }
}

/** Old sessions as imports leave them: a month of a person's samples in one object. Gives how many. */
async function fill(count: number): Promise<number> {
  let made = 0
  while (made < count) {
    const userId = `person${people++}`
    const writes: Write[] = [{ op: 'put', path: `users/${userId}`, body: newUser(deps, 'UTC') }]
    const objects: { key: string; bytes: Uint8Array }[] = []
    for (let month = 0; month < months && made < count; month++) {
      const name = `${2021 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`
      const key = `samples/${userId}/${name}/${deps.newId()}.parquet`
      const sessions = parts.map((part, at) => sessionOf(userId, name, at, key, part))
      writes.push(...sessions.filter((each) => each !== undefined))
      made += sessions.filter((each) => each !== undefined).length
      objects.push({ key, bytes: monthBytes })
    }
    await blobs.putAll(objects)
    for (let from = 0; from < writes.length; from += 500) await documents.batch(writes.slice(from, from + 500))
  }
  return made
}

/** Of the length and the make of an imported session's: 1.4 kB. */
function sessionOf(userId: string, month: string, at: number, key: string, part: Part & { readonly sha256: string }): Write {
  const localDate = `${month}-${String(Math.min(28, Math.floor(at / sources) + 1)).padStart(2, '0')}`
  const startTime = `${localDate}T${String(10 + (at % sources)).padStart(2, '0')}:${String(Math.floor(at / sources)).padStart(2, '0')}:00.000000Z`
  const source = { id: `watch_8dbe99ce60929${at % sources}`, name: 'Watch of somebody', kind: 'watch' }
  const dataTypes = ['heart_rate', 'heart_rate_variability', 'steps', 'active_energy', 'respiratory_rate', 'oxygen_saturation']
  const sessionId = `s_${localDate.replaceAll('-', '')}_${source.id}_${at}`
  const flags = dataTypes.map((code, n) => ({ code: 'duplicate_removed', count: n + 1, detail: code }))
  const { offset, length, rows, sha256 } = part
  const body = {
    userId,
    sessionInfo: { sessionId, startTime, endTime: startTime, dataSource: source.name, dataTypes },
    heartRate: { statistics: { min: 52, max: 151, average: 71.337, standardDeviation: 11.204 } },
    localDate,
    zone: 'America/New_York',
    source,
    quality: {
      verdict: 'flag',
      flags,
      quarantined: {},
      counts: { received: 977, accepted: 970, duplicate: 7, quarantined: 0, rejected: 0 },
    },
    revision: 1,
    samples: { key, length, sha256, rows, offset },
    note: 'x'.repeat(200),
  }
  return { op: 'put', path: `users/${userId}/healthSessions/${sessionId}`, body }
}

function oneMonth() {
  const pack = newPack()
  const parts = Array.from({ length: perMonth }, (_, at) => {
    const start = Date.UTC(2021, 0, 1) + at * 3_600_000
    const samples = Array.from({ length: 30 }, (_, n) => ({
      metric: 'heart_rate',
      type: 'x',
      unit: '/min',
      start: start + n * 60_000,
      value: 60 + ((at + n) % 40),
    }))
    return pack.add(tableOf(samples.map((sample) => ({ ...sample, end: sample.start }))), { date: '2021-01-01', source: 'watch' })
  })
  const bytes = pack.finish().slice()
  const sha256 = (offset: number, length: number) => hash('sha256', bytes.subarray(offset, offset + length), 'hex')
  return { bytes, parts: parts.map((part) => ({ ...part, sha256: sha256(part.offset, part.length) })) }
}

/** Nothing is hot any more, and what the archives hold is what was there. */
async function check(count: number): Promise<void> {
  const hot = await documents.list({ collection: 'healthSessions', limit: 1 })
  let rows = 0
  let looked = 0
  for await (const { body } of every<Archive>(documents, { collection: 'archives' })) {
    rows += body.documents.rows
    if (looked++ % 100 === 0 && (await archivedRows(deps, body)).length !== body.documents.rows) throw new Error('An archive lacks rows')
  }
  if (hot.data.length > 0 || rows !== count) throw new Error(`${rows} of ${count} are archived, ${hot.data.length} hot`)
}

async function empty(): Promise<void> {
  for (const collection of ['healthSessions', 'archives', 'lifecycles', 'users']) {
    for (;;) {
      const { data } = await documents.list({ collection, limit: 500 })
      if (data.length === 0) break
      await documents.batch(data.map(({ path }) => ({ op: 'delete', path })))
    }
  }
}

/** The CPU is that of every thread of the process. */
async function timed(run: () => Promise<void>): Promise<{ readonly ms: number; readonly cpuMs: number }> {
  const startMs = performance.now()
  const start = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(start)
  return { ms: performance.now() - startMs, cpuMs: (user + system) / 1000 }
}
