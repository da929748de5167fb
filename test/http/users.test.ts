import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { usersApi } from '../../src/api/users.ts'
import { configure } from '../../src/flows/configuration.ts'
import { usersHandlers } from '../../src/http/handlers/users.ts'
import { SystemConfiguration } from '../../src/model/configuration.ts'
import { temporaryHouse } from '../golden/people.ts'
import { asking } from './asking.ts'

const nowMs = Date.parse('2024-06-12T12:00:00Z')
const kept = await temporaryHouse()
const house = { ...kept, clock: { nowMs: () => nowMs } }
const ask = asking({ api: usersApi, handlers: usersHandlers, deps: house }, house)
afterAll(() => kept[Symbol.asyncDispose]())

function profile(name: string, more: object = {}) {
  return { email: `${name}@example.org`, displayName: name, ...more }
}

async function person(userId: string, more: object = {}): Promise<string> {
  const made = await ask('service:', 'POST /v1/users', { body: { userId, profile: profile(userId), ...more } })
  expect(made).toMatchObject({ status: 202, body: { userId } })
  return userId
}

const etag = async (userId: string) => String((await ask(userId, `GET /v1/users/${userId}`)).headers.etag)
const codesOf = ({ body }: { readonly body: { errors?: { pointer: string; code: string }[] } }) =>
  (body.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)

describe('an account', () => {
  test('is made under the id that was asked for, and filled with the documented defaults', async () => {
    const made = await ask('service:', 'POST /v1/users', {
      body: { userId: 'ada', profile: profile('ada', { gender: null, dateOfBirth: '1990-01-15' }), healthProfile: { height: 175.5 } },
    })
    expect(made).toMatchObject({ status: 202, body: { userId: 'ada' }, headers: { location: '/v1/users/ada' } })
    const found = await ask('ada', 'GET /v1/users/ada')
    expect(found).toMatchObject({ status: 200, headers: { etag: '"1"' } })
    expect(found.body).toEqual({
      userId: 'ada',
      profile: {
        email: 'ada@example.org',
        displayName: 'ada',
        dateOfBirth: '1990-01-15',
        timezone: 'UTC',
        preferredUnits: 'metric',
        privacySettings: { dataSharing: true, researchParticipation: false, anonymousAnalytics: true },
      },
      healthProfile: { height: 175.5, activityLevel: 'moderate', chronicConditions: [], medications: [], allergies: [] },
      preferences: {
        notificationSettings: { insights: true, achievements: true, reminders: false },
        dataRetention: { rawData: 'indefinite', insights: 'indefinite', analytics: 'indefinite' },
      },
      metadata: { createdAt: '2024-06-12T12:00:00.000000Z', updatedAt: '2024-06-12T12:00:00.000000Z', dataVersion: '1.0.0' },
      flags: [],
    })
    expect(Object.keys(found.body)).toEqual(['userId', 'profile', 'healthProfile', 'preferences', 'metadata', 'flags'])
  })

  test('gets an id of ours where none is named, the same for the same call', async () => {
    const body = { profile: profile('nameless') }
    const headers = { 'idempotency-key': 'once' }
    const [first, again] = [
      await ask('service:', 'POST /v1/users', { body, headers }),
      await ask('service:', 'POST /v1/users', { body, headers }),
    ]
    expect(first.status).toBe(202)
    expect(again.body).toEqual(first.body)
    expect((await ask('service:', `GET /v1/users/${first.body.userId}`)).body.profile.email).toBe('nameless@example.org')
  })

  test('is refused under an id that is taken', async () => {
    await person('twice')
    const again = await ask('service:', 'POST /v1/users', { body: { userId: 'twice', profile: profile('other') } })
    expect(again).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect((await ask('twice', 'GET /v1/users/twice')).body.profile.displayName).toBe('twice')
  })

  test('37: a second one with the address in other letters is answered like a new one, and is none', async () => {
    await person('first')
    const fresh = await ask('service:', 'POST /v1/users', { body: { userId: 'fresh', profile: profile('fresh') } })
    const second = await ask('service:', 'POST /v1/users', {
      body: { userId: 'second', profile: profile('x', { email: 'FIRST@Example.ORG' }) },
    })
    expect(second.status).toBe(fresh.status)
    expect(second.body).toEqual({ userId: 'second' })
    expect(Object.keys(second.headers).sort()).toEqual(Object.keys(fresh.headers).sort())
    expect((await ask('service:', 'GET /v1/users/second')).status).toBe(404)
  })

  test('36: an address beyond ASCII is accepted, and its punycode is the same address', async () => {
    await person('intl', { profile: profile('intl', { email: 'üñ@例え.jp' }) })
    expect((await ask('intl', 'GET /v1/users/intl')).body.profile.email).toBe('üñ@例え.jp')
    await ask('service:', 'POST /v1/users', { body: { userId: 'puny', profile: profile('x', { email: 'üñ@xn--r8jz45g.jp' }) } })
    expect((await ask('service:', 'GET /v1/users/puny')).status).toBe(404)
  })

  test('two at once of one address make one account', async () => {
    const open = (userId: string) => ask('service:', 'POST /v1/users', { body: { userId, profile: profile('racing') } })
    expect((await Promise.all(['race-1', 'race-2', 'race-3'].map(open))).map(({ status }) => status)).toEqual([202, 202, 202])
    const found = await Promise.all(['race-1', 'race-2', 'race-3'].map((userId) => ask('service:', `GET /v1/users/${userId}`)))
    expect(found.map(({ status }) => status).sort()).toEqual([200, 404, 404])
  })
})

