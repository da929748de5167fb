import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, openHouse } from '../../src/app/house.ts'
import { every } from '../../src/flows/every.ts'
import { makeKey } from '../../src/flows/keys.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import type { Day } from '../../src/model/day.ts'
import type { StoredEvent } from '../../src/model/event.ts'
import type { Stored } from '../../src/ports/documents.ts'
import { startServer } from '../e2e/server-process.ts'
import type { Heard } from '../live/listener.ts'
import { quickWorker } from '../worker/world.ts'
import { openClient } from './client.ts'
import { findClusterLosses } from './losses.ts'
import { untilDone } from './rounds.ts'

const data = mkdtempSync(join(tmpdir(), 'clarity-losses-'))
const lane = 'ann'
const last = 8
let house: House
let heard: Heard[] = []

beforeAll(async () => {
  {
    await using fresh = await openHouse({ data })
    await fresh.documents.batch([{ op: 'put', path: `users/${lane}`, body: newUser(fresh, 'UTC') }])
    const { text: token } = await makeKey(fresh, { kind: 'service' })
    await fresh[Symbol.asyncDispose]()
    await using server = await startServer({ data })
    const client = openClient({ apis: [server.url, server.url], token, lane })
    for (let n = 1; n <= last; n += 1) await client.hand(n)
    expect(await server.end()).toBe(0)
  }
  house = await openHouse({ data })
  await using _ = quickWorker(house)
  await untilDone(house.documents)
  heard = await eventsOf(house)
})
afterAll(async () => {
  await house[Symbol.asyncDispose]()
  rmSync(data, { recursive: true })
})

async function eventsOf({ documents }: House): Promise<Heard[]> {
  const found: Heard[] = []
  for await (const { body } of every<StoredEvent>(documents, { collection: 'events', parent: `users/${lane}` }))
    for (const change of body.changes) found.push({ id: '', event: `${change.type}.${change.action}`, data: change })
  return found
}

const losses = (person: { last?: number; heard?: readonly Heard[] } = {}) => findClusterLosses(house, [{ lane, last, heard, ...person }])

/** What is wrong while a document is other than it was; it is put back after. */
async function lossesWithout(path: string, changed?: (body: never) => object): Promise<string[]> {
  const { body } = (await house.documents.get(path)) as Stored<object>
  await house.documents.batch([changed ? { op: 'put', path, body: changed(body as never) } : { op: 'delete', path }])
  try {
    return await losses()
  } finally {
    await house.documents.batch([{ op: 'put', path, body }])
  }
}

test('where everything was handed in and made, nothing is wrong', async () => {
  expect(await losses()).toEqual([])
})

test('an acknowledged step of which nothing is there is lost', async () => {
  const wrong = await losses({ last: last + 1 })
  expect(wrong).toContain(`session s${last + 1} of ann is lost`)
  expect(wrong).toContainEqual(expect.stringMatching(/^2024-01-02 of ann is/))
})

test('what nobody handed in is found', async () => {
  expect(await losses({ last: last - 1 })).toContain(`users/ann/healthSessions/s${last} was never sent`)
})

test('events that were not told, or told twice, are found', async () => {
  const [session, day] = ['session.created', 'day.created'].map((event) => heard.find((each) => each.event === event) as Heard)
  const without = (left: Heard | undefined) => losses({ heard: heard.filter((each) => each !== left) })
  expect(await without(session)).toEqual([`ann was not told of session.created ${session?.data.id}`])
  expect(await without(day)).toEqual([`ann was not told of day ${day?.data.id} 1`])
  expect(await losses({ heard: [...heard, ...(day ? [day] : [])] })).toEqual([`ann was told 2 times of day ${day?.data.id} 1`])
})

test('a job that is stuck is found', async () => {
  const [job] = (await house.documents.list<object>({ collection: 'jobs', limit: 1 })).data
  expect(await lossesWithout(job?.path ?? '', (body: object) => ({ ...body, status: 'pending' }))).toContainEqual(
    expect.stringMatching(/^job .* is pending after/),
  )
})

test('an object that is gone is found', async () => {
  const { body } = (await house.documents.get('users/ann/healthSessions/s6')) as Stored<{ samples: { key: string } }>
  const { key } = body.samples
  const bytes = await house.blobs.get(key)
  await house.blobs.delete(key)
  expect(await losses()).toEqual(['the samples of users/ann/healthSessions/s6: not_found', `${key} is missing`])
  await house.blobs.putAll([{ key, bytes }])
})

// The last two: what is put back has a version more.
test('a session whose samples are those of another, and that was written twice, is found', async () => {
  const other = (await house.documents.get('users/ann/healthSessions/s5')) as Stored<{ samples: object }>
  const wrong = await lossesWithout('users/ann/healthSessions/s4', (body: object) => ({ ...body, samples: other.body.samples }))
  expect(wrong).toContain('users/ann/healthSessions/s4 has 61 samples and not the 61 that were sent')
  expect(wrong).toContain('users/ann/healthSessions/s4 was written 2 times')
})

test('a day that says something else is found', async () => {
  const path = 'users/ann/days/2024-01-01'
  expect(await lossesWithout(path, (day: Day) => ({ ...day, steps: (day.steps ?? 0) + 1 }))).toContainEqual(
    expect.stringMatching(/^2024-01-01 of ann is .* and not/),
  )
})
