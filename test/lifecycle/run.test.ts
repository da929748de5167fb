import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openHouse } from '../../src/app/house.ts'
import { all } from '../../src/flows/every.ts'
import { placeHold } from '../../src/flows/legal-holds.ts'
import { findRun } from '../../src/flows/lifecycle-clock.ts'
import { statePath } from '../../src/flows/lifecycle-paths.ts'
import { newJob } from '../../src/flows/queue-job.ts'
import { type LifecycleRequest, runLifecycle } from '../../src/flows/run-lifecycle.ts'
import type { StoredJob } from '../../src/model/job.ts'
import type { Write } from '../../src/ports/documents.ts'
import { queueDueLifecycle } from '../../src/worker/due-lifecycle.ts'
import { expectProblem } from '../contracts/expectations.ts'
import { run } from '../e2e/cli.ts'
import { addPerson, addSessions, openWorld, rowsOf, seenOf, type World } from './world.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const start = Date.parse('2026-01-01T03:00:00Z')
const memory = () => openWorld({ documents: 'sqlite::memory:', blobs: mkdtempSync(join(tmpdir(), 'clarity-run-')) })
const lifecycle = (world: World, atMs: number, more: Partial<LifecycleRequest> = {}) => runLifecycle(world, { atMs, ...more })

async function ada(world: World): Promise<void> {
  world.nowMs = start
  await addPerson(world, 'ada')
  await addSessions(world, 'ada', ['2020-05-01', '2023-05-01', '2026-01-01'])
}

describe('where the clock does not follow from the last run, nothing is archived or destroyed', () => {
  test.each([
    ['an hour and more before it', -HOUR_MS - 1, true],
    ['half an hour before it', -HOUR_MS / 2, false],
    ['a day after it', DAY_MS, false],
    ['32 days after it', 32 * DAY_MS, false],
    ['more than 32 days after it', 32 * DAY_MS + 1, true],
    ['in another century', 40_000 * DAY_MS, true],
  ])('%s', async (_, afterMs, isRefused) => {
    await using world = await memory()
    world.nowMs = start
    await addPerson(world, 'ada')
    await lifecycle(world, start)
    await addSessions(world, 'ada', ['2020-05-01', '2023-05-01'])
    const next = lifecycle(world, start + afterMs)
    if (isRefused) await expectProblem('clock_jumped', next)
    else await next
    expect((await seenOf(world, 'ada')).hot).toHaveLength(isRefused ? 2 : 0)
  })

  test('a time that was refused is believed once a run comes a day after it, and not at once', async () => {
    await using world = await memory()
    await ada(world)
    await lifecycle(world, start)
    const late = start + 100 * DAY_MS
    await expectProblem('clock_jumped', lifecycle(world, late))
    await expectProblem('clock_jumped', lifecycle(world, late + HOUR_MS))
    await lifecycle(world, late + HOUR_MS + DAY_MS)
    expect((await findRun(world))?.body.noted).toBeUndefined()
  })

  test('whoever is sure says so', async () => {
    await using world = await memory()
    await ada(world)
    await lifecycle(world, start)
    expect(await lifecycle(world, start + 3000 * DAY_MS, { isSure: true })).toMatchObject({ kinds: { rawData: { destroyed: 2 } } })
  })
})

