import { afterEach, beforeEach, expect, test } from 'vitest'
import { hasLiveKey, makeKey, revokeKey } from '../../src/flows/keys.ts'
import { makeSignInLink, spendSignInLink } from '../../src/flows/sign-in.ts'
import { verifyKey } from '../../src/flows/verify-key.ts'
import { makeGate } from '../../src/http/gate.ts'
import type { ApiKey } from '../../src/model/api-key.ts'
import type { Principal } from '../../src/model/principal.ts'
import { openWorld, seedUsers } from './world.ts'

let world: ReturnType<typeof openWorld>
beforeEach(async () => {
  world = openWorld()
  await seedUsers(world, 'ada')
})
afterEach(() => world.documents.close())

const refused = expect.objectContaining({ code: 'unauthorized' })

test('of a key only the hash of its secret is kept', async () => {
  const { key, text } = await makeKey(world, { kind: 'device', userId: 'ada' })
  const secret = text.slice(-43)
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
  const kept = JSON.stringify((await world.documents.get(`keys/${key.keyId}`))?.body)
  expect(kept).not.toContain(secret)
  expect(JSON.parse(kept)).toMatchObject({ kind: 'device', userId: 'ada', scopes: ['sessions:write'] })
})

test('111: what is no credential is refused', async () => {
  const gate = makeGate(world)
  const { text } = await makeKey(world, { kind: 'service' })
  const other = text.slice(0, -1) + (text.endsWith('A') ? 'E' : 'A')
  for (const header of [undefined, '', 'Bearer', 'Bearer ', `Basic ${text}`, text, `Bearer ${text} x`, `Bearer ${other}`, 'Bearer a.b.c'])
    await expect(gate.authenticate(header), header).rejects.toEqual(refused)
  expect(await gate.authenticate(`bearer ${text}`)).toMatchObject({ kind: 'service' })
})

test('118: a revoked key is refused within a second, by a process that believed it too', async () => {
  const { key, text } = await makeKey(world, { kind: 'service' })
  const [here, there] = [makeGate(world), makeGate(world)]
  const header = `Bearer ${text}`
  for (const gate of [here, there]) expect(await gate.authenticate(header)).toMatchObject({ credential: key.keyId })
  await revokeKey(world, text)
  world.time.nowMs += 999
  for (const gate of [here, there]) await expect(gate.authenticate(header)).rejects.toEqual(refused)
})

test('what was found true is not asked for again at once', async () => {
  const { key, text } = await makeKey(world, { kind: 'service' })
  const gate = makeGate(world)
  await gate.authenticate(`Bearer ${text}`)
  await world.documents.batch([{ op: 'delete', path: `keys/${key.keyId}` }])
  world.time.nowMs += 400
  expect(await gate.authenticate(`Bearer ${text}`)).toMatchObject({ kind: 'service' })
})

test('an expired key says so, and only to who has its secret', async () => {
  const { text } = await makeKey(world, { kind: 'service', lifeMs: 1000 })
  expect(await verifyKey(world, text)).toMatchObject({ kind: 'service' })
  world.time.nowMs += 1000
  await expect(verifyKey(world, text)).rejects.toMatchObject({ code: 'token_expired' })
  await expect(verifyKey(world, `${text.slice(0, 37)}${'A'.repeat(43)}`)).rejects.toEqual(refused)
})

test('117: a key of a person who is gone is refused', async () => {
  const { text } = await makeKey(world, { kind: 'person', userId: 'ada' })
  expect(await verifyKey(world, text)).toMatchObject({ userId: 'ada' })
  await world.documents.batch([{ op: 'delete', path: 'users/ada' }])
  await expect(verifyKey(world, text)).rejects.toEqual(refused)
})

test('a kind has its scopes or fewer, and a person where it speaks for one', async () => {
  for (const wanted of [
    { kind: 'device', userId: 'ada', scopes: ['sessions:read'] },
    { kind: 'operator', scopes: ['profile:read'] },
    { kind: 'service', scopes: ['sign-in:use'] },
    { kind: 'person' },
    { kind: 'service', userId: 'ada' },
  ] as const)
    await expect(makeKey(world, wanted), wanted.kind).rejects.toMatchObject({ code: 'invalid' })
  await expect(makeKey(world, { kind: 'person', userId: 'bob' })).rejects.toMatchObject({ code: 'not_found' })
})

test('use is noted to the hour, once', async () => {
  const { key, text } = await makeKey(world, { kind: 'service' })
  const kept = () => world.documents.get<ApiKey>(`keys/${key.keyId}`)
  world.time.nowMs += 100_000
  await verifyKey(world, text)
  await verifyKey(world, text)
  expect(await kept()).toMatchObject({ version: 2, body: { lastUsedAt: '2026-11-25T12:00:00.000000Z' } })
  world.time.nowMs += 3_600_000
  await verifyKey(world, text)
  expect(await kept()).toMatchObject({ version: 3, body: { lastUsedAt: '2026-11-25T13:00:00.000000Z' } })
})

test('a key is revoked by what a list shows of it, once and for all', async () => {
  const { key, text } = await makeKey(world, { kind: 'service' })
  expect(await revokeKey(world, key.prefix)).toBe(key.keyId)
  const revokedAt = async () => (await world.documents.get<ApiKey>(`keys/${key.keyId}`))?.body.revokedAt
  const first = await revokedAt()
  world.time.nowMs += 5000
  await revokeKey(world, key.keyId)
  expect(await revokedAt()).toBe(first)
  await expect(verifyKey(world, text)).rejects.toEqual(refused)
  for (const nothing of ['', 'clk_', 'clk_00000000', 'nothing'])
    await expect(revokeKey(world, nothing)).rejects.toMatchObject({ code: 'not_found' })
})

test('a sign-in link is good for one key, for ten minutes', async () => {
  const gate = makeGate(world)
  const link = await makeSignInLink(world)
  expect(await gate.authenticate(`Bearer ${link.text}`)).toMatchObject({ scopes: ['sign-in:use'] })
  const tries = await Promise.allSettled([1, 2, 3].map(() => spendSignInLink(world, link.key.keyId)))
  const [made, ...others] = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  expect(others).toEqual([])
  const principal = (await gate.authenticate(`Bearer ${made?.text}`)) as Principal
  expect(principal).toMatchObject({ kind: 'service', scopes: expect.arrayContaining(['users:create', 'system:read']) })
  expect(principal.scopes).not.toContain('sign-in:use')
  await expect(spendSignInLink(world, link.key.keyId)).rejects.toEqual(refused)

  const late = await makeSignInLink(world)
  world.time.nowMs += 10 * 60_000
  await expect(gate.authenticate(`Bearer ${late.text}`)).rejects.toMatchObject({ code: 'token_expired' })
})

test('a link to sign in is no credential that a server may be opened to others for', async () => {
  await makeSignInLink(world)
  expect(await hasLiveKey(world)).toBe(false)
  const { key } = await makeKey(world, { kind: 'service', lifeMs: 1000 })
  expect(await hasLiveKey(world)).toBe(true)
  world.time.nowMs += 1000
  expect(await hasLiveKey(world)).toBe(false)
  const other = await makeKey(world, { kind: 'service' })
  expect(await hasLiveKey(world)).toBe(true)
  await revokeKey(world, other.key.keyId)
  expect([await hasLiveKey(world), key.revokedAt]).toEqual([false, undefined])
})
