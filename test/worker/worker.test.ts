import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Problem } from '../../src/model/problem.ts'
import type { Task } from '../../src/worker/task.ts'
import { temporaryHouse } from '../golden/people.ts'
import { ended, jobOf, logOf, queued, quickWorker, until } from './world.ts'

const done: Task = { run: async () => ({ output: {} }) }

test('a job is taken, moves, and is completed with what it made in one step', async () => {
  await using house = await temporaryHouse()
  const seen = Promise.withResolvers<void>()
  const task: Task = {
    async run({ report, log }) {
      for (const at of [0, 1, 2, 3, 4]) {
        report({ stage: 'counting', done: at, total: 4, step: 0, steps: 2 })
        await setTimeout(30)
      }
      report({ stage: 'writing', done: 1, total: 2, step: 1, steps: 2 })
      log('half of it')
      await seen.promise
      return { output: { artifacts: ['a'] }, writes: [{ op: 'put', path: 'users/robin', body: { made: 1 } }], dataProcessedMb: 2 }
    },
  }
  await queued(house, 'j', 'trends')
  await using _ = quickWorker(house, { tasks: { trends: task } })
  const half = await until(house, 'j', ({ progress }) => progress?.stage === 'writing')
  expect(half.progress).toEqual({ stage: 'writing', currentStep: 'writing', percentage: 75, stepsCompleted: 1, totalSteps: 2 })
  seen.resolve()
  const job = await ended(house, 'j')
  expect(job).toMatchObject({
    status: 'completed',
    attempts: 1,
    output: { artifacts: ['a'] },
    progress: { stage: 'done', percentage: 100 },
    errors: [],
  })
  expect(job.metrics).toMatchObject({ dataProcessed: 2, processingTime: expect.any(Number) })
  expect(job).not.toHaveProperty('lease')
  expect(await house.documents.get('users/robin')).toMatchObject({ version: 1 })
  expect(await logOf(house, 'j')).toEqual([
    expect.stringMatching(/^Attempt 1 by /),
    'Stage counting',
    'Stage writing',
    'half of it',
    expect.stringMatching(/^Completed in /),
  ])
})

test('jobs of a higher priority come first, then the older, and never two of one person at once', async () => {
  await using house = await temporaryHouse()
  const begun: string[] = []
  let now = 0
  let most = 0
  const task: Task = {
    async run({ job }) {
      begun.push(job.jobId)
      most = Math.max(most, ++now)
      await setTimeout(5)
      now--
      return { output: {} }
    },
  }
  for (const id of ['a', 'b', 'c', 'd']) await queued(house, id, 'trends', { userId: 'robin' })
  const { path, body } = await jobOf(house, 'd')
  await house.documents.batch([{ op: 'put', path, body: { ...body, priority: 2 } }])
  await using _ = quickWorker(house, { tasks: { trends: task } })
  for (const id of ['a', 'b', 'c', 'd']) expect(await ended(house, id)).toMatchObject({ status: 'completed' })
  expect(begun).toEqual(['d', 'a', 'b', 'c'])
  expect(most).toBe(1)
})

test('183: a task that tells more than all of it fails its attempt, and nothing of that is stored', async () => {
  await using house = await temporaryHouse()
  const task: Task = {
    async run({ report }) {
      report({ stage: 'counting', done: 101, total: 100, step: 0, steps: 1 })
      return { output: {} }
    },
  }
  await queued(house, 'j', 'trends')
  await using _ = quickWorker(house, { tasks: { trends: task } })
  const job = await ended(house, 'j')
  expect(job).toMatchObject({ status: 'failed', attempts: 5 })
  expect(job.progress).toBeUndefined()
})

