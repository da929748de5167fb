import { afterEach, beforeEach, expect, test } from 'vitest'
import { fromBuffer } from 'yauzl'
import { api } from '../../src/api/api.ts'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { exportFormatsTable } from '../../src/flows/export-formats.ts'
import { findStrays } from '../../src/flows/find-strays.ts'
import { runLifecycle } from '../../src/flows/run-lifecycle.ts'
import { daysHandlers } from '../../src/http/handlers/days.ts'
import { insightsHandlers } from '../../src/http/handlers/insights.ts'
import { sessionsHandlers } from '../../src/http/handlers/sessions.ts'
import { systemHandlers } from '../../src/http/handlers/system.ts'
import { timeseriesHandlers } from '../../src/http/handlers/timeseries.ts'
import { usersHandlers } from '../../src/http/handlers/users.ts'
import type { StoredSession } from '../../src/model/session.ts'
import { temporaryHouse } from '../golden/people.ts'
import { asking } from '../http/asking.ts'
import { runJobs } from './jobs.ts'
import { addPerson, addSessions, hotSessions, rowsOf, seenOf, type World } from './world.ts'

// What an outside observer sees, over HTTP and in the stores, of one person whose sessions grow old.

type Asking = ReturnType<typeof asking>

let house: Awaited<ReturnType<typeof temporaryHouse>>
let world: World & typeof house
let ask: Asking

beforeEach(async () => {
  house = await temporaryHouse()
  const clock = { nowMs: () => world.nowMs }
  world = { ...house, clock, nowMs: Date.parse('2024-03-01T00:00:00Z') } as unknown as typeof world
  const handlers = { ...sessionsHandlers, ...daysHandlers, ...insightsHandlers, ...timeseriesHandlers, ...usersHandlers, ...systemHandlers }
  const table = Object.fromEntries(Object.entries(api).filter(([name]) => Object.hasOwn(handlers, name))) as typeof api
  ask = asking({ api: table, handlers: handlers as never, deps: world }, world)
  await addPerson(world, 'ada')
})
afterEach(() => house[Symbol.asyncDispose]())

const at = (instant: string) => {
  world.nowMs = Date.parse(instant)
  return world.nowMs
}
const lifecycle = (instant: string) => runLifecycle(world, { atMs: at(instant), isSure: true })

function session(id: string, date: string, rates: readonly number[], startHour = 8) {
  const time = (minute: number) => new Date(Date.parse(`${date}T00:00:00Z`) + startHour * 3_600_000 + minute * 60_000).toISOString()
  return {
    sessionInfo: {
      sessionId: id,
      startTime: time(0),
      endTime: time(600),
      dataSource: 'apple_watch_series_9',
      dataTypes: ['heart_rate', 'steps'],
    },
    heartRate: { samples: rates.map((value, n) => ({ timestamp: time(n * 5), value })) },
    series: { steps: { unit: '{steps}', samples: [{ startTime: time(0), endTime: time(60), value: 1000 }] } },
  }
}

async function hand(id: string, date: string, rates: readonly number[] = [60, 62, 64]) {
  const answer = await ask('ada', 'POST /v1/users/ada/sessions', { body: session(id, date, rates) })
  expect(answer.status).toBeLessThan(300)
  return answer.body
}

const ids = (answer: { body: { data: { sessionInfo: { sessionId: string } }[] } }) =>
  answer.body.data.map((each) => each.sessionInfo.sessionId)

