import { afterAll, expect, test } from 'vitest'
import { sessionsApi } from '../../src/api/sessions.ts'
import { all } from '../../src/flows/every.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { runLifecycle } from '../../src/flows/run-lifecycle.ts'
import { keepAccount } from '../../src/http/account.ts'
import { sessionsHandlers } from '../../src/http/handlers/sessions.ts'
import type { HandlerDeps } from '../../src/http/handlers.ts'
import { AuditNote } from '../../src/model/audit.ts'
import type { Documents } from '../../src/ports/documents.ts'
import { temporaryHouse } from '../golden/people.ts'
import { asking } from '../http/asking.ts'
import { sessionBody } from '../http/session-bodies.ts'
import { addPerson, addSessions, openWorld } from '../lifecycle/world.ts'
import { ended, queued, quickWorker } from '../worker/world.ts'

const notesIn = async (documents: Documents) =>
  (await all<AuditNote>(documents, { collection: 'auditOutbox' })).map(({ body }) => AuditNote.parse(body))

test('a call with sessions as lines says how many there were and how many were kept', async () => {
  const house = await temporaryHouse()
  afterAll(() => house[Symbol.asyncDispose]())
  await house.documents.batch([{ op: 'put', path: 'users/robin', body: newUser(house, 'UTC') }])
  const account = keepAccount<HandlerDeps>(house)
  const ask = asking({ api: sessionsApi, handlers: sessionsHandlers, deps: house as HandlerDeps, account }, house)
  const lines = [sessionBody('a'), sessionBody('b'), { no: 'session' }].map((each) => JSON.stringify(each)).join('\n')
  const headers = { 'content-type': 'application/x-ndjson' }
  const { headers: answered } = await ask('robin', 'POST /v1/users/robin/sessions', { payload: `${lines}\n`, headers })
  const [first, last, ...more] = await notesIn(house.documents)
  expect(more).toEqual([])
  const same = { action: 'C', outcome: 'allow', resource: { type: 'users/sessions' }, requestId: answered['x-request-id'] }
  expect([first, last]).toMatchObject([same, { ...same, counts: { received: 3, kept: 2 } }])
  expect(first?.counts).toBeUndefined()

  // Sent again nothing is changed: there is one entry, and it says the same.
  await ask('robin', 'POST /v1/users/robin/sessions', { payload: `${lines}\n`, headers })
  expect((await notesIn(house.documents)).slice(2)).toMatchObject([{ counts: { received: 3, kept: 2 } }])
})

test('of each person of whom the lifecycle moved or destroyed anything it says how much, and of nobody else', async () => {
  await using world = await openWorld()
  world.nowMs = Date.parse('2026-01-01T03:00:00Z')
  for (const userId of ['ada', 'bob', 'cyd']) await addPerson(world, userId)
  await addSessions(world, 'ada', ['2020-05-01', '2023-05-01', '2023-06-01', '2026-01-01'])
  await addSessions(world, 'bob', ['2026-01-01'])
  await addSessions(world, 'cyd', ['2019-05-01'])
  await runLifecycle(world, { atMs: world.nowMs })
  const notes = await notesIn(world.documents)
  const about = async (userId: string) => {
    const subject = world.hmacOf((await world.auditKeyOf(userId)) ?? new Uint8Array(), userId)
    return notes.filter((note) => note.subject === subject).map(({ action, counts, dataClasses }) => ({ action, counts, dataClasses }))
  }
  const begun = { action: 'E', counts: undefined, dataClasses: undefined }
  expect(await about('ada')).toEqual([begun, { action: 'E', counts: { archived: 2, destroyed: 1 }, dataClasses: ['rawData'] }])
  expect(await about('bob')).toEqual([])
  expect(await about('cyd')).toEqual([begun, { action: 'E', counts: { archived: 0, destroyed: 1 }, dataClasses: ['rawData'] }])
  expect(notes).toHaveLength(4)

  await runLifecycle(world, { atMs: world.nowMs + 1 })
  expect(await notesIn(world.documents)).toHaveLength(4)
})

test('where the log cannot be written nobody’s data are moved', async () => {
  await using world = await openWorld()
  world.nowMs = Date.parse('2026-01-01T03:00:00Z')
  await addPerson(world, 'ada')
  await addSessions(world, 'ada', ['2020-05-01'])
  const full = new Error('full')
  const documents: Documents = {
    ...world.documents,
    batch: async (writes) => {
      if (writes.some(({ path }) => path.startsWith('auditOutbox/'))) throw full
      return world.documents.batch(writes)
    },
  }
  await expect(runLifecycle({ ...world, documents }, { atMs: world.nowMs })).rejects.toBe(full)
  expect(await all(world.documents, { collection: 'healthSessions' })).toHaveLength(1)
})

test('the job that runs it is about nobody', async () => {
  const house = await temporaryHouse()
  afterAll(() => house[Symbol.asyncDispose]())
  await house.documents.batch([{ op: 'put', path: 'users/robin', body: newUser(house, 'UTC') }])
  await addSessions(house, 'robin', ['2001-01-01'])
  await using worker = quickWorker(house, { only: 'lifecycle' })
  await ended(house, await queued(house, 'old-data', 'lifecycle', { input: { analysisType: 'retention' } }))
  await worker.stop()
  const [job, ...people] = (await notesIn(house.documents)).filter(({ action }) => action === 'E')
  expect(job).toMatchObject({ actor: { type: 'system', id: 'worker' }, resource: { type: 'jobs/lifecycle' } })
  expect(job?.subject).toBeUndefined()
  expect(people).toMatchObject([{ actor: { id: 'lifecycle' } }, { counts: { archived: 0, destroyed: 1 } }])
})