test('39: who is under the operator’s minimum age gets no account', async () => {
  await configure(house, SystemConfiguration.parse({ minimumAge: 16 }))
  try {
    const young = { userId: 'young', profile: profile('young', { dateOfBirth: '2008-06-13' }) }
    expect(await ask('service:', 'POST /v1/users', { body: young })).toMatchObject({ status: 403, body: { code: 'age_restricted' } })
    expect((await ask('service:', 'GET /v1/users/young')).status).toBe(404)
    const old = { userId: 'young', profile: profile('young', { dateOfBirth: '2008-06-12' }) }
    expect((await ask('service:', 'POST /v1/users', { body: old })).status).toBe(202)
  } finally {
    await configure(house, SystemConfiguration.parse({}))
  }
})

describe('the list of people', () => {
  test('tells ids and times, page by page, to services and operators', async () => {
    for (const userId of ['list-1', 'list-2', 'list-3']) await person(userId)
    const seen: string[] = []
    let next = ''
    do {
      const page = await ask('operator:', `GET /v1/users?limit=2${next}`)
      expect(page.status).toBe(200)
      for (const each of page.body.data) expect(Object.keys(each)).toEqual(['userId', 'createdAt', 'updatedAt'])
      seen.push(...page.body.data.map(({ userId }: { userId: string }) => userId))
      next = page.body.nextCursor === undefined ? '' : `&cursor=${page.body.nextCursor}`
    } while (next !== '')
    expect(seen).toEqual(seen.toSorted())
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(expect.arrayContaining(['list-1', 'list-2', 'list-3']))
  })

  test('99, 105, 110: is refused with a limit, a cursor or a parameter that is none', async () => {
    for (const limit of ['0', '-1', '1e9', 'abc', '1.5', '1001', ''])
      expect((await ask('service:', `GET /v1/users?limit=${limit}`)).body, limit).toMatchObject({ status: 400, code: 'bad_parameter' })
    for (const cursor of ['x', 'AAAAAAAAAAAAAAAA.e30', '.'])
      expect((await ask('service:', `GET /v1/users?cursor=${cursor}`)).body, cursor).toMatchObject({ status: 400, code: 'bad_cursor' })
    expect((await ask('service:', 'GET /v1/users?sort=email')).body).toMatchObject({ status: 400, code: 'unknown_parameter' })
  })

  test('is not for a person, a device or an auditor', async () => {
    for (const who of ['ada', 'device:ada', 'auditor:', 'researcher:'])
      expect((await ask(who, 'GET /v1/users')).body, who).toMatchObject({ status: 403, code: 'forbidden' })
    expect((await ask('ada', 'POST /v1/users', { body: { profile: profile('mine') } })).body).toMatchObject({ status: 403 })
  })
})

