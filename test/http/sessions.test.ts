import { afterAll, beforeAll, expect, test } from 'vitest'
import { sessionsApi } from '../../src/api/sessions.ts'
import { timeseriesApi } from '../../src/api/timeseries.ts'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { findStrays } from '../../src/flows/find-strays.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { packMonth } from '../../src/flows/pack-month.ts'
import { sessionsHandlers } from '../../src/http/handlers/sessions.ts'
import { timeseriesHandlers } from '../../src/http/handlers/timeseries.ts'
import type { Day } from '../../src/model/day.ts'
import type { StoredSession } from '../../src/model/session.ts'
import { temporaryHouse } from '../golden/people.ts'
import { asking } from './asking.ts'
import { moved, sessionBody } from './session-bodies.ts'

let house: Awaited<ReturnType<typeof temporaryHouse>>
let ask: ReturnType<typeof asking>
let count = 0

beforeAll(async () => {
  house = await temporaryHouse()
  const api = { ...sessionsApi, ...timeseriesApi }
  ask = asking({ api, handlers: { ...sessionsHandlers, ...timeseriesHandlers }, deps: house }, house) as ReturnType<typeof asking>
})
afterAll(() => house[Symbol.asyncDispose]())

/** A new person in New York, and what they ask. */
async function person(zone = 'America/New_York') {
  const who = `p${++count}`
  await house.documents.batch([{ op: 'put', path: `users/${who}`, body: newUser(house, zone) }])
  const url = `/v1/users/${who}/sessions`
  return {
    who,
    url,
    post: (body: unknown, headers = {}, query = '') => ask(who, `POST ${url}${query}`, { body, headers }),
    put: (id: string, body: unknown, headers = {}, query = '') => ask(who, `PUT ${url}/${id}${query}`, { body, headers }),
    get: (rest = '') => ask(who, `GET ${url}${rest}`),
    remove: (id: string) => ask(who, `DELETE ${url}/${id}`),
    lines: (payload: string, headers = {}) =>
      ask(who, `POST ${url}`, { payload, headers: { 'content-type': 'application/x-ndjson', ...headers } }),
    day: async (date: string) => {
      await analyseDirtyDays(house, who)
      return (await house.documents.get<Day>(`users/${who}/days/${date}`))?.body
    },
  }
}

const flagsOf = (reply: { body: { quality: StoredSession['quality'] } }) => reply.body.quality.flags.map(({ code }) => code)

test('a session is kept in one document with its samples, its day is marked, and it comes back as it was sent', async () => {
  const { who, post, get, day } = await person()
  const created = await post(sessionBody())
  expect(created).toMatchObject({
    status: 201,
    headers: { location: `/v1/users/${who}/sessions/session_20240120_143000`, etag: '"1"' },
    body: { status: 'created', revision: 1, counts: { received: 3, accepted: 3, duplicate: 0, quarantined: 0, rejected: 0 } },
  })
  const read = await get('/session_20240120_143000?samples=true')
  expect(read.body.heartRate.samples.map(({ value, confidence, context }: never) => [value, confidence, context])).toEqual([
    [70, 0.9, 'resting'],
    [71, 0.91, 'active'],
    [72, 0.92, 'active'],
  ])
  expect(read.body.heartRate.statistics).toMatchObject({ min: 70, max: 72, average: 71 })
  expect(read.body.samples).toBeUndefined()
  expect(await day('2024-01-20')).toMatchObject({ date: '2024-01-20' })
})

test('169, 170: the same session again is there already; other content under its id is a conflict', async () => {
  const { post, put } = await person()
  await post(sessionBody())
  const shuffled = sessionBody()
  shuffled.heartRate.samples.reverse()
  expect(await post(shuffled)).toMatchObject({
    status: 200,
    body: { status: 'exists', counts: { received: 3, accepted: 0, duplicate: 3 } },
  })
  expect(await post(sessionBody(undefined, 4))).toMatchObject({ status: 409, body: { code: 'conflict' } })
  const id = 'session_20240120_143000'
  expect(await put(id, sessionBody(undefined, 4))).toMatchObject({ status: 428 })
  expect(await put(id, sessionBody(undefined, 4), { 'if-match': '"7"' })).toMatchObject({ status: 412 })
  expect(await put(id, sessionBody(undefined, 4), { 'if-match': '"1"' })).toMatchObject({
    status: 200,
    headers: { etag: '"2"' },
    body: { status: 'replaced', revision: 2 },
  })
  expect(await put('another', sessionBody())).toMatchObject({ status: 400, body: { code: 'invalid_id' } })
})

