import { expect, test } from 'vitest'
import { temporaryHouse } from '../../test/golden/people.ts'
import { findUser, listUsers, newUser, requireUser, requireZone } from './manage-user.ts'

const clock = { nowMs: () => Date.parse('2024-06-12T08:00:00Z') }

test('a new person lives where they say, else in UTC', () => {
  expect(newUser({ clock }, 'europe/berlin')).toMatchObject({
    profile: { timezone: 'Europe/Berlin' },
    metadata: { createdAt: '2024-06-12T08:00:00.000000Z' },
  })
  expect(newUser({ clock }, undefined).profile.timezone).toBe('UTC')
})

test.each(['EST', '+02:00', 'Europe', 'Mars/Olympus', ''])('%j is no zone', (zone) => {
  expect(() => requireZone(zone)).toThrow(expect.objectContaining({ name: 'Problem', code: 'invalid_timezone' }))
})

test('people are found by their id and listed in its order', async () => {
  await using house = await temporaryHouse()
  expect(await listUsers(house)).toEqual([])
  const people = ['sam', 'robin'].map((userId) => ({
    op: 'put' as const,
    path: `users/${userId}`,
    body: newUser({ clock }, 'Europe/Berlin'),
  }))
  await house.documents.batch(people)
  expect((await listUsers(house)).map(({ userId }) => userId)).toEqual(['robin', 'sam'])
  expect(await findUser(house, 'sam')).toMatchObject({ userId: 'sam', version: 1, user: { profile: { timezone: 'Europe/Berlin' } } })
  expect(await findUser(house, 'nobody')).toBeUndefined()
  await expect(requireUser(house, 'nobody')).rejects.toMatchObject({ name: 'Problem', code: 'not_found' })
})
