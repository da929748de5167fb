import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withEvents } from '../../src/flows/events.ts'
import { keepChanges } from '../../src/flows/keep-changes.ts'
import type { StoredEvent } from '../../src/model/event.ts'
import type { Documents, Write } from '../../src/ports/documents.ts'
import { type Heard, hearUntil, listen } from './listener.ts'
import { newId, openWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const put = (path: string, body: object, rest: object = { ifAbsent: true }): Write => ({ op: 'put', path, body, ...rest }) as Write
const told = ({ event, data: { id, version, changed } }: Heard) => [event, id, version, changed]

/** Reads until the feed has greeted, so that what is written from then on is told. */
async function follow(userId: string, options: Parameters<typeof listen>[2] = {}): Promise<AsyncGenerator<Heard>> {
  const feed = listen(world.url, userId, options)
  expect((await feed.next()).value.event).toBe('ready')
  return feed
}

test('what is written is told as it happens: what, which, which version, and the names of what changed', async () => {
  const feed = await follow('ada')
  const session = 'users/ada/healthSessions/s1'
  const day = 'users/ada/days/2024-01-20'
  await world.documents.batch([
    put(session, { userId: 'ada', heartRate: 61.6125, quality: {} }),
    put(day, { userId: 'ada', steps: 9000.75 }),
  ])
  await world.documents.batch([put(session, { userId: 'ada', heartRate: 62.6225, samples: { key: 'k' }, quality: {} }, { ifVersion: 1 })])
  await world.documents.batch([{ op: 'delete', path: session }])
  await world.documents.batch([put('jobs/j1', { userId: 'ada', status: 'pending' })])
  const heard = await hearUntil(feed, ({ event }) => event === 'job.created')
  expect(heard.map(told)).toEqual([
    ['session.created', 's1', 1, undefined],
    ['day.created', '2024-01-20', 1, undefined],
    ['session.updated', 's1', 2, ['heartRate']],
    ['session.deleted', 's1', undefined, undefined],
    ['job.created', 'j1', 1, undefined],
  ])
  expect(JSON.stringify(heard)).not.toMatch(/61\.6125|62\.6225|9000\.75/)
})

test('what is as it was, or other only in its bookkeeping, is not told, nor what concerns somebody else', async () => {
  const feed = await follow('bea')
  const session = { userId: 'bea', quality: {} }
  await world.documents.batch([put('users/bea/healthSessions/s1', session), put('users/bob/healthSessions/s1', session)])
  await world.documents.batch([put('users/bea/healthSessions/s1', { ...session, samples: { key: 'moved' } }, { ifVersion: 1 })])
  await world.documents.batch([put('users/bea/insights/i1', { userId: 'bea', text: 'x' }, {})])
  await world.documents.batch([put('users/bea/insights/i1', { text: 'x', userId: 'bea' }, {})])
  await world.documents.batch([put('jobs/j2', { userId: 'bea', status: 'processing', lease: { fence: 1 } })])
  await world.documents.batch([put('jobs/j2', { userId: 'bea', status: 'processing', lease: { fence: 2 } }, { ifVersion: 1 })])
  await world.documents.batch([put('users/bea/outbox/o1', { userId: 'bea', at: '2024' }), put('users/bea/days/d', { userId: 'bea' })])
  const heard = await hearUntil(feed, ({ event }) => event === 'day.created')
  expect(heard.map(({ event }) => event)).toEqual(['session.created', 'insight.created', 'job.created', 'day.created'])
})

test('a change of level is told as a trend: when it is found, when it moves, and when it is none any more', async () => {
  const feed = await follow('lea')
  const shift = {
    kind: 'level_shift',
    metric: 'total_steps',
    unit: '{steps}',
    noticedOn: '2024-05-20',
    before: 4123.75,
    after: 8761.25,
  } as const
  const noticed = (date: string) => keepChanges(world.documents, 'lea', [{ ...shift, date }])
  await noticed('2024-05-01')
  await noticed('2024-05-03')
  await keepChanges(world.documents, 'lea', [])
  const heard = await hearUntil(feed, ({ event }) => event === 'trend.deleted')
  const id = 'level_shift_total_steps_20240501'
  expect(heard.map(told)).toEqual([
    ['trend.created', id, 1, undefined],
    ['trend.updated', id, 2, ['date']],
    ['trend.deleted', id, undefined, undefined],
  ])
  expect(JSON.stringify(heard)).not.toMatch(/4123\.75|8761\.25/)
})

test('what is left of a deleted session is told as deleted, and its return as created', async () => {
  const feed = await follow('gil')
  const path = 'users/gil/healthSessions/s1'
  const left = { userId: 'gil', deletedAt: '2024-01-20T00:00:00.000Z', revision: 1 }
  await world.documents.batch([put(path, { userId: 'gil', revision: 1 })])
  await world.documents.batch([put(path, left, { ifVersion: 1 })])
  await world.documents.batch([put(path, { ...left, revision: 2 }, { ifVersion: 2 })])
  await world.documents.batch([put(path, { userId: 'gil', revision: 3 }, { ifVersion: 3 })])
  const heard = await hearUntil(feed, ({ data: { version } }) => version === 4)
  expect(heard.map(told)).toEqual([
    ['session.created', 's1', 1, undefined],
    ['session.deleted', 's1', undefined, undefined],
    ['session.created', 's1', 4, undefined],
  ])
})

test('a batch that is refused tells nothing', async () => {
  const before = await eventsOf('cyd')
  await world.documents.batch([put('users/cyd/days/d1', { userId: 'cyd' })])
  await expect(world.documents.batch([put('users/cyd/days/d2', {}), put('users/cyd/days/d1', {})])).rejects.toMatchObject({
    code: 'conflict',
  })
  expect((await eventsOf('cyd')).length - before.length).toBe(1)
})

test('a full batch is written, and told', async () => {
  const feed = await follow('dan')
  await world.documents.batch(Array.from({ length: 500 }, (_, n) => put(`users/dan/days/d${n}`, { userId: 'dan' })))
  expect(await hearUntil(feed, ({ data }) => data.id === 'd499')).toHaveLength(500)
  expect(await eventsOf('dan')).toHaveLength(1)
})

test('a claim is told', async () => {
  const feed = await follow('eva')
  await world.documents.batch([put('jobs/j3', { userId: 'eva', status: 'pending', priority: 1, createdAt: '2024' })])
  await world.documents.claim<{ status: string }>(
    { collection: 'jobs', index: 'queue', equals: ['pending'], limit: 9 },
    ({ body, path }) => (path === 'jobs/j3' ? { ...body, status: 'processing' } : undefined),
  )
  expect((await hearUntil(feed, ({ event }) => event === 'job.updated')).map(told)).toEqual([
    ['job.created', 'j3', 1, undefined],
    ['job.updated', 'j3', 2, ['status']],
  ])
})

test('only the types that were asked for are told', async () => {
  const feed = await follow('fay', { types: 'insight,job' })
  await world.documents.batch([put('users/fay/days/d', { userId: 'fay' }), put('users/fay/insights/i', { userId: 'fay' })])
  await world.documents.batch([put('jobs/j4', { userId: 'fay', status: 'pending' })])
  expect((await hearUntil(feed, ({ event }) => event === 'job.created')).map(({ event }) => event)).toEqual([
    'insight.created',
    'job.created',
  ])
})

test.each([
  ['types=nothing', {}, 400, 'bad_parameter'],
  ['types=', {}, 400, 'bad_parameter'],
  ['', { 'last-event-id': 'x' }, 400, 'bad_header'],
  ['', { 'last-event-id': '01HQ.zz.' }, 400, 'bad_header'],
  ['', { 'last-event-id': '01HQ000000.0123456789.00' }, 400, 'bad_header'],
  ['', { authorization: 'Bearer ' }, 401, 'unauthorized'],
])('a feed that cannot be is refused: ?%s %j', async (query, headers, status, code) => {
  const reply = await fetch(`${world.url}/v1/users/gus/events?${query}`, { headers: { authorization: 'Bearer gus', ...headers } })
  expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([status, code])
})

test('a feed is resumed after two days, and after eight it says that something is missing', async () => {
  const feed = listen(world.url, 'hal')
  const { value: greeting } = await feed.next()
  await feed.return(undefined)
  await world.documents.batch([put('users/hal/days/d1', { userId: 'hal' })])
  try {
    world.ahead = 2 * 86_400_000
    const resumed = listen(world.url, 'hal', { after: greeting.id })
    expect((await hearUntil(resumed, ({ event }) => event === 'day.created')).map(told)).toEqual([['day.created', 'd1', 1, undefined]])
    world.ahead = 8 * 86_400_000
    const late = listen(world.url, 'hal', { after: greeting.id })
    expect((await late.next()).value).toMatchObject({ event: 'reset', data: {} })
    await late.return(undefined)
  } finally {
    world.ahead = 0
  }
})

test('a credential that is revoked ends its feed', async () => {
  const feed = await follow('ivy')
  world.revoked.add('ivy')
  expect(await feed.next()).toEqual({ done: true, value: undefined })
})

test('by a grant only what it covers is told, without the names of fields, until it is revoked', async () => {
  await expect(listen(world.url, 'jan', { token: 'kay' }).next()).rejects.toThrow('404')
  world.grants.add('jan>kay:days')
  const feed = await follow('jan', { token: 'kay' })
  await world.documents.batch([
    put('users/jan/insights/i', { userId: 'jan' }),
    put('users/jan/days/d', { userId: 'jan' }),
    put('jobs/j5', { userId: 'jan' }),
  ])
  await world.documents.batch([put('users/jan/days/d', { userId: 'jan', hrv: 1 }, { ifVersion: 1 })])
  const heard: unknown[] = []
  for await (const { event, data } of feed) {
    heard.push([event, data.changed])
    if (event === 'day.updated') world.grants.delete('jan>kay:days')
  }
  expect(heard).toEqual([
    ['day.created', undefined],
    ['day.updated', undefined],
  ])
})

test('cut anywhere and resumed, with writers who commit late and out of order, nothing is lost and nothing told twice', async () => {
  const plan = fc.record({
    batches: fc.array(fc.record({ days: fc.integer({ min: 1, max: 4 }), lateBy: fc.integer({ min: 0, max: 3 }) }), {
      minLength: 1,
      maxLength: 12,
    }),
    cuts: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 10 }),
  })
  await fc.assert(
    fc.asyncProperty(plan, async ({ batches, cuts }) => {
      const userId = `p${newId()}`
      const first = await follow(userId)
      const cut = [...cuts, Number.POSITIVE_INFINITY]
      const [heard] = await Promise.all([
        hearAll(
          userId,
          first,
          cut,
          batches.reduce((sum, { days }) => sum + days, 0),
        ),
        writeAll(userId, batches),
      ])
      const stored = (await eventsOf(userId)).flatMap(({ changes }) => changes.map(({ id }) => id))
      expect(heard.toSorted()).toEqual(stored.toSorted())
    }),
    { numRuns: 30 },
  )
})

