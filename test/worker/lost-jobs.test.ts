import { expect, test } from 'vitest'
import type { House } from '../../src/app/house.ts'
import type { Task } from '../../src/worker/task.ts'
import { temporaryHouse } from '../golden/people.ts'
import { ended, jobOf, queued, quickWorker } from './world.ts'

const done: Task = { run: async () => ({ output: {} }) }

test('F3: who was stopped past its lease cannot write when it wakes, and the job has one effect', async () => {
  await using house = await temporaryHouse()
  const asleep = Promise.withResolvers<void>()
  const woken = Promise.withResolvers<void>()
  const refused = Promise.withResolvers<string>()
  const put = (by: string) => ({ op: 'put' as const, path: 'users/robin', body: { by } })
  const zombie: Task = {
    async run({ documents }) {
      asleep.resolve()
      await woken.promise
      await documents.batch([put('zombie')]).catch(({ name }) => refused.resolve(name))
      return { output: { by: 'zombie' }, writes: [put('zombie')] }
    },
  }
  const heir: Task = {
    run: async ({ documents }) => ({ output: { by: 'heir', seen: await documents.get('users/robin') }, writes: [put('heir')] }),
  }
  await queued(house, 'j', 'trends')
  // Its heart does not beat: as a process that was stopped.
  await using first = quickWorker(house, { tasks: { trends: zombie }, times: { heartbeatMs: 1e9, tellMs: 50 } })
  await asleep.promise
  await using _ = quickWorker(house, { tasks: { trends: heir }, times: { leaseMs: 10_000 } })
  expect(await ended(house, 'j')).toMatchObject({
    status: 'completed',
    attempts: 2,
    output: { by: 'heir' },
    errors: [{ code: 'worker_lost' }],
  })
  woken.resolve()
  expect(await refused.promise).toBe('LeaseLost')
  await first.stop()
  expect(first.events).toContainEqual(expect.objectContaining({ event: 'ended', outcome: 'lost' }))
  expect(await house.documents.get('users/robin')).toMatchObject({ version: 1, body: { by: 'heir' } })
})

test('a worker whose clock is an hour behind takes over all the same, by watching', async () => {
  await using house = await temporaryHouse()
  const { path, body } = await jobOf(house, await queued(house, 'j', 'trends'))
  const now = new Date(house.clock.nowMs() + 3_600_000).toISOString()
  const held = { ...body, status: 'processing', startedAt: now, attempts: 1, lease: { worker: 'gone', until: now, fence: 2 } }
  await house.documents.batch([{ op: 'put', path, body: held }])
  await using _ = quickWorker(house, { tasks: { trends: done } })
  expect(await ended(house, 'j')).toMatchObject({ status: 'completed', attempts: 2 })
})

test('F6: a job that took two workers with it is tried alone: not beside what runs, and with nothing beside it', async () => {
  await using house = await temporaryHouse()
  const told: string[] = []
  const ends = new Map(['first', 'second', 'suspect'].map((id) => [id, Promise.withResolvers<void>()] as const))
  const begins = new Map(['first', 'second', 'suspect'].map((id) => [id, Promise.withResolvers<void>()] as const))
  const slow: Task = {
    async run({ job: { jobId } }) {
      told.push(`${jobId} begins`)
      begins.get(jobId)?.resolve()
      await ends.get(jobId)?.promise
      told.push(`${jobId} ends`)
      return { output: {} }
    },
  }
  await queued(house, 'first', 'trends')
  let looks = 0
  let onLook = () => {}
  const claim: House['documents']['claim'] = async (query, change) => {
    const taken = await house.documents.claim(query, change)
    looks += 1
    onLook()
    return taken
  }
  await using _ = quickWorker({ ...house, documents: { ...house.documents, claim } }, { tasks: { trends: slow } })
  await begins.get('first')?.promise
  const { path, body } = await jobOf(house, await queued(house, 'suspect', 'backup'))
  const gone = { code: 'worker_lost', message: 'It went away.', at: '2024-01-20T00:00:00.000000Z' }
  const lease = { worker: 'gone', until: gone.at, fence: 2 }
  const lost = { ...body, type: 'trends', status: 'processing', startedAt: gone.at, attempts: 2, errors: [gone], lease }
  await house.documents.batch([{ op: 'put', path, body: lost }])
  await queued(house, 'second', 'trends')
  const seen = looks + 3
  while (looks < seen) await new Promise<void>((resolve) => (onLook = resolve))
  ends.get('first')?.resolve()
  await begins.get('suspect')?.promise
  ends.get('suspect')?.resolve()
  await begins.get('second')?.promise
  ends.get('second')?.resolve()
  expect(await ended(house, 'second')).toMatchObject({ status: 'completed', attempts: 1 })
  expect(await ended(house, 'suspect')).toMatchObject({ status: 'completed', attempts: 3, errors: [gone, { code: 'worker_lost' }] })
  expect(told).toEqual(['first begins', 'first ends', 'suspect begins', 'suspect ends', 'second begins', 'second ends'])
})

test('what a killed worker had is taken up also by one whose hands are full, and nothing else is', async () => {
  await using house = await temporaryHouse()
  const [over, begun] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const told: string[] = []
  const slow: Task = {
    async run({ job: { jobId } }) {
      told.push(jobId)
      begun.resolve()
      if (jobId === 'long') await over.promise
      return { output: {} }
    },
  }
  await queued(house, 'long', 'trends')
  await using _ = quickWorker(house, { tasks: { trends: slow }, slots: 1 })
  await begun.promise
  await queued(house, 'waiting', 'trends')
  const { path, body } = await jobOf(house, await queued(house, 'orphan', 'backup'))
  const at = '2024-01-20T00:00:00.000000Z'
  const lost = { ...body, type: 'trends', status: 'processing', startedAt: at, attempts: 1, lease: { worker: 'gone', until: at, fence: 2 } }
  await house.documents.batch([{ op: 'put', path, body: lost }])
  expect(await ended(house, 'orphan')).toMatchObject({ status: 'completed', attempts: 2 })
  expect(told).toEqual(['long', 'orphan'])
  over.resolve()
  await ended(house, 'waiting')
})