test('the same session sent twice at once is one', async () => {
  const { post } = await person()
  const answers = await Promise.all([post(sessionBody()), post(sessionBody()), post(sessionBody())])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201])
})

test('175: two devices with one session id are two sessions', async () => {
  const { post, get } = await person()
  await post(sessionBody())
  const other = sessionBody()
  other.sessionInfo.dataSource = 'Pixel phone'
  const second = await post(other)
  expect(second.status).toBe(201)
  expect(second.body.sessionId).not.toBe('session_20240120_143000')
  expect(await post(other)).toMatchObject({ status: 200, body: { sessionId: second.body.sessionId } })
  expect((await get()).body.data).toHaveLength(2)
})

test('176, 177: what was deleted stays so, until it is restored; deleting twice is as deleting once', async () => {
  const { post, remove, get, day } = await person()
  await post(sessionBody())
  await day('2024-01-20')
  const id = 'session_20240120_143000'
  expect([(await remove(id)).status, (await remove(id)).status, (await remove('never')).status]).toEqual([204, 204, 404])
  expect(await get(`/${id}`)).toMatchObject({ status: 404 })
  expect((await get()).body.data).toEqual([])
  expect((await day('2024-01-20'))?.heartRate).toEqual({})
  expect(await post(sessionBody())).toMatchObject({ status: 410, body: { code: 'deleted' } })
  expect(await post(sessionBody(), {}, '?restore=1')).toMatchObject({ status: 201, body: { status: 'restored', revision: 2 } })
  expect(await get(`/${id}`)).toMatchObject({ status: 200 })
})

test('166: a stranger finds nothing, and an absent person has nothing', async () => {
  const { url, post } = await person()
  await post(sessionBody())
  expect(await ask('stranger', `GET ${url}/session_20240120_143000`)).toMatchObject({ status: 404 })
  expect(await ask('nobody', 'POST /v1/users/nobody/sessions', { body: sessionBody() })).toMatchObject({ status: 404 })
})

test('21, 22, 23, 24: fractions are rounded half to even, what is needed is asked for, null is as absent, no samples is a flag', async () => {
  const { post, get } = await person()
  const half = sessionBody('half', 1)
  Object.assign(half.heartRate.samples[0] ?? {}, { value: 72.5, confidence: null })
  expect(await post({ ...half, sleep: null })).toMatchObject({ status: 201, body: { quality: { verdict: 'normalise' } } })
  const read = await get('/half?samples=1')
  expect(read.body.heartRate.samples).toEqual([
    { timestamp: '2024-01-20T14:30:00.000000Z', value: 72, confidence: null, confidenceSource: 'none', context: 'resting' },
  ])
  const { startTime: _, ...info } = sessionBody().sessionInfo
  expect(await post({ sessionInfo: info })).toMatchObject({
    status: 422,
    body: { code: 'required', errors: [{ pointer: '/sessionInfo/startTime' }] },
  })
  expect(flagsOf(await post(sessionBody('none', 0)))).toEqual(['no_samples'])
})

test('15, 32: an unknown field is flagged and kept; what the server sets is refused', async () => {
  const { post, get, who } = await person()
  expect(flagsOf(await post(sessionBody('odd', 1, { mood: { word: 'calm' } })))).toEqual(['unknown_field'])
  expect((await get('/odd')).body.raw).toEqual({ '/mood': { word: 'calm' } })
  expect(await post(sessionBody('x', 1, { quality: {} }))).toMatchObject({ status: 422, body: { code: 'read_only_field' } })
  expect(await post(sessionBody('x', 1, { userId: 'somebody' }))).toMatchObject({ status: 403 })
  expect(await post(sessionBody('x', 1, { userId: who }))).toMatchObject({ status: 201 })
})