test('another person’s profile, and that of nobody, are not there; an operator has no business with any', async () => {
  await person('owner')
  for (const what of [
    'GET /v1/users/owner',
    'GET /v1/users/owner/preferences',
    'GET /v1/users/owner/source-priority',
    'DELETE /v1/users/owner',
  ])
    expect((await ask('stranger', what)).body, what).toMatchObject({ status: 404, code: 'not_found' })
  const words = ({ body: { requestId: _, ...rest } }: Awaited<ReturnType<typeof ask>>) => rest
  expect(words(await ask('stranger', 'GET /v1/users/owner'))).toEqual(words(await ask('service:', 'GET /v1/users/nobody')))
  expect((await ask('operator:', 'GET /v1/users/owner')).status).toBe(403)
  expect((await ask('device:owner', 'GET /v1/users/owner')).status).toBe(403)
  for (const what of ['GET /v1/users/nobody/preferences', 'GET /v1/users/nobody/source-priority', 'DELETE /v1/users/nobody'])
    expect((await ask('nobody', what)).status, what).toBe(404)
  expect((await ask('nobody', 'PATCH /v1/users/nobody', { body: {} })).status).toBe(404)
})

describe('what is sent of a person', () => {
  beforeAll(() => person('sent'))
  const patch = (body: unknown) => ask('sent', 'PATCH /v1/users/sent', { body })

  test.each([
    ['32', { userId: 'x' }, '/userId read_only_field'],
    ['32', { tenantId: 't' }, '/tenantId read_only_field'],
    ['32', { role: 'admin' }, '/role read_only_field'],
    ['32', { metadata: { createdAt: '2020-01-01T00:00:00Z' } }, '/metadata read_only_field'],
    ['32', { metadata: null }, '/metadata read_only_field'],
    ['32', { status: 'completed' }, '/status read_only_field'],
    ['15', { nickname: 'x' }, '/nickname unknown_field'],
    ['15', { profile: { emial: 'x@y.z' } }, '/profile/emial unknown_field'],
    ['33', { profile: { email: ' @ . ' } }, '/profile/email invalid_email'],
    ['33', { profile: { email: 'a@b..' } }, '/profile/email invalid_email'],
    ['33', { profile: { email: 'a@b.c\n' } }, '/profile/email invalid_email'],
    ['33', { profile: { email: '<x>@y.z' } }, '/profile/email invalid_email'],
    ['34', { profile: { email: `a@${'.'.repeat(100_000)}@` } }, '/profile/email too_long'],
    ['35', { profile: { email: '"a@b"@c.d' } }, '/profile/email invalid_email'],
    ['38', { profile: { displayName: '' } }, '/profile/displayName out_of_range'],
    ['38', { profile: { displayName: 'x'.repeat(101) } }, '/profile/displayName too_long'],
    ['159', { profile: { displayName: '\u202e\u200b' } }, '/profile/displayName out_of_range'],
    ['160', { profile: { displayName: `a${'\u0301'.repeat(10_000)}` } }, '/profile/displayName too_long'],
    ['160', { profile: { email: `a${'\u0301'.repeat(10_000)}@b.c` } }, '/profile/email too_long'],
    ['160', { healthProfile: { allergies: [`a${'\u0301'.repeat(10_000)}`] } }, '/healthProfile/allergies/0 too_long'],
    ['39', { profile: { dateOfBirth: '1899-12-31' } }, '/profile/dateOfBirth out_of_range'],
    ['39', { profile: { dateOfBirth: '2024-06-13' } }, '/profile/dateOfBirth out_of_range'],
    ['39', { profile: { dateOfBirth: '2023-02-29' } }, '/profile/dateOfBirth invalid_date'],
    ['39', { profile: { dateOfBirth: '15/01/1990' } }, '/profile/dateOfBirth invalid_date'],
    ['40', { healthProfile: { height: 0 } }, '/healthProfile/height out_of_range'],
    ['40', { healthProfile: { height: -1 } }, '/healthProfile/height out_of_range'],
    ['40', { healthProfile: { height: 301 } }, '/healthProfile/height out_of_range'],
    ['41', { healthProfile: { weight: 0 } }, '/healthProfile/weight out_of_range'],
    ['41', { healthProfile: { weight: 501 } }, '/healthProfile/weight out_of_range'],
    ['19', { healthProfile: { weight: '72' } }, '/healthProfile/weight wrong_type'],
    ['20', { healthProfile: { weight: true } }, '/healthProfile/weight wrong_type'],
    ['42', { profile: { gender: 'Male' } }, '/profile/gender invalid_enum'],
    ['43', { profile: { privacySettings: { dataSharing: 'false' } } }, '/profile/privacySettings/dataSharing wrong_type'],
    ['43', { profile: { privacySettings: { dataSharing: 1 } } }, '/profile/privacySettings/dataSharing wrong_type'],
    ['44', { healthProfile: { medications: Array(10_001).fill('x') } }, '/healthProfile/medications too_many_items'],
    ['44', { healthProfile: { medications: ['x'.repeat(1 << 20)] } }, '/healthProfile/medications/0 too_long'],
    ['45', { profile: { preferredUnits: 'stone' } }, '/profile/preferredUnits invalid_enum'],
    ['46', { preferences: { dataRetention: { rawData: 'forever' } } }, '/preferences/dataRetention/rawData invalid'],
    ['46', { preferences: { dataRetention: { rawData: '0_years' } } }, '/preferences/dataRetention/rawData invalid'],
    ['46', { preferences: { dataRetention: { rawData: '-1_year' } } }, '/preferences/dataRetention/rawData invalid'],
    ['135', { profile: { timezone: 'EST' } }, '/profile/timezone invalid_timezone'],
    ['22', { profile: { email: null } }, '/profile/email required'],
  ] as const)('%s: %j is refused and changes nothing', async (_, body, place) => {
    const before = await ask('sent', 'GET /v1/users/sent')
    const refused = await patch(body)
    expect(refused).toMatchObject({ status: 422, headers: { 'content-type': 'application/problem+json' } })
    expect(codesOf(refused)).toContain(place)
    expect((await ask('sent', 'GET /v1/users/sent')).headers.etag).toBe(before.headers.etag)
  })

  test.each([
    ['23', { profile: { gender: null } }, 'gender', undefined],
    ['38', { profile: { displayName: '😀'.repeat(100) } }, 'displayName', '😀'.repeat(100)],
    ['39', { profile: { dateOfBirth: '1900-01-01' } }, 'dateOfBirth', '1900-01-01'],
    ['45', { profile: { preferredUnits: 'imperial' } }, 'preferredUnits', 'imperial'],
    ['135', { profile: { timezone: 'America/New_york' } }, 'timezone', 'America/New_York'],
  ] as const)('%s: %j is accepted', async (_, body, field, value) => {
    const { status, body: found } = await patch(body)
    expect([status, found.profile[field]]).toEqual([200, value])
  })

  test.each([
    ['39', { profile: { dateOfBirth: '1903-01-01' } }, 'age_over_120'],
    ['40', { healthProfile: { height: 1.755 } }, 'unit_suspect'],
    ['41', { healthProfile: { height: null, weight: 0.07 } }, 'unit_suspect'],
  ] as const)('%s: %j is kept and flagged', async (_, body, flag) => {
    expect((await patch(body)).body.flags).toContain(flag)
  })

  test('159: a name is shown without what turns or hides in it, and that is flagged until it is said without', async () => {
    const { body } = await patch({ profile: { displayName: 'Ann\u202egnp.exe\u200b\u2066' } })
    expect(body).toMatchObject({ profile: { displayName: 'Anngnp.exe' }, flags: expect.arrayContaining(['hidden_characters']) })
    const family = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'
    const said = (await patch({ profile: { displayName: family } })).body
    expect(said.profile.displayName).toBe(family)
    expect(said.flags).not.toContain('hidden_characters')
  })

  test('31: a patch of another media type is refused', async () => {
    const headers = { 'content-type': 'application/json-patch+json' }
    expect((await ask('sent', 'PATCH /v1/users/sent', { body: [], headers })).body).toMatchObject({ status: 415 })
    const merge = { 'content-type': 'application/merge-patch+json' }
    expect((await ask('sent', 'PATCH /v1/users/sent', { body: {}, headers: merge })).status).toBe(200)
  })

  test('32, 22: a new account and a whole profile are held to the same', async () => {
    const bad = { profile: { displayName: 'x' }, role: 'admin', nickname: 'x' }
    const places = ['/profile/email required', '/role read_only_field', '/nickname unknown_field']
    expect(codesOf(await ask('service:', 'POST /v1/users', { body: bad })).sort()).toEqual(places.toSorted())
    const headers = { 'if-match': await etag('sent') }
    expect(codesOf(await ask('sent', 'PUT /v1/users/sent', { body: { ...bad, userId: 'sent' }, headers })).sort()).toEqual(
      ['/userId read_only_field', ...places].sort(),
    )
  })
})

