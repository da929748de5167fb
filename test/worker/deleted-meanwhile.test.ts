import { expect, test } from 'vitest'
import { importsApi } from '../../src/api/imports.ts'
import { deleteSession } from '../../src/flows/delete-session.ts'
import { findWork } from '../../src/flows/dirty-work.ts'
import { findStrays } from '../../src/flows/find-strays.ts'
import { ingestSession } from '../../src/flows/ingest-session.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { importsHandlers } from '../../src/http/handlers/imports.ts'
import type { Day } from '../../src/model/day.ts'
import { readHanded } from '../../src/model/handed-session.ts'
import type { KeptSession } from '../../src/model/session.ts'
import { exportText, steps } from '../golden/export-text.ts'
import { temporaryHouse } from '../golden/people.ts'
import { asking } from '../http/asking.ts'
import { ended, quickWorker, until } from './world.ts'

type House = Awaited<ReturnType<typeof temporaryHouse>>

/** The same house, in which `meanwhile` happens once, just before the first batch that writes what `isIt` says. */
function interrupted(house: House, isIt: (path: string) => boolean, meanwhile: () => Promise<void>): House {
  let hasHappened = false
  const batch: House['documents']['batch'] = async (writes) => {
    if (!hasHappened && writes.some(({ path }) => isIt(path))) {
      hasHappened = true
      await meanwhile()
    }
    await house.documents.batch(writes)
  }
  return { ...house, documents: { ...house.documents, batch } }
}

async function sessionsOf({ documents }: House) {
  return (await documents.list<KeptSession>({ collection: 'healthSessions', parent: 'users/ada', limit: 9 })).data
}

async function jobsDone({ documents }: House): Promise<boolean> {
  const query = { collection: 'jobs', index: 'owner', limit: 9 }
  const left = await Promise.all(['pending', 'processing'].map((status) => documents.list({ ...query, equals: ['ada', status] })))
  return left.every(({ data }) => data.length === 0)
}

test('178: of a session that is deleted while a job makes its day nothing is told when the work is done', async () => {
  await using house = await temporaryHouse()
  await house.documents.batch([{ op: 'put', path: 'users/ada', body: newUser(house, 'UTC') }])
  const said = (sessionId: string, total: number, hour: string) => ({
    sessionInfo: { sessionId, startTime: `2024-01-20T${hour}:00:00Z`, endTime: `2024-01-20T${hour}:30:00Z`, dataSource: 'Apple Watch' },
    activity: { steps: { total } },
  })
  for (const body of [said('stays', 10, '08'), said('goes', 4000, '09')])
    await ingestSession(house, { userId: 'ada', session: readHanded(body), handling: 'lenient' })
  const day = async () => (await house.documents.get<Day>('users/ada/days/2024-01-20'))?.body
  const job = (await house.documents.list<{ jobId: string }>({ collection: 'jobs', limit: 1 })).data[0]?.body.jobId ?? ''
  const busy = interrupted(
    house,
    (path) => path.includes('/days/'),
    () => deleteSession(house, 'ada', 'goes'),
  )
  await using _ = quickWorker(busy)
  await ended(house, job)
  await expect.poll(async () => (await jobsDone(house)) && (await findWork(house, 'ada')).marks.length, { timeout: 20_000 }).toBe(0)
  expect((await day())?.steps).toBe(10)
})

test('178: a file whose session is deleted while its job adds to it does not bring it back', async () => {
  await using house = await temporaryHouse()
  await house.documents.batch([{ op: 'put', path: 'users/ada', body: newUser(house, 'America/New_York') }])
  const ask = asking({ api: importsApi, handlers: importsHandlers, deps: house }, house)
  const sent = async (...records: Parameters<typeof exportText>[0]) => {
    const headers = { 'content-type': 'application/octet-stream' }
    return (await ask('ada', 'POST /v1/users/ada/imports', { payload: exportText(records), headers })).body.jobId
  }
  const morning = steps('phone', '2024-06-12', '08:00', '09:00', 1200)
  {
    const first = await sent(morning)
    await using _ = quickWorker(house)
    await ended(house, first)
  }
  const [session] = await sessionsOf(house)
  const id = session?.path.split('/').at(-1) ?? ''
  const second = await sent(morning, steps('phone', '2024-06-12', '10:00', '11:00', 800))
  const busy = interrupted(
    house,
    (path) => path.endsWith(id),
    () => deleteSession(house, 'ada', id),
  )
  await using _ = quickWorker(busy)
  expect(await until(house, second, ({ status }) => status === 'completed' || status === 'failed')).toMatchObject({ status: 'completed' })
  expect((await sessionsOf(house)).map(({ body }) => 'deletedAt' in body)).toEqual([true])
  expect(await findStrays(house, false)).toMatchObject({ missing: [], strays: 0 })
})