test('25: more than 10,000 samples are too many', async () => {
  const { post } = await person()
  expect(await post(sessionBody('many', 10_000))).toMatchObject({ status: 201, body: { counts: { accepted: 10_000 } } })
  expect(await post(sessionBody('more', 10_001))).toMatchObject({ status: 413, body: { code: 'too_many_samples' } })
})

test.each([
  ['128', 'no offset', '2024-01-20T14:30:00', 422, 'offset_required'],
  ['129', '30 February', '2024-02-30T14:30:00Z', 422, 'invalid_date'],
  ['129', 'an offset of 25 hours', '2024-01-20T14:30:00+25:00', 422, 'invalid_date'],
  ['132', 'epoch seconds', 1705761000, 422, 'wrong_type'],
  ['134', 'the year 0', '0000-01-20T14:30:00Z', 422, 'out_of_range'],
  ['139', 'an end that is the start', '2024-01-20T15:30:00Z', 422, 'end_before_start'],
  ['140', 'an end before the start', '2024-01-20T16:30:00Z', 422, 'end_before_start'],
])('%s: %s is refused', async (_, __, startTime, status, code) => {
  const { post } = await person()
  expect(await post(sessionBody('x', 1, moved(startTime as string, '2024-01-20T15:30:00Z')))).toMatchObject({ status, body: { code } })
})

test('130, 131, 133, 136: leap seconds, 24:00, nanoseconds and local times of a named zone are read', async () => {
  const { post, get } = await person()
  expect(flagsOf(await post(sessionBody('leap', 0, moved('2016-12-31T23:59:60Z', '2017-01-01T01:00:00Z', 'leap'))))).toContain(
    'leap_second',
  )
  await post(sessionBody('night', 1, moved('2024-01-19T24:00:00Z', '2024-01-20T15:30:00.123456789Z', 'night')))
  expect((await get('/night')).body.sessionInfo).toMatchObject({
    startTime: '2024-01-20T00:00:00.000000Z',
    endTime: '2024-01-20T15:30:00.123456Z',
  })
  const spring = { ...moved('2024-03-10T02:30:00', '2024-03-10T05:00:00', 'spring'), zone: 'america/new_york' }
  expect(flagsOf(await post(sessionBody('spring', 0, spring)))).toContain('nonexistent_local_time')
  const autumn = { ...moved('2024-11-03T01:30:00', '2024-11-03T05:00:00', 'autumn'), zone: 'America/New_York' }
  expect(await post(sessionBody('autumn', 0, autumn))).toMatchObject({ status: 422, body: { code: 'ambiguous_local_time' } })
  expect(await post(sessionBody('x', 0, { zone: 'EST' }))).toMatchObject({ status: 422, body: { code: 'invalid_timezone' } })
})

test('141: a session of 24 hours is one, a second more is cut at midnight into linked parts, and strict handling refuses it', async () => {
  const { post, get, remove, day } = await person()
  const steps = { activity: { steps: { total: 8640 } } }
  const day24 = { ...moved('2024-01-20T10:00:00-05:00', '2024-01-21T10:00:00-05:00', 'day'), ...steps }
  expect((await post(sessionBody('day', 0, day24))).body.parts).toBeUndefined()
  await remove('day')
  const longer = { ...moved('2024-01-20T10:00:00-05:00', '2024-01-21T10:00:01-05:00', 'long'), ...steps }
  const cut = await post(sessionBody('long', 0, longer))
  expect(cut).toMatchObject({ status: 201, body: { parts: 2 } })
  expect(flagsOf(cut)).toContain('split_from')
  expect((await get('/long-part-2')).body).toMatchObject({ splitFrom: 'long', sessionInfo: { startTime: '2024-01-21T05:00:00.000000Z' } })
  const [first, second] = [await day('2024-01-20'), await day('2024-01-21')]
  expect((first?.steps ?? 0) + (second?.steps ?? 0)).toBeCloseTo(8640, -1)
  expect(await post(sessionBody('long', 0, longer))).toMatchObject({ status: 200, body: { status: 'exists' } })
  const strict = await post(
    sessionBody('strict', 0, { ...longer, ...moved('2024-01-20T10:00:00-05:00', '2024-01-21T10:00:01-05:00', 'strict') }),
    { prefer: 'handling=strict' },
  )
  expect(strict).toMatchObject({ status: 422, body: { code: 'session_too_long', detail: 'Session duration cannot exceed 24 hours' } })
  await remove('long')
  expect(await get('/long-part-2')).toMatchObject({ status: 404 })
})