describe('a change', () => {
  test('of the whole names the version that it replaces, and what it leaves out goes back to its default', async () => {
    await person('whole', { healthProfile: { height: 170, allergies: ['nuts'] } })
    const body = { profile: profile('whole', { displayName: 'Whole' }) }
    const put = (headers: Record<string, string>) => ask('whole', 'PUT /v1/users/whole', { body, headers })
    expect((await put({})).body).toMatchObject({ status: 428, code: 'precondition_required' })
    expect((await put({ 'if-match': '"7"' })).body).toMatchObject({ status: 412, code: 'precondition_failed' })
    const changed = await put({ 'if-match': '"1"' })
    expect(changed).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { profile: { displayName: 'Whole' } } })
    expect(changed.body.healthProfile).toEqual({ activityLevel: 'moderate', chronicConditions: [], medications: [], allergies: [] })
    expect((await put({ 'if-match': '"1"' })).body).toMatchObject({ status: 412 })
    expect(await ask('whole', 'GET /v1/users/whole', { headers: { 'if-none-match': '"2"' } })).toMatchObject({ status: 304 })
  })

  test('of a part leaves the rest, and may name the version', async () => {
    await person('part', { healthProfile: { height: 170, allergies: ['nuts'] } })
    const changed = await ask('part', 'PATCH /v1/users/part', { body: { healthProfile: { height: null, weight: 60 } } })
    expect(changed.body.healthProfile).toMatchObject({ weight: 60, allergies: ['nuts'] })
    expect(changed.body.healthProfile).not.toHaveProperty('height')
    const stale = await ask('part', 'PATCH /v1/users/part', { body: {}, headers: { 'if-match': '"1"' } })
    expect(stale.body).toMatchObject({ status: 412 })
  })

  test('that two make at once is made by both, one after the other', async () => {
    await person('both')
    const change = (body: object) => ask('both', 'PATCH /v1/users/both', { body })
    await Promise.all([change({ healthProfile: { weight: 60 } }), change({ healthProfile: { height: 160 } })])
    expect((await ask('both', 'GET /v1/users/both')).body.healthProfile).toMatchObject({ weight: 60, height: 160 })
  })

  test('of the address frees the old one and cannot take another’s', async () => {
    for (const userId of ['mover', 'sitter']) await person(userId)
    const move = (email: string) => ask('mover', 'PATCH /v1/users/mover', { body: { profile: { email } } })
    expect((await move('Sitter@example.org')).body).toMatchObject({ status: 409, code: 'conflict' })
    expect((await move('moved@example.org')).status).toBe(200)
    await person('heir', { profile: profile('mover') })
    expect((await ask('heir', 'GET /v1/users/heir')).body.profile.email).toBe('mover@example.org')
    expect((await move('MOVED@example.org')).status).toBe(200)
  })
})

