import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { jobsApi } from '../../src/api/jobs.ts'
import { makeClient } from '../../src/client/client.ts'
import { cancelJob } from '../../src/flows/manage-jobs.ts'
import { jobsHandlers } from '../../src/http/handlers/jobs.ts'
import { makeServer } from '../../src/http/server.ts'
import type { Job } from '../../src/model/job.ts'
import { scopesOf } from '../../src/model/principal.ts'
import { Problem } from '../../src/model/problem.ts'
import type { Reached } from '../../src/worker/task.ts'
import { temporaryHouse } from '../golden/people.ts'
import { jobOf, queued, quickWorker, until } from '../worker/world.ts'

let house: Awaited<ReturnType<typeof temporaryHouse>>
let server: ReturnType<typeof makeServer>
const revoked = new Set<string>()
beforeEach(async () => {
  house = await temporaryHouse()
  revoked.clear()
  server = makeServer({
    api: jobsApi,
    handlers: jobsHandlers,
    deps: house,
    gate: {
      async authenticate(said = '') {
        const credential = said.slice('Bearer '.length)
        if (revoked.has(credential)) throw new Problem('unauthorized', 'No valid credential.')
        if (credential === 'operator') return { kind: 'operator', scopes: scopesOf.operator, credential }
        return { kind: 'person', userId: credential, scopes: scopesOf.person, credential }
      },
      mayByGrant: async () => false,
    },
  })
  await server.listen({ port: 0, host: '127.0.0.1' })
})
afterEach(async () => {
  server.server.closeAllConnections()
  await server.close()
  await house[Symbol.asyncDispose]()
})

function clientOf(token: string) {
  return makeClient(jobsApi, { url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`, token })
}

interface Told {
  readonly id: string
  readonly event: string
  readonly data: Job
}

async function follow(token: string, jobId: string, lastEventId?: string): Promise<AsyncIterable<Told>> {
  const { events } = await clientOf(token).followJob({ params: { jobId }, ...(lastEventId !== undefined && { lastEventId }) })
  return events as AsyncIterable<Told>
}

test.each([
  ['ada', 'a person’s'],
  ['operator', 'nobody’s'],
])('to %s %s job is told as it moves, and the stream ends with it', async (who) => {
  await queued(house, 'j', 'trends', who === 'ada' ? { userId: 'ada' } : {})
  const steps = [0, 1, 2].map(() => Promise.withResolvers<void>())
  const reached = (done: number): Reached => ({ stage: 'counting', done, total: 3, step: 0, steps: 1 })
  const feed = await follow(who, 'j')
  await using _ = quickWorker(house, {
    tasks: {
      trends: {
        async run({ report }) {
          for (const [at, { promise }] of steps.entries()) {
            report(reached(at))
            await promise
          }
          return { output: { artifacts: ['a'] } }
        },
      },
    },
  })
  const told: Told[] = []
  for await (const each of feed) {
    told.push(each)
    const at = each.data.progress?.percentage
    if (each.data.status === 'processing' && at !== undefined) steps[Math.round((at * 3) / 100)]?.resolve()
  }
  expect(told[0]).toMatchObject({ event: 'job', data: { jobId: 'j', status: 'pending', priority: 'normal' } })
  const moved = told.flatMap(({ data: { status, progress } }) => (status === 'processing' && progress ? [progress.percentage] : []))
  expect(moved).toEqual([0, 33.3, 66.7])
  expect(told.at(-1)?.data).toMatchObject({ status: 'completed', progress: { percentage: 100 }, output: { artifacts: ['a'] } })
  expect(told.at(-1)?.id).toBe(String((await jobOf(house, 'j')).version))
  expect(JSON.stringify(told)).not.toContain('lease')
  const versions = told.map(({ id }) => Number(id))
  expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
})

test('it resumes after what was had, and a job that is over is told once more or not at all', async () => {
  await queued(house, 'j', 'trends', { userId: 'ada' })
  const { version } = await jobOf(house, 'j')
  await cancelJob(house, 'j')
  const heard = async (after?: string) => {
    const ids: string[] = []
    for await (const { id, data } of await follow('ada', 'j', after)) ids.push(`${id} ${data.status}`)
    return ids
  }
  expect(await heard()).toEqual([`${version + 1} cancelled`])
  expect(await heard(String(version))).toEqual([`${version + 1} cancelled`])
  expect(await heard(String(version + 1))).toEqual([])
})

test('another’s job is not there, and a credential that was revoked hears no more', async () => {
  await queued(house, 'j', 'trends', { userId: 'ada' })
  await expect(follow('bob', 'j')).rejects.toMatchObject({ code: 'not_found' })
  await expect(follow('ada', 'none')).rejects.toMatchObject({ code: 'not_found' })
  await expect(follow('ada', 'j', 'x')).rejects.toMatchObject({ code: 'bad_header' })
  const told: string[] = []
  for await (const { data } of await follow('ada', 'j')) {
    told.push(data.status)
    revoked.add('ada')
  }
  expect(told).toEqual(['pending'])
  expect((await until(house, 'j', () => true)).status).toBe('pending')
})