test('142, 143: a clock ahead is minded, and a shifted one is told of', async () => {
  const { post } = await person()
  const at = (ms: number) => new Date(house.clock.nowMs() + ms).toISOString()
  const ahead = (ms: number, id: string) => sessionBody(id, 0, { ...moved(at(ms), at(ms + 60_000), id), activity: { steps: { total: 5 } } })
  expect(flagsOf(await post(ahead(30_000, 'a')))).toEqual(['no_samples'])
  expect(flagsOf(await post(ahead(3_600_000, 'b')))).toContain('clock_skew')
  expect(await post(ahead(25 * 3_600_000, 'c'))).toMatchObject({ status: 201, body: { quality: { quarantined: { future: 1 } } } })
  expect(await post(ahead(3_600_000, 'd'), { prefer: 'handling=strict' })).toMatchObject({ status: 422, body: { code: 'future' } })
  expect(flagsOf(await post(sessionBody('e'), { date: new Date(house.clock.nowMs() - 3_600_000).toUTCString() }))).toEqual(['clock_offset'])
})

test('145, 146: impossible heart rates are set aside one by one, jumps are flagged, and strict handling refuses both in the specification’s words', async () => {
  const { post, get } = await person()
  const rates = (id: string, ...values: number[]) => {
    const body = sessionBody(id, values.length)
    for (const [at, value] of values.entries()) Object.assign(body.heartRate.samples[at] ?? {}, { value })
    return body
  }
  expect(await post(rates('odd', 72, 29, 30, 73, 221, 74, 75))).toMatchObject({
    status: 201,
    body: { counts: { received: 7, accepted: 5, quarantined: 2 }, quality: { verdict: 'quarantine', quarantined: { hr_out_of_range: 2 } } },
  })
  expect((await get('/odd')).body.heartRate.statistics).toMatchObject({ min: 30, max: 75 })
  expect(flagsOf(await post(rates('jump', 60, 111)))).toEqual(['hr_jump'])
  expect(await post(rates('s', 60, 221), { prefer: 'handling=strict' })).toMatchObject({
    status: 422,
    body: { code: 'hr_out_of_range', detail: 'Heart rate must be between 30-220 BPM' },
  })
})