test('46: preferences show how long data are kept by them, which no wish makes longer than the policy', async () => {
  await person('keeper')
  const body = { notificationSettings: { reminders: true }, dataRetention: { rawData: '10_years', insights: '6_months' } }
  const put = await ask('keeper', 'PUT /v1/users/keeper/preferences', { body })
  expect(put).toMatchObject({ status: 200, headers: { etag: '"2"' } })
  expect(put.body).toEqual({
    notificationSettings: { insights: true, achievements: true, reminders: true },
    dataRetention: { rawData: '10_years', insights: '6_months', analytics: 'indefinite' },
    effectiveRetention: { rawData: '5_years', insights: '6_months', analytics: '10_years' },
  })
  expect((await ask('keeper', 'GET /v1/users/keeper/preferences')).body).toEqual(put.body)
  expect((await ask('keeper', 'GET /v1/users/keeper')).body.preferences.dataRetention.rawData).toBe('10_years')
  const stale = { body, headers: { 'if-match': '"1"' } }
  expect((await ask('keeper', 'PUT /v1/users/keeper/preferences', stale)).body).toMatchObject({ status: 412 })
  const unknown = await ask('keeper', 'PUT /v1/users/keeper/preferences', { body: { ...body, effectiveRetention: {} } })
  expect(codesOf(unknown)).toEqual(['/effectiveRetention unknown_field'])
})

