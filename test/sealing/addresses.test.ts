import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { claimOf } from '../../src/flows/addresses.ts'
import { every } from '../../src/flows/every.ts'
import { openAccount } from '../../src/flows/open-account.ts'
import { collect } from '../contracts/expectations.ts'
import { temporaryHouse } from '../golden/people.ts'

const address = 'ada@example.org'
const unkeyed = `addresses/${hash('sha256', address, 'hex')}`
const account = { profile: { email: address, displayName: 'Ada', timezone: 'UTC' } } as never
const open = (house: Awaited<ReturnType<typeof temporaryHouse>>, userId: string) =>
  openAccount(house, { userId, callId: `call_${userId}`, account, addressKey: address })

test('an address is found by a hash that nobody can make without the keys', async () => {
  await using house = await temporaryHouse()
  await open(house, 'ada')
  const claims = await collect(every(house.lying.documents, { collection: 'addresses' }))
  expect(claims.map(({ body }) => body)).toMatchObject([{ userId: 'ada' }])
  expect(claims[0]?.path).toMatch(/^addresses\/[0-9a-f]{64}$/)
  expect(claims[0]?.path).not.toBe(unkeyed)
  expect(await claimOf(house, address)).toMatchObject({ body: { userId: 'ada' } })
  await open(house, 'eve')
  expect(await house.documents.get('users/eve')).toBeUndefined()
})

test('an address that was claimed before there were keys is somebody’s still', async () => {
  await using house = await temporaryHouse()
  await house.lying.documents.batch([{ op: 'put', path: unkeyed, body: { userId: 'ada', claimedAt: '2024-01-01T00:00:00Z' } }])
  await open(house, 'eve')
  expect(await house.documents.get('users/eve')).toBeUndefined()
  expect(await claimOf(house, address)).toMatchObject({ body: { userId: 'ada' } })
})