test('147 to 151, 156: confidence, statistics, steps, distance, efficiency and energy', async () => {
  const { post, get } = await person()
  const sure = (confidence: number) => {
    const body = sessionBody('sure', 1)
    Object.assign(body.heartRate.samples[0] ?? {}, { confidence })
    return post(body)
  }
  expect([(await sure(-0.1)).status, (await sure(1.01)).status]).toEqual([422, 422])
  const stated = sessionBody('stated')
  expect(flagsOf(await post({ ...stated, heartRate: { ...stated.heartRate, statistics: { min: 10, average: 71 } } }))).toEqual([
    'statistics_mismatch',
  ])
  expect((await get('/stated')).body.heartRate).toMatchObject({ statistics: { min: 70 }, reported: { min: 10 } })
  const walked = (id: string, activity: object) => post({ sessionInfo: sessionBody(id).sessionInfo, activity })
  expect((await walked('w1', { steps: { total: -1 } })).status).toBe(422)
  expect(flagsOf(await walked('w2', { steps: { total: 200_000 } }))).toEqual(['daily_total_high'])
  expect(await walked('w3', { steps: { total: 3e9 } })).toMatchObject({ body: { quality: { quarantined: { out_of_range: 1 } } } })
  expect(await walked('w4', { distance: { value: 1e6, unit: 'm' } })).toMatchObject({ status: 201, body: { counts: { accepted: 1 } } })
  await walked('w5', { activeEnergy: { value: 418.4, unit: 'kJ' } })
  expect((await get('/w5')).body.activity.activeEnergy).toEqual({ value: 100, unit: 'calories' })
  expect(flagsOf(await walked('w6', { steps: { total: 1000 }, activeEnergy: { value: 40_000, unit: 'calories' } }))).toEqual([
    'unit_suspect',
  ])
  const slept = { sleep: { quality: { efficiency: 89 } } }
  expect(await post(sessionBody('e', 1, slept))).toMatchObject({ body: { quality: { quarantined: { unit_suspect: 1 } } } })
  expect((await get('/e')).body).toMatchObject({ raw: { '/sleep/quality/efficiency': 89 } })
})

const stage = (startTime: string, endTime: string, word: string) => ({
  startTime: `2024-01-21T${startTime}:00Z`,
  endTime: `2024-01-21T${endTime}:00Z`,
  stage: word,
  confidence: 0.9,
})
const night = (id: string, ...stages: object[]) => ({ ...moved('2024-01-21T00:00:00Z', '2024-01-21T08:00:00Z', id), sleep: { stages } })

test('152 to 155: stages that overlap or follow oddly are flagged, words of others are read, and more than a day of sleep is set aside', async () => {
  const { post, get } = await person()
  expect(flagsOf(await post(night('n1', stage('01:00', '02:00', 'light'), stage('01:30', '02:30', 'rem'))))).toEqual(['overlapping_stages'])
  expect(flagsOf(await post(night('n2', stage('07:00', '09:00', 'light'))))).toEqual(['outside_session'])
  await post(night('n3', stage('01:00', '02:00', 'core'), stage('02:00', '03:00', 'N2'), stage('03:00', '04:00', 'asleep')))
  expect((await get('/n3')).body.sleep).toMatchObject({ stages: [{ stage: 'light' }, { stage: 'light' }], unstaged: [{}] })
  expect(await post(night('n4', stage('01:00', '02:00', 'coma')))).toMatchObject({ status: 422, body: { code: 'invalid_enum' } })
  const odd = [stage('01:00', '02:00', 'deep'), stage('02:00', '02:10', 'awake')]
  expect(flagsOf(await post(night('n5', ...odd)))).toEqual(['unlikely_transition'])
  expect(await post(night('n6', ...odd), { prefer: 'handling=strict' })).toMatchObject({
    status: 422,
    body: { code: 'unlikely_transition', detail: 'Unlikely sleep stage transition: deep -> awake' },
  })
  const always = Array.from({ length: 4 }, (_, at) => stage('00:00', `07:${10 + at}`, 'deep'))
  expect(await post(night('n7', ...always))).toMatchObject({ body: { quality: { quarantined: { out_of_range: 4 } } } })
})

test('173: steps of watch and phone are both kept, and the day counts them once', async () => {
  const { post, day } = await person()
  const walk = (id: string, dataSource: string, total: number) => ({
    sessionInfo: { ...sessionBody(id).sessionInfo, dataSource },
    activity: { steps: { total } },
  })
  await post(walk('watch', 'Apple Watch', 4000))
  await post(walk('phone', 'iPhone', 6000))
  expect((await day('2024-01-20'))?.steps).toBe(4000)
})