test('an order of sources is the default until the person gives one of kinds and sources', async () => {
  await person('orders')
  const path = '/v1/users/orders/source-priority'
  expect((await ask('orders', `GET ${path}`)).body.order.slice(0, 3)).toEqual(['manual', 'watch', 'ring'])
  const body = { order: ['phone', 'id:3fa9c2'] }
  expect(await ask('orders', `PUT ${path}`, { body })).toMatchObject({ status: 200, body, headers: { etag: '"2"' } })
  expect(await ask('orders', `GET ${path}`)).toMatchObject({ body, headers: { etag: '"2"' } })
  for (const order of [['Watch'], ['id:'], ['id:a b'], ['phone', 'phone'], 'phone', [1]])
    expect((await ask('orders', `PUT ${path}`, { body: { order } })).body, String(order)).toMatchObject({ status: 422 })
})

test('who asks to be erased is gone with the answer, which names the job, and a key for the receipt alone', async () => {
  await person('leaver')
  const { status, body, headers } = await ask('leaver', 'DELETE /v1/users/leaver')
  expect([status, headers.location]).toEqual([202, `/v1/erasures/${body.erasureId}`])
  expect(body).toMatchObject({ type: 'erase', status: 'pending', receiptKey: expect.stringMatching(/^clk_/) })
  expect(await house.documents.get(`jobs/${body.jobId}`)).toMatchObject({ body: { type: 'erase', status: 'pending' } })
  expect(JSON.stringify(await house.documents.get(`jobs/${body.jobId}`))).not.toContain('leaver')
  for (const who of ['leaver', 'service:'])
    for (const call of ['DELETE /v1/users/leaver', 'GET /v1/users/leaver'])
      expect(await ask(who, call), `${who} ${call}`).toMatchObject({ status: 410, body: { code: 'erased' } })
  expect(await ask('ada', 'GET /v1/users/leaver')).toMatchObject({ status: 404 })
})