test('a run goes on where it was, says how far it is, and moves no more in a second than the configuration lets it', async () => {
  await using world = await memory()
  world.nowMs = start
  const people = Array.from({ length: 36 }, (_, n) => `person${String(n).padStart(2, '0')}`)
  for (const userId of people) {
    await addPerson(world, userId)
    await addSessions(world, userId, ['2023-05-01', '2023-05-02'])
  }
  await world.documents.batch([{ op: 'put', path: 'system/configuration', body: { lifecyclePerSecond: 10 } }])
  let waitedMs = 0
  const timer = {
    elapsedMs: () => waitedMs,
    async wait(ms: number) {
      waitedMs += ms
    },
  }
  const told: string[] = []
  const stopped = new Error('stopped')
  const onPerson = (userId: string) => {
    told.push(userId)
    if (told.length === 12) throw stopped
  }
  await expect(runLifecycle({ ...world, timer }, { atMs: start, onPerson })).rejects.toBe(stopped)
  const progress: [number, number][] = []
  const looked = new Set<string>()
  const get: typeof world.documents.get = (path) => {
    looked.add(path)
    return world.documents.get(path)
  }
  const onProgress = (done: number, total: number) => progress.push([done, total])
  await runLifecycle({ ...world, documents: { ...world.documents, get }, timer }, { atMs: start, onPerson, onProgress })
  expect(progress).toEqual([8, 16, 24, 32, 36].map((done) => [done, 36]))
  // The first eight were written down as done, and are not looked at again; of those that were under way beside the twelfth nothing is left to do.
  expect(people.filter((userId) => looked.has(statePath(userId)))).toEqual(people.slice(8))
  expect(told.slice(0, 12)).toEqual(people.slice(0, 12))
  expect(told.slice(12)).toEqual(people.slice(-told.length + 12))
  expect(told.length).toBeGreaterThan(12)
  expect(waitedMs).toBeGreaterThanOrEqual(3000)
  for (const userId of people) expect((await seenOf(world, userId)).archived, userId).toHaveLength(2)
})

test('system logs: jobs of a person are archived after a year and gone after three, those of the house go after three, and one that waits stays', async () => {
  await using world = await memory()
  await ada(world)
  const job = (jobId: string, userId: string | undefined, status: string): Write[] => {
    const made = newJob({ jobId, type: 'trends', input: {}, nowMs: Date.parse('2024-06-01'), ...(userId !== undefined && { userId }) })
    const body = { ...made, status, startedAt: made.createdAt, completedAt: made.createdAt, output: {} }
    return [
      { op: 'put', path: `jobs/${jobId}`, body },
      { op: 'put', path: `jobs/${jobId}/logs/1`, body: { n: 1, at: made.createdAt, level: 'info', message: 'x' } },
    ]
  }
  await world.documents.batch([...job('done', 'ada', 'completed'), ...job('waits', 'ada', 'pending'), ...job('ours', undefined, 'failed')])
  const there = async () => (await all<StoredJob>(world.documents, { collection: 'jobs' })).map(({ path }) => path)
  expect(await lifecycle(world, start)).toMatchObject({ kinds: { systemLogs: { archived: 2, destroyed: 0 } }, houseLogs: 0 })
  expect(await there()).toEqual(['jobs/ours', 'jobs/waits'])
  const archivedJobs = (await rowsOf(world, 'ada')).map(({ path }) => path).filter((path) => path.startsWith('jobs/'))
  expect(archivedJobs.sort()).toEqual(['jobs/done', 'jobs/done/logs/1'])
  expect(await lifecycle(world, Date.parse('2027-06-02'), { isSure: true })).toMatchObject({
    kinds: { systemLogs: { destroyed: 2 } },
    houseLogs: 1,
  })
  expect(await there()).toEqual(['jobs/waits'])
})

test.each(['when it was just asked whether one stands', 'before its next step'])(
  'a hold that is placed while a run is under way stops it: %s',
  async (when) => {
    await using world = await memory()
    await ada(world)
    const documents = {
      ...world.documents,
      async get<T>(path: string) {
        const found = await world.documents.get<T>(path)
        if (when.startsWith('when') && path === 'legalHolds/ada') {
          documents.get = (other) => world.documents.get(other)
          await placeHold(world, 'ada', { reason: 'Case 17' })
        }
        return found
      },
      async batch(writes: readonly Write[]) {
        if (when.startsWith('before') && writes.some(({ path }) => path.startsWith('users/ada/archives/'))) {
          await placeHold(world, 'ada', { reason: 'Case 17' })
          documents.batch = (others) => world.documents.batch(others)
        }
        await world.documents.batch(writes)
      },
    }
    expect(await runLifecycle({ ...world, documents }, { atMs: start })).toMatchObject({ held: 1 })
    expect((await seenOf(world, 'ada')).archived).toEqual([])
  },
)