test('an update that names what it removes amends what is there', async () => {
  const { post, put, get } = await person()
  const series = (...samples: object[]) => ({ series: { steps: { unit: '{steps}', samples } } })
  const at = (minute: number, value: number) => ({
    sampleId: `m${minute}`,
    startTime: `2024-01-20T14:${minute}:00Z`,
    endTime: `2024-01-20T14:${minute + 1}:00Z`,
    value,
  })
  const body = (over: object) => ({ sessionInfo: sessionBody('walk').sessionInfo, ...over })
  await post(body(series(at(31, 100), at(33, 50))))
  const amended = await put('walk', body({ deleted: ['m31'], ...series(at(35, 25)) }), { 'if-match': '"1"' })
  expect(amended).toMatchObject({ status: 200, body: { status: 'replaced', revision: 2 } })
  expect((await get('/walk?samples=1')).body.series.steps.samples.map(({ value }: never) => value)).toEqual([50, 25])
})

test('what lies in documents is packed into one object, read as before, and goes when its session goes', async () => {
  const { who, post, get, remove } = await person()
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  for (const id of ids) await post(sessionBody(id, 50))
  const before = await Promise.all(ids.map((id) => get(`/${id}?samples=1`)))
  expect(await packMonth(house, who, '2024-01')).toBe(8)
  expect(await packMonth(house, who, '2024-01')).toBe(0)
  expect((await Promise.all(ids.map((id) => get(`/${id}?samples=1`)))).map(({ body }) => body)).toEqual(before.map(({ body }) => body))
  const keys = async () => {
    const found: string[] = []
    for await (const { key } of house.blobs.list(`samples/${who}/`)) found.push(key)
    return found
  }
  const [packed] = await keys()
  expect(await remove('a')).toMatchObject({ status: 204 })
  expect(await keys()).not.toContain(packed)
  expect((await get('/b?samples=1')).body).toEqual(before[1]?.body)
  expect(await findStrays(house, false)).toMatchObject({ missing: [], damaged: [], strays: 0 })
})

test('a list goes by start, kind and source, page by page', async () => {
  const { post, get, who } = await person()
  for (const hour of ['08', '09', '10'])
    await post(
      sessionBody(`h${hour}`, 0, {
        ...moved(`2024-01-20T${hour}:00:00Z`, `2024-01-20T${hour}:30:00Z`, `h${hour}`),
        activity: { steps: { total: 5 } },
      }),
    )
  await post(sessionBody('hearts', 3))
  const ids = (reply: Awaited<ReturnType<typeof get>>) =>
    reply.body.data.map(({ sessionInfo }: never) => (sessionInfo as { sessionId: string }).sessionId)
  expect(ids(await get())).toEqual(['hearts', 'h10', 'h09', 'h08'])
  expect(ids(await get('?from=2024-01-20T09:00:00Z&to=2024-01-20T10:00:00Z'))).toEqual(['h09'])
  expect(ids(await get('?dataType=steps'))).toEqual(['h10', 'h09', 'h08'])
  expect(ids(await get('?source=nothing'))).toEqual([])
  const first = await get('?limit=2&dataType=steps')
  expect(ids(first)).toEqual(['h10', 'h09'])
  expect(ids(await get(`?limit=2&dataType=steps&cursor=${first.body.nextCursor}`))).toEqual(['h08'])
  expect(await get(`?limit=2&cursor=${first.body.nextCursor}`)).toMatchObject({ status: 400, body: { code: 'bad_cursor' } })
  expect(await ask(who, `GET /v1/users/${who}/sessions?limit=1001`)).toMatchObject({ status: 400, body: { code: 'bad_parameter' } })
})

