import { afterEach, beforeEach, expect, test } from 'vitest'
import { giveConsent, mayUse, type Purpose } from '../../src/flows/consents.ts'
import { makeGrant, mayByGrant, revokeGrant, visibleMetrics, type WantedGrant } from '../../src/flows/grants.ts'
import type { KnownUser } from '../../src/flows/manage-user.ts'
import type { Grant } from '../../src/model/access.ts'
import { openWorld, START_MS, seedUsers } from './world.ts'

let world: ReturnType<typeof openWorld>
beforeEach(async () => {
  world = openWorld()
  await seedUsers(world, 'ada', 'bob')
})
afterEach(() => world.documents.close())

let receipts = 0
function consent(given: boolean, purpose: Purpose = 'dataSharing') {
  receipts += 1
  return giveConsent(world, 'ada', `r${receipts}`, { purpose, given, textVersion: '1' })
}

function grant(wanted: Partial<WantedGrant> = {}, grantId = 'g1') {
  return makeGrant(world, 'ada', grantId, { granteeId: 'bob', access: 'read', ...wanted })
}

function may(resource: Parameters<typeof mayByGrant>[3]['resource'], access: 'read' | 'write' = 'read', who = 'bob') {
  return mayByGrant(world, 'ada', who, { resource, access })
}

test('a flag counts once a receipt for it exists, and no longer than it stands', async () => {
  expect(await mayUse(world, 'ada', 'dataSharing')).toBe(false)
  await consent(true)
  expect(await mayUse(world, 'ada', 'dataSharing')).toBe(true)
  expect(await mayUse(world, 'ada', 'anonymousAnalytics')).toBe(false)
  await consent(false)
  expect(await mayUse(world, 'ada', 'dataSharing')).toBe(false)
})

test('a consent brings the flag to it, and a flag that is taken back alone is enough to withdraw', async () => {
  const flags = async () => (await world.documents.get<KnownUser>('users/ada'))?.body.profile.privacySettings
  await consent(true, 'researchParticipation')
  expect(await flags()).toEqual({ dataSharing: true, researchParticipation: true, anonymousAnalytics: true })
  const user = await world.documents.get<KnownUser>('users/ada')
  const body = structuredClone(user?.body)
  Object.assign(body?.profile.privacySettings ?? {}, { researchParticipation: false })
  await world.documents.batch([{ op: 'put', path: 'users/ada', body: body ?? {} }])
  expect(await mayUse(world, 'ada', 'researchParticipation')).toBe(false)
})

test('where the operator says so the defaults of the specification count without a receipt', async () => {
  await world.documents.batch([{ op: 'put', path: 'system/configuration', body: { consentDefaults: 'document' } }])
  expect(await mayUse(world, 'ada', 'dataSharing')).toBe(true)
  expect(await mayUse(world, 'ada', 'researchParticipation')).toBe(false)
  await consent(false)
  expect(await mayUse(world, 'ada', 'dataSharing')).toBe(false)
  expect(await mayUse(world, 'nobody', 'dataSharing')).toBe(false)
})

test('the last receipt counts, also where the clock went back', async () => {
  await consent(false)
  world.time.nowMs -= 60_000
  await consent(true)
  expect(await mayUse(world, 'ada', 'dataSharing')).toBe(true)
})

test('the same receipt twice, one after the other or at once, is one', async () => {
  const give = (receiptId: string) => giveConsent(world, 'ada', receiptId, { purpose: 'dataSharing', given: true, textVersion: '1' })
  const [first, second] = [await give('same'), await give('same')]
  expect(second).toEqual(first)
  const [one, other] = await Promise.all([give('once'), give('once')])
  expect(other).toEqual(one)
  const { data } = await world.documents.list({ collection: 'consents', parent: 'users/ada', limit: 10 })
  expect(data).toHaveLength(2)
})