/** Reads `cuts[n]` events on the n-th connection, then resumes it, until `total` were told and what would be told again has come. */
async function hearAll(userId: string, first: AsyncGenerator<Heard>, cuts: readonly number[], total: number): Promise<unknown[]> {
  const heard: Heard[] = []
  let feed = first
  for (const cut of cuts) {
    const most = Math.min(cut, total - heard.length)
    let here = 0
    heard.push(...(await hearUntil(feed, ({ event }) => event !== 'ready' && ++here >= most)))
    feed = listen(world.url, userId, { after: heard.at(-1)?.id })
    if (heard.length >= total) break
  }
  await feed.next()
  await world.documents.batch([put(`users/${userId}/imports/last`, { userId })])
  heard.push(...(await hearUntil(feed, ({ event }) => event === 'import.created')))
  return heard.map(({ data }) => data.id)
}

/** Each batch has its id at once and is committed after `lateBy` of the batches behind it. */
async function writeAll(userId: string, batches: readonly { readonly days: number; readonly lateBy: number }[]): Promise<void> {
  const gates = batches.map(() => Promise.withResolvers<void>())
  const committed = batches.map(async ({ days }, index) => {
    const late: Documents = {
      ...world.kept,
      async batch(writes) {
        await gates[index]?.promise
        await world.kept.batch(writes)
      },
    }
    // A second after the one before, so that its id is clearly later.
    const clock = { nowMs: () => Date.now() + 1000 * index }
    const documents = withEvents({ ...world.deps, clock, documents: late })
    await documents.batch(Array.from({ length: days }, (_, n) => put(`users/${userId}/days/d${index}-${n}`, { userId })))
  })
  const order = batches.map(({ lateBy }, index) => ({ index, at: index + lateBy })).sort((a, b) => a.at - b.at || b.index - a.index)
  for (const { index } of order) {
    gates[index]?.resolve()
    await committed[index]
  }
}

async function eventsOf(userId: string): Promise<StoredEvent[]> {
  const { data } = await world.kept.list<StoredEvent>({ collection: 'events', parent: `users/${userId}`, limit: 1000 })
  return data.map(({ body }) => body)
}

test('of a reader who does not read nothing is kept in memory but a page', async () => {
  const { followEvents } = await import('../../src/flows/follow-events.ts')
  const listed: number[] = []
  const counting: Documents = {
    ...world.kept,
    async list<T>(query: Parameters<Documents['list']>[0]) {
      const page = await world.kept.list<T>(query)
      listed.push(page.data.length)
      return page
    },
  }
  const mayStill = async () => true
  const stop = new AbortController()
  const feed = followEvents(
    { ...world.deps, documents: counting },
    { userId: 'leo', types: new Set(['day']), mayStill, signal: stop.signal },
  )
  await feed.next()
  for (let n = 0; n < 300; n++) await world.documents.batch([put(`users/leo/days/d${n}`, { userId: 'leo' })])
  listed.length = 0
  await feed.next()
  expect(listed.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(50)
  for (let n = 1; n < 300; n++) await feed.next()
  stop.abort()
  expect(await feed.next()).toEqual({ done: true, value: undefined })
})
