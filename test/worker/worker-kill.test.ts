import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import type { Config } from '../../src/app/config.ts'
import { type House, openHouse } from '../../src/app/house.ts'
import { daysBetween } from '../../src/flows/days-between.ts'
import { findWork } from '../../src/flows/dirty-work.ts'
import { insightsBetween } from '../../src/flows/find-insights.ts'
import { findStrays } from '../../src/flows/find-strays.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { takeImport } from '../../src/flows/take-import.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startPostgres } from '../engines/postgres.ts'
import { seeded } from '../faults/dice.ts'
import { exportText, steps } from '../golden/export-text.ts'
import { ended, queued } from './world.ts'

const program = join(import.meta.dirname, 'worker-process.ts')
const days = Array.from({ length: 40 }, (_, n) => Temporal.PlainDate.from('2024-05-01').add({ days: n }).toString())
const walks = Buffer.from(exportText(days.map((date) => steps('phone', date, '08:00', '09:00', 1000))))

describeEngine('workers over PostgreSQL', await startPostgres(), (server) => {
  let config: Config
  let house: House
  let workers: ChildProcess[] = []
  let isOver = false
  beforeEach(async () => {
    const data = await mkdtemp(join(tmpdir(), 'clarity-worker-'))
    config = { data, documents: await server.createDatabase(), warehouse: 'none' }
    house = await openHouse(config)
    isOver = false
  })
  afterEach(async () => {
    isOver = true
    await Promise.all(workers.map(killed))
    workers = []
    await house[Symbol.asyncDispose]()
    await rm(config.data, { recursive: true })
  })
  afterAll(() => server.stop())

  /** A worker process that is started again whenever it ends, as a supervisor would; only its first life is killed at a place. */
  function supervise({ killAt, limitMs }: { readonly killAt?: number; readonly limitMs?: number } = {}): void {
    const words = JSON.stringify({ ...config, killAt, limitMs })
    const flags = ['--max-old-space-size=64']
    const child = spawn(process.execPath, [...flags, program, words], { stdio: 'ignore', env: { ...process.env, NODE_ENV: 'test' } })
    workers.push(child)
    child.once('exit', () => {
      if (!isOver) supervise(limitMs === undefined ? {} : { limitMs })
    })
  }

  const random = seeded(20_261_125)
  const places = Array.from({ length: 4 }, () => 3 + Math.floor(random() * 60))

  test.each(places)('F2: killed at place %d of the stores, another worker finishes the import with one effect', async (killAt) => {
    await house.documents.batch([{ op: 'put', path: 'users/robin', body: newUser(house, 'America/New_York') }])
    const upload = { userId: 'robin', callId: 'call', content: chunksOf(walks), file: 'export.xml', dryRun: false }
    const { jobId = '', importId } = await takeImport(house, upload)
    supervise({ killAt })
    supervise()
    const job = await ended(house, jobId)
    expect(job).toMatchObject({ status: 'completed' })
    // Each attempt but the last left its error.
    expect(job.errors).toHaveLength((job.attempts ?? 0) - 1)
    const made = (await daysBetween(house, 'robin', '0001-01-01', '9999-12-30')).map(({ body }) => body)
    expect(made.map(({ date, steps: count, revision }) => [date, count, revision])).toEqual(days.map((date) => [date, 1000, 1]))
    const insights = await insightsBetween(house, 'robin', '0001-01-01', '9999-12-30')
    expect(insights.map(({ date, revision }) => [date, revision])).toEqual(days.map((date) => [date, 1]))
    expect(await findWork(house, 'robin')).toEqual({ marks: [], jobs: [] })
    expect(await findStrays(house, false)).toMatchObject({ missing: [], damaged: [] })
    // The counts are those of an import that nobody killed: each walk is new, and none a duplicate of what was kept before the kill.
    const report = { received: 40, accepted: 40, duplicate: 0, sessions: 40, days: 40, insights: 40, metrics: { steps: { accepted: 40 } } }
    expect(await house.documents.get(`users/robin/imports/${importId}`)).toMatchObject({ body: { status: 'completed', report } })
  })

  test('F4: several workers, one effect a job', async () => {
    const ids = Array.from({ length: 60 }, (_, n) => `good_${n}`)
    for (const id of ids) await queued(house, id, 'trends', { userId: `p_${id}` })
    for (let n = 0; n < 3; n++) supervise()
    for (const id of ids) {
      expect(await ended(house, id)).toMatchObject({ status: 'completed' })
      expect(await house.documents.get(`users/p_${id}`)).toMatchObject({ version: 1, body: { by: id } })
    }
  })

  test('F5: jobs that throw, never end, take all memory or kill their worker are parked, and the good ones are done', async () => {
    const good = Array.from({ length: 20 }, (_, n) => `good_${n}`)
    const bad = ['throws_1', 'loops_1', 'allocates_1', 'dies_1']
    for (const id of [...bad, ...good]) await queued(house, id, 'trends', { userId: `p_${id}` })
    for (let n = 0; n < 2; n++) supervise({ limitMs: 1000 })
    for (const id of good) expect(await ended(house, id)).toMatchObject({ status: 'completed' })
    for (const id of bad) {
      const job = await ended(house, id)
      expect(job).toMatchObject({ status: 'failed', attempts: 5, errors: expect.any(Array) })
      expect(await house.documents.get(`users/p_${id}`)).toBeUndefined()
    }
  })
})

async function* chunksOf(bytes: Uint8Array) {
  yield bytes
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}