test('a grant needs the consent to share, and ends with it', async () => {
  await expect(grant()).rejects.toMatchObject({ code: 'forbidden' })
  await consent(true)
  await grant()
  expect(await may('days')).toBe(true)
  await consent(false)
  expect(await may('days')).toBe(false)
})

test.each<[string, Partial<WantedGrant>, readonly [Parameters<typeof may>[0], 'read' | 'write'][]]>([
  [
    'all of it, to read',
    {},
    [
      ['profile', 'read'],
      ['sessions', 'read'],
      ['days', 'read'],
      ['insights', 'read'],
      ['trends', 'read'],
    ],
  ],
  ['days, to read', { resources: ['days'] }, [['days', 'read']]],
  [
    'sessions, to write',
    { resources: ['sessions'], access: 'write' },
    [
      ['sessions', 'read'],
      ['sessions', 'write'],
    ],
  ],
  [
    'one metric',
    { metrics: ['heart_rate'] },
    [
      ['sessions', 'read'],
      ['days', 'read'],
    ],
  ],
])('a grant of %s opens that and nothing else, to one person', async (_, wanted, open) => {
  await consent(true)
  await grant(wanted)
  for (const resource of ['profile', 'sessions', 'days', 'insights', 'trends'] as const)
    for (const access of ['read', 'write'] as const) {
      const expected = open.some(([name, how]) => name === resource && how === access)
      expect(await may(resource, access), `${access} ${resource}`).toBe(expected)
      expect(await may(resource, access, 'eve')).toBe(false)
    }
})

test('a grant ends at its time, and when it is revoked', async () => {
  await consent(true)
  await grant({ until: new Date(START_MS + 1000).toISOString() })
  expect(await may('days')).toBe(true)
  world.time.nowMs += 1000
  expect(await may('days')).toBe(false)
  await grant({}, 'g2')
  expect(await may('days')).toBe(true)
  await revokeGrant(world, 'ada', 'g2')
  expect(await may('days')).toBe(false)
  const revokedAt = async () => (await world.documents.get<Grant>('users/ada/permissions/g2'))?.body.revokedAt
  const first = await revokedAt()
  world.time.nowMs += 1000
  await revokeGrant(world, 'ada', 'g2')
  expect(await revokedAt()).toBe(first)
  await expect(revokeGrant(world, 'ada', 'g3')).rejects.toMatchObject({ code: 'not_found' })
})

test('a delegate sees the metrics of all their grants together, and the owner all', async () => {
  await consent(true)
  await grant({ metrics: ['heart_rate'], resources: ['days'] }, 'g1')
  await grant({ metrics: ['steps'] }, 'g2')
  expect(await visibleMetrics(world, 'ada', 'bob', 'days')).toEqual(new Set(['heart_rate', 'steps']))
  expect(await visibleMetrics(world, 'ada', 'bob', 'sessions')).toEqual(new Set(['steps']))
  expect(await visibleMetrics(world, 'ada', 'eve', 'days')).toEqual(new Set())
  expect(await visibleMetrics(world, 'ada', 'ada', 'days')).toBeUndefined()
  await grant({ resources: ['days'] }, 'g3')
  expect(await visibleMetrics(world, 'ada', 'bob', 'days')).toBeUndefined()
})

test.each<[string, Partial<WantedGrant>, string]>([
  ['to oneself', { granteeId: 'ada' }, '/granteeId'],
  ['that is over', { until: new Date(START_MS).toISOString() }, '/until'],
  ['to write some metrics', { metrics: ['steps'], access: 'write' }, '/metrics'],
  ['of some metrics of a profile', { metrics: ['steps'], resources: ['days', 'profile'] }, '/resources'],
])('a grant %s is refused', async (_, wanted, pointer) => {
  await consent(true)
  await expect(grant(wanted)).rejects.toMatchObject({ code: 'invalid', errors: [{ pointer }] })
})

test('the same grant twice is one', async () => {
  await consent(true)
  const [one, other] = await Promise.all([grant(), grant()])
  expect(other).toEqual(one)
})