test('an archived session is listed, read with its samples and in timeseries where that is asked for, and reads as it did', async () => {
  for (const day of ['01', '02', '03']) await hand(`s${day}`, `2024-02-${day}`)
  const before = await ask('ada', 'GET /v1/users/ada/sessions/s02?samples=true')
  const span = 'from=2024-02-01T00:00:00Z&to=2024-02-04T00:00:00Z&metric=heart_rate'
  const series = await ask('ada', `GET /v1/users/ada/timeseries?${span}`)
  await lifecycle('2026-02-03T12:00:00Z')

  expect(ids(await ask('ada', 'GET /v1/users/ada/sessions'))).toEqual([])
  expect(ids(await ask('ada', 'GET /v1/users/ada/sessions?archived=true'))).toEqual(['s03', 's02', 's01'])
  const first = await ask('ada', 'GET /v1/users/ada/sessions?archived=true&limit=2')
  const second = await ask('ada', `GET /v1/users/ada/sessions?archived=true&limit=2&cursor=${first.body.nextCursor}`)
  expect([...ids(first), ...ids(second)]).toEqual(['s03', 's02', 's01'])
  expect(second.body.nextCursor).toBeUndefined()
  expect((await ask('ada', 'GET /v1/users/ada/sessions/s02?samples=true')).body).toEqual(before.body)
  expect((await ask('ada', `GET /v1/users/ada/timeseries?${span}`)).body.data).toEqual([])
  expect((await ask('ada', `GET /v1/users/ada/timeseries?${span}&archived=true`)).body).toEqual(series.body)
  expect(await ask('bob', 'GET /v1/users/ada/sessions?archived=true')).toMatchObject({ status: 404 })
})

test('of a session that is archived and hot the hot one counts, also where it lacks what is asked for', async () => {
  await hand('s02', '2024-02-02')
  await lifecycle('2026-02-03T12:00:00Z')
  const asked = 'GET /v1/users/ada/timeseries?from=2024-02-01T00:00:00Z&to=2024-02-04T00:00:00Z&metric=heart_rate&archived=true'
  expect((await ask('ada', asked)).body.data).toHaveLength(3)
  const [{ path = '', body = {} } = {}] = await rowsOf(world, 'ada')
  const { samples: _, sessionInfo, ...rest } = body as unknown as StoredSession
  await world.documents.batch([{ op: 'put', path, body: { ...rest, sessionInfo: { ...sessionInfo, dataTypes: ['steps'] } } }])
  expect((await ask('ada', asked)).body.data).toEqual([])
})

test('late data join an archived month: the same is a duplicate, more is kept, and the next run archives all of it', async () => {
  await hand('s01', '2024-02-01')
  await hand('s02', '2024-02-02')
  await lifecycle('2026-02-03T12:00:00Z')
  at('2026-02-04T00:00:00Z')
  expect(await hand('s01', '2024-02-01')).toMatchObject({ status: 'exists' })
  expect(await hand('s03', '2024-02-02', [70, 71])).toMatchObject({ status: 'created' })
  expect((await seenOf(world, 'ada')).hot).toHaveLength(3)
  await lifecycle('2026-02-05T12:00:00Z')
  expect(await seenOf(world, 'ada')).toEqual({ hot: [], archived: ['healthSessions/s01', 'healthSessions/s02', 'healthSessions/s03'] })
  expect(await findStrays(world, false)).toMatchObject({ missing: [], damaged: [], strays: 0 })
})

test('a day of which late data come is made of the archived sessions too, and a day whose raw data were destroyed stays as it is', async () => {
  await hand('s01', '2024-02-01', [60, 60, 60])
  await analyseDirtyDays(world, 'ada')
  const steps = async () => (await ask('ada', 'GET /v1/users/ada/days/2024-02-01')).body.steps
  expect(await steps()).toBe(1000)
  await lifecycle('2026-02-03T12:00:00Z')
  await ask('ada', 'POST /v1/users/ada/sessions', { body: session('late', '2024-02-01', [61], 12) })
  await lifecycle('2026-02-03T13:00:00Z')
  expect(await hotSessions(world, 'ada')).toEqual([])
  await analyseDirtyDays(world, 'ada')
  expect(await steps()).toBe(2000)

  await lifecycle('2029-02-03T12:00:00Z')
  expect(await seenOf(world, 'ada')).toEqual({ hot: [], archived: [] })
  await ask('ada', 'POST /v1/users/ada/sessions', { body: session('later', '2024-02-01', [61], 15) })
  await analyseDirtyDays(world, 'ada')
  expect(await steps()).toBe(2000)
})

