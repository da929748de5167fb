import { expect, test } from 'vitest'
import { handMonth, readAll } from '../../test/fixtures/handed-month.ts'
import { daysOf, temporaryHouse } from '../../test/golden/people.ts'
import type { StoredSession } from '../model/session.ts'
import type { Stored } from '../ports/documents.ts'
import { analyseDirtyDays } from './analyse-days.ts'
import { deleteSession } from './delete-session.ts'
import { packMonth } from './pack-month.ts'

type House = Awaited<ReturnType<typeof temporaryHouse>>

/** The same, where something happens before an object is read for the first time. */
function interrupted(house: House, meanwhile: () => Promise<unknown>): House {
  let isFirst = true
  const get: House['blobs']['get'] = async (key, options) => {
    if (isFirst) {
      isFirst = false
      await meanwhile()
    }
    return house.blobs.get(key, options)
  }
  return { ...house, blobs: { ...house.blobs, get } }
}

test('an analysis beside which a session is deleted makes the day of what is left', async () => {
  await using house = await temporaryHouse()
  await handMonth(house, [1, 3])
  await analyseDirtyDays(
    interrupted(house, () => deleteSession(house, 'robin', 's3')),
    'robin',
  )
  expect((await daysOf(house)).map(({ steps }) => steps)).toEqual([137])
})

test('an analysis beside which a session moves into another object makes the day of it all the same', async () => {
  await using house = await temporaryHouse()
  await handMonth(house, [1, 2, 4, 5, 7, 8, 10, 11])
  await packMonth(house, 'robin', '2024-01')
  // Its neighbours go into a new object.
  await analyseDirtyDays(
    interrupted(house, () => deleteSession(house, 'robin', 's11')),
    'robin',
  )
  const [first] = await daysOf(house)
  expect(first?.steps).toBe(137 + 174 + 248 + 285)
})

test('a session whose object is lost is still an error', async () => {
  await using house = await temporaryHouse()
  await handMonth(house, [3])
  const { body } = (await house.documents.get('users/robin/healthSessions/s3')) as Stored<StoredSession>
  await house.blobs.delete(body.samples?.key ?? '')
  await expect(analyseDirtyDays(house, 'robin')).rejects.toMatchObject({ code: 'not_found' })
})

test('of two deletions at once of sessions that share an object neither fails, and the others stay', async () => {
  await using house = await temporaryHouse()
  await handMonth(house, [1, 2, 4, 5, 7, 8, 10, 11])
  await packMonth(house, 'robin', '2024-01')
  await deleteSession(
    interrupted(house, () => deleteSession(house, 'robin', 's1')),
    'robin',
    's2',
  )
  expect((await readAll(house)).map(({ sessionInfo }) => sessionInfo.sessionId)).toEqual(['s10', 's11', 's4', 's5', 's7', 's8'])
})