test('a worker queues a run a day, in a new store from its second day on', async () => {
  await using world = await memory()
  world.nowMs = start
  const queued = async () => (await all<StoredJob>(world.documents, { collection: 'jobs' })).map(({ path }) => path)
  await queueDueLifecycle(world)
  world.nowMs += DAY_MS - 1
  await queueDueLifecycle(world)
  expect(await queued()).toEqual([])
  world.nowMs += 1
  await queueDueLifecycle(world)
  await queueDueLifecycle(world)
  expect(await queued()).toEqual(['jobs/lifecycle_2026-01-02'])
  await lifecycle(world, world.nowMs)
  await queueDueLifecycle(world)
  expect(await queued()).toHaveLength(1)
})

describe('on the command line', () => {
  const data = mkdtempSync(join(tmpdir(), 'clarity-lifecycle-cli-'))
  afterAll(() => rmSync(data, { recursive: true }))
  const clarity = (...words: string[]) => run('cli', ['lifecycle', ...words], { data })

  test('a run is foreseen, made, refused where the clock jumped, and held', async () => {
    {
      await using house = await openHouse({ data })
      const world = { ...house, nowMs: start } as unknown as World
      await addPerson(world, 'ada')
      await addSessions(world, 'ada', ['2023-05-01', '2025-06-01'])
    }
    const foreseen = clarity('run', '--dry-run', '--json', '--at', '2026-01-01T00:00:00Z')
    expect(JSON.parse(foreseen.out)).toMatchObject({
      userId: 'ada',
      kinds: { rawData: { toArchive: 1, nextArchiveAt: '2027-06-01T12:00:00.000000Z' } },
    })
    expect(JSON.parse(clarity('run', '--json', '--at', '2026-01-01T00:00:00Z').out)).toMatchObject({
      people: 1,
      kinds: { rawData: { archived: 1 } },
    })
    expect(clarity('run', '--json', '--at', '2029-01-01T00:00:00Z')).toMatchObject({
      code: 1,
      out: expect.stringContaining('clock_jumped'),
    })
    expect(JSON.parse(clarity('hold', 'ada', '--reason', 'Case 17', '--json').out)).toMatchObject({ userId: 'ada', reason: 'Case 17' })
    const held = clarity('run', '--json', '--at', '2031-01-01T00:00:00Z', '--after-gap')
    expect(JSON.parse(held.out)).toMatchObject({ held: 1, kinds: { rawData: { destroyed: 0 } } })
    expect(clarity('holds').out).toContain('Case 17')
    expect(clarity('release', 'ada')).toMatchObject({ code: 0 })
    expect(JSON.parse(clarity('run', '--json', '--at', '2031-01-02T00:00:00Z').out)).toMatchObject({ kinds: { rawData: { destroyed: 2 } } })
    expect(clarity('hold', 'ada')).toMatchObject({ code: 2 })
    expect(clarity('run', '--at', 'tomorrow')).toMatchObject({ code: 2 })
  }, 60_000)
})

test.each(['documents', 'samples'])('where the store did not keep the %s as they were sent nothing is removed', async (what) => {
  await using world = await memory()
  await ada(world)
  const before = await seenOf(world, 'ada')
  const blobs = {
    ...world.blobs,
    async putAll(objects: Parameters<typeof world.blobs.putAll>[0]) {
      const stored = await world.blobs.putAll(objects)
      const bent = objects
        .filter(({ key }) => key.includes(`-${what}.parquet`))
        .map(({ key, bytes }) => ({ key, bytes: bytes.with(bytes.length >> 1, 255 - (bytes[bytes.length >> 1] ?? 0)) }))
      if (bent.length > 0) await world.blobs.putAll(bent)
      return stored
    },
  }
  await expectProblem('storage_corrupt', runLifecycle({ ...world, blobs }, { atMs: Date.parse('2024-01-01') }))
  expect(await seenOf(world, 'ada')).toEqual(before)
  expect(await runLifecycle(world, { atMs: Date.parse('2024-01-01') })).toMatchObject({ kinds: { rawData: { archived: 1 } } })
})