test('an archived session can be replaced and deleted, and what it said before is archived with it', async () => {
  await hand('s01', '2024-02-01')
  await hand('s02', '2024-02-02')
  const { headers } = await ask('ada', 'GET /v1/users/ada/sessions/s01')
  const replaced = { body: session('s01', '2024-02-01', [80, 81]), headers: { 'if-match': String(headers.etag) } }
  expect(await ask('ada', 'PUT /v1/users/ada/sessions/s01', replaced)).toMatchObject({ status: 200 })
  await lifecycle('2026-02-03T12:00:00Z')
  const earlier = await ask('ada', 'GET /v1/users/ada/sessions/s01?revision=1&samples=true')
  expect(earlier.body.heartRate.samples.map(({ value }: { value: number }) => value)).toEqual([60, 62, 64])
  expect(await ask('ada', 'DELETE /v1/users/ada/sessions/s01')).toMatchObject({ status: 204 })
  expect(await ask('ada', 'GET /v1/users/ada/sessions/s01')).toMatchObject({ status: 404 })
  await lifecycle('2026-02-05T12:00:00Z')
  expect(ids(await ask('ada', 'GET /v1/users/ada/sessions?archived=true'))).toEqual(['s02'])
  expect(await findStrays(world, false)).toMatchObject({ missing: [], damaged: [], strays: 0 })
})

test('under a legal hold nothing is archived or destroyed, and what is due goes once it is released', async () => {
  await hand('s01', '2024-02-01')
  expect(await ask('ada', 'PUT /v1/system/legal-holds/ada', { body: { reason: 'mine' } })).toMatchObject({ status: 403 })
  expect(await ask('operator:', 'PUT /v1/system/legal-holds/nobody', { body: { reason: 'x' } })).toMatchObject({ status: 404 })
  expect(await ask('operator:', 'PUT /v1/system/legal-holds/ada', { body: { reason: 'Case 17' } })).toMatchObject({ status: 200 })
  expect((await ask('operator:', 'GET /v1/system/legal-holds')).body.data).toMatchObject([{ userId: 'ada', reason: 'Case 17' }])
  expect(await lifecycle('2030-02-03T12:00:00Z')).toMatchObject({ held: 1, kinds: { rawData: { archived: 0, destroyed: 0 } } })
  expect((await seenOf(world, 'ada')).hot).toEqual(['healthSessions/s01'])
  expect(await ask('operator:', 'DELETE /v1/system/legal-holds/ada')).toMatchObject({ status: 204 })
  expect(await lifecycle('2030-02-04T12:00:00Z')).toMatchObject({ held: 0, kinds: { rawData: { destroyed: 1 } } })
})

test('it is said beforehand what would happen to whom and when, and then it happens', async () => {
  await addPerson(world, 'bob', { rawData: '1_year' })
  await hand('s01', '2024-02-01')
  await hand('s02', '2024-05-02')
  at('2024-06-01T00:00:00Z')
  const { body } = await ask('ada', 'GET /v1/users/ada/retention')
  expect(body.kinds.rawData).toMatchObject({
    wish: 'indefinite',
    hotFor: '2_years',
    keptFor: '5_years',
    toArchive: 0,
    nextArchiveAt: '2026-02-01T08:00:00.000000Z',
    nextDestroyAt: '2029-02-01T08:00:00.000000Z',
  })
  const order = { body: { dryRun: true, at: '2026-03-01T00:00:00Z' } }
  const foreseen = await ask('operator:', 'POST /v1/system/lifecycle', order)
  expect(foreseen).toMatchObject({ status: 200, body: { data: [{ userId: 'ada', held: false }, { userId: 'bob' }] } })
  expect(foreseen.body.data[0].kinds.rawData).toMatchObject({ toArchive: 1, toDestroy: 0, nextArchiveAt: '2026-05-02T08:00:00.000000Z' })
  expect(foreseen.body.data[1].kinds.rawData).toMatchObject({ hotFor: '1_year', keptFor: '1_year' })
  expect((await seenOf(world, 'ada')).hot).toHaveLength(2)

  at('2026-03-01T00:00:00Z')
  const asked = await ask('operator:', 'POST /v1/system/lifecycle', { body: {} })
  expect(asked).toMatchObject({ status: 202, body: { type: 'lifecycle', status: 'pending' } })
  expect(await runJobs(world)).toMatchObject([{ status: 'completed', output: { kinds: { rawData: { archived: 1, destroyed: 0 } } } }])
  expect(await seenOf(world, 'ada')).toEqual({ hot: ['healthSessions/s02'], archived: ['healthSessions/s01'] })
})