test('103: a metric over time is told as it was measured, by minutes, and by the person’s days; a range that is too wide is refused', async () => {
  const { who, post } = await person()
  await post(sessionBody('hearts', 90))
  const walk = (id: string, dataSource: string, total: number) => ({
    sessionInfo: { ...sessionBody(id).sessionInfo, dataSource },
    activity: { steps: { total } },
  })
  await post(walk('watch', 'Apple Watch', 600))
  await post(walk('phone', 'iPhone', 900))
  const series = (query: string) => ask(who, `GET /v1/users/${who}/timeseries?from=2024-01-20T00:00:00Z&to=2024-01-21T12:00:00Z&${query}`)
  expect((await series('metric=heart_rate')).body.data).toHaveLength(90)
  const minutes = (await series('metric=heart_rate&resolution=1min')).body
  expect(minutes).toMatchObject({
    unit: '/min',
    data: [{ startTime: '2024-01-20T14:30:00.000000Z', count: 60, min: 70, max: 89 }, { count: 30 }],
  })
  expect((await series('metric=steps&resolution=1hour')).body.data).toMatchObject([{ value: 300 }, { value: 300 }])
  expect((await series('metric=steps&resolution=1day')).body.data).toMatchObject([{ startTime: '2024-01-20T05:00:00.000000Z', value: 600 }])
  expect((await series('metric=steps&resolution=1day&source=iPhone')).body.data).toMatchObject([{ value: 900 }])
  const wide = `GET /v1/users/${who}/timeseries?from=2022-01-01T00:00:00Z&to=2024-01-21T00:00:00Z&metric=steps`
  expect(await ask(who, wide)).toMatchObject({ status: 400, body: { code: 'range_too_wide' } })
  for (const metric of ['mood', 'workout', 'sleep_session'])
    expect(await series(`metric=${metric}`)).toMatchObject({ status: 400, body: { code: 'bad_parameter' } })
})

test('47, 50, 55, 57: each line has its own outcome', async () => {
  const { lines, get } = await person()
  const line = (id: string, over = {}) => JSON.stringify(sessionBody(id, 2, over))
  const body = `${line('a')}\r\n\n${line('b').slice(0, -2)}\n${line('c')}${line('d')}\n${line('e', { userId: 'other' })}\n${line('f')}`
  const reply = await lines(body)
  expect(reply).toMatchObject({ status: 202, body: { lines: { received: 5, kept: 2, rejected: 3 }, counts: { received: 4, accepted: 4 } } })
  expect(reply.body.outcomes).toMatchObject([
    { line: 1, offset: 0, status: 'created', sessionId: 'a' },
    { line: 3, status: 'rejected', code: 'malformed_json' },
    { line: 4, status: 'rejected', code: 'malformed_json' },
    { line: 5, status: 'rejected', code: 'forbidden' },
    { line: 6, status: 'created', sessionId: 'f' },
  ])
  expect((await get()).body.data).toHaveLength(2)
})

test('49, 51, 52, 53, 54, 56: a stream that is cut keeps nothing, and what is no line is rejected', async () => {
  const { lines, get } = await person()
  const line = (id: string) => JSON.stringify(sessionBody(id, 2))
  expect(await lines(`${line('a')}\n${line('b').slice(0, 60)}`)).toMatchObject({ status: 400, body: { code: 'truncated_stream' } })
  expect((await get()).body.data).toEqual([])
  expect((await lines(`${line('a')}\n${'\0'.repeat(50)}`)).body.lines).toEqual({ received: 2, kept: 1, rejected: 1 })
  const long = JSON.stringify(sessionBody('long', 1, { note: 'x'.repeat(1 << 20) }))
  expect((await lines(`${long}\n${line('b')}\n`)).body.outcomes).toMatchObject([{ code: 'body_too_large' }, { status: 'created' }])
  expect(await lines(`[${line('c')}]`)).toMatchObject({ status: 415, body: { code: 'use_json' } })
  expect(await lines('{}\n'.repeat(5000))).toMatchObject({ status: 422, body: { code: 'too_many_errors' } })
  const same = sessionBody('same', 1000)
  for (const sample of same.heartRate.samples) Object.assign(sample, same.heartRate.samples[0])
  expect((await lines(JSON.stringify(same))).body.counts).toMatchObject({ received: 1000, accepted: 1, duplicate: 999 })
})

test('strict lines are kept all or not at all', async () => {
  const { lines, get } = await person()
  const jump = sessionBody('jump', 2)
  Object.assign(jump.heartRate.samples[1] ?? {}, { value: 190 })
  const body = [sessionBody('a'), jump].map((each) => JSON.stringify(each)).join('\n')
  expect(await lines(body, { prefer: 'handling=strict' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/2', code: 'hr_jump' }] },
  })
  expect((await get()).body.data).toEqual([])
})