test('a caller’s mistake ends a job at once; a part that does not answer is asked again', async () => {
  await using house = await temporaryHouse()
  let asked = 0
  const trends: Task = {
    async run() {
      if (++asked < 3) throw new Problem('unavailable', 'The store does not answer.')
      return { output: {} }
    },
  }
  const backup: Task = { run: () => Promise.reject(new Problem('archive_corrupt', 'The file is empty.')) }
  await queued(house, 'passing', 'trends')
  await queued(house, 'lasting', 'backup')
  await using worker = quickWorker(house, { tasks: { trends, backup } })
  expect(await ended(house, 'passing')).toMatchObject({
    status: 'completed',
    attempts: 3,
    errors: [{ code: 'unavailable' }, { code: 'unavailable' }],
  })
  expect(await ended(house, 'lasting')).toMatchObject({
    status: 'failed',
    attempts: 1,
    errors: [{ code: 'archive_corrupt', message: 'The file is empty.' }],
  })
  await worker.stop()
  expect(worker.events.flatMap((event) => (event.event === 'ended' ? [`${event.jobId} ${event.outcome}`] : [])).sort()).toEqual([
    'lasting failed',
    'passing completed',
    'passing retried',
    'passing retried',
  ])
})

test('a bug is tried five times with growing waits, and its words are kept out of the store', async () => {
  await using house = await temporaryHouse()
  const bug: Task = { run: () => Promise.reject(new Error('heart rate 61')) }
  await queued(house, 'j', 'trends')
  await using worker = quickWorker(house, { tasks: { trends: bug } })
  const job = await ended(house, 'j')
  expect(job).toMatchObject({ status: 'failed', attempts: 5 })
  expect(job.errors.map(({ code }) => code)).toEqual(Array(5).fill('internal'))
  expect(JSON.stringify([job, await logOf(house, 'j')])).not.toContain('heart rate')
  const waits = (await logOf(house, 'j')).flatMap((line) => /again in ([\d.]+) s/.exec(line)?.[1] ?? [])
  expect(waits).toHaveLength(4)
  await worker.stop()
  expect(worker.events).toContainEqual(
    expect.objectContaining({ outcome: 'failed', error: expect.objectContaining({ message: 'heart rate 61' }) }),
  )
})

test('a job that was cancelled ends at the worker’s next heartbeat and changes nothing more', async () => {
  await using house = await temporaryHouse()
  const begun = Promise.withResolvers<void>()
  const stopped = Promise.withResolvers<string>()
  const endless: Task = {
    async run({ report, documents }) {
      begun.resolve()
      try {
        for (let at = 0; ; at++) {
          report({ stage: 'counting', done: at % 10, total: 10, step: 0, steps: 1 })
          await setTimeout(5)
        }
      } catch (error) {
        await documents.batch([{ op: 'put', path: 'users/robin', body: {} }]).catch(({ name }) => stopped.resolve(name))
        throw error
      }
    },
  }
  await queued(house, 'j', 'trends')
  await using _ = quickWorker(house, { tasks: { trends: endless } })
  await begun.promise
  for (;;) {
    const { path, version, body } = await jobOf(house, 'j')
    const { lease: __, ...rest } = body as { lease?: unknown } & typeof body
    const put = { op: 'put' as const, path, ifVersion: version, body: { ...rest, status: 'cancelled', completedAt: body.createdAt } }
    if (
      await house.documents.batch([put]).then(
        () => true,
        () => false,
      )
    )
      break
  }
  expect(await stopped.promise).toBe('LeaseLost')
  expect(await jobOf(house, 'j')).toMatchObject({ body: { status: 'cancelled' } })
  expect(await house.documents.get('users/robin')).toBeUndefined()
})

test('a stop waits for what is under way, and gives back what takes too long as if it had not been begun', async () => {
  await using house = await temporaryHouse()
  const begun = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const short: Task = {
    async run() {
      begun[0]?.resolve()
      await setTimeout(50)
      return { output: {} }
    },
  }
  const long: Task = {
    run() {
      begun[1]?.resolve()
      return new Promise(() => undefined)
    },
  }
  await queued(house, 'short', 'trends')
  await queued(house, 'long', 'backup')
  const worker = quickWorker(house, { tasks: { trends: short, backup: long }, times: { graceMs: 200 } })
  await Promise.all(begun.map(({ promise }) => promise))
  await worker.stop()
  expect((await jobOf(house, 'short')).body).toMatchObject({ status: 'completed' })
  expect((await jobOf(house, 'long')).body).toMatchObject({ status: 'pending', attempts: 0, errors: [] })
  await using _ = quickWorker(house, { tasks: { backup: done } })
  expect(await ended(house, 'long')).toMatchObject({ status: 'completed', attempts: 1 })
})