test('policies are set within bounds, shown with the effective wish, and hold from the next run on', async () => {
  const policies = (raw: object) => ({ body: { dataRetentionPolicies: { raw_health_data: raw } } })
  for (const bad of [
    { retentionYears: 0 },
    { retentionYears: 3, archivalYears: 2 },
    { archivalYears: 101 },
    { retentionYears: 1.5 },
    { deletionTrigger: 'never' },
  ])
    expect(await ask('operator:', 'PUT /v1/system/configuration', policies(bad)), JSON.stringify(bad)).toMatchObject({ status: 422 })
  const audit = { body: { dataRetentionPolicies: { audit_logs: { retentionYears: 6 } } } }
  expect(await ask('operator:', 'PUT /v1/system/configuration', audit)).toMatchObject({ status: 422 })
  const set = await ask('operator:', 'PUT /v1/system/configuration', policies({ retentionYears: 1, archivalYears: 3 }))
  expect(set).toMatchObject({ status: 200 })
  expect((await ask('operator:', 'GET /v1/system/configuration')).body.dataRetentionPolicies).toMatchObject({
    raw_health_data: { retentionYears: 1, archivalYears: 3, deletionTrigger: 'retention_expiry', backupFrequency: 'daily' },
    processed_insights: { retentionYears: 5, archivalYears: 10 },
    audit_logs: { retentionYears: 7, archivalYears: null },
  })
  expect((await ask('ada', 'GET /v1/users/ada/preferences')).body.effectiveRetention).toMatchObject({
    rawData: '3_years',
    insights: '10_years',
  })
  await hand('s01', '2024-02-01')
  await lifecycle('2025-02-02T00:00:00Z')
  expect((await seenOf(world, 'ada')).archived).toEqual(['healthSessions/s01'])
  await lifecycle('2027-02-02T00:00:00Z')
  expect(await seenOf(world, 'ada')).toEqual({ hot: [], archived: [] })
})

test('an export says the same before and after sessions are archived, and holds the objects that it names', async () => {
  await hand('s01', '2024-02-01')
  await addSessions(world, 'ada', ['2024-02-02', '2024-02-03'])
  await analyseDirtyDays(world, 'ada', undefined, ['2024-02-02'])
  const before = await exported('ada')
  await lifecycle('2026-02-04T00:00:00Z')
  expect((await seenOf(world, 'ada')).archived).toHaveLength(3)
  const after = await exported('ada')
  expect(after.get('sessions/2024-02.ndjson')).toBe(before.get('sessions/2024-02.ndjson'))
  expect(after.get('store/days.ndjson')).toBe(before.get('store/days.ndjson'))
  const linesOf = (files: Map<string, string>, name: string) => (files.get(name) ?? '').trim().split('\n').length
  expect(linesOf(after, 'store/healthSessions.ndjson')).toBe(3)
  const objects = [...after.keys()].filter((name) => name.startsWith('store/samples/'))
  const named = [...(after.get('store/healthSessions.ndjson') ?? '').matchAll(/"key":"samples\/ada\/([^"]+)"/g)].map(
    ([, name]) => `store/samples/${name}`,
  )
  expect(objects).toHaveLength(1)
  expect([...new Set(named)]).toEqual(objects)
})

/** The text of each file in an export. */
async function exported(userId: string): Promise<Map<string, string>> {
  const chunks: Uint8Array[] = []
  for await (const chunk of await exportFormatsTable.zip.make(world, userId)) chunks.push(new Uint8Array(chunk))
  return filesOf(Buffer.concat(chunks))
}

function filesOf(zip: Buffer): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  return new Promise((resolve, reject) => {
    fromBuffer(zip, { lazyEntries: true }, (failure, opened) => {
      if (failure) return reject(failure)
      opened.on('end', () => resolve(files))
      opened.on('entry', (entry) =>
        opened.openReadStream(entry, async (broken, stream) => {
          if (broken) return reject(broken)
          const parts: Buffer[] = []
          for await (const part of stream) parts.push(part as Buffer)
          files.set(entry.fileName, Buffer.concat(parts).toString('utf8'))
          opened.readEntry()
        }),
      )
      opened.readEntry()
    })
  })
}
