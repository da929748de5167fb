import { expect, test } from 'vitest'
import { exportText, steps } from '../../test/golden/export-text.ts'
import { imported, sourceOf, temporaryHouse } from '../../test/golden/people.ts'
import type { StoredSession } from '../model/session.ts'
import { leaveObjects } from './outgrown-objects.ts'
import { sessionFile } from './session-samples.ts'

const dates = ['2024-06-12', '2024-06-13', '2024-06-14']

async function threeSessions(house: Awaited<ReturnType<typeof temporaryHouse>>) {
  await imported(house, sourceOf(exportText(dates.map((date) => steps('phone', date, '08:00', '09:00', 700)))), 'America/New_York')
  return (await house.documents.list<StoredSession>({ collection: 'healthSessions', parent: 'users/robin', limit: 9 })).data
}

test('who shares the object of one that leaves goes into a new one, byte for byte', async () => {
  await using house = await temporaryHouse()
  const [first, ...others] = await threeSessions(house)
  if (first?.body.samples === undefined) throw new Error('It has samples')
  const before = await Promise.all(others.map(({ body }) => body.samples && sessionFile(house.blobs, body.samples)))
  const { writes, finish } = await leaveObjects(house, 'robin', [first])
  await house.documents.batch([...writes, { op: 'delete', path: first.path }])
  await finish()
  const key = first.body.samples.key ?? ''
  expect(await house.blobs.head(key)).toBeUndefined()
  const after = await Promise.all(others.map(({ path }) => house.documents.get<StoredSession>(path)))
  const files = await Promise.all(after.map((session) => session?.body.samples && sessionFile(house.blobs, session.body.samples)))
  expect(files).toEqual(before)
})

test('a session leaves an object that is lost, and its neighbours stay as they are', async () => {
  await using house = await temporaryHouse()
  const [first] = await threeSessions(house)
  if (first?.body.samples?.key === undefined) throw new Error('It has samples')
  await house.blobs.delete(first.body.samples.key)
  const { writes, finish } = await leaveObjects(house, 'robin', [first])
  expect(writes).toEqual([])
  await finish()
})
