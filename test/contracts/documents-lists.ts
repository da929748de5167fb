import fc from 'fast-check'
import { expect, test } from 'vitest'
import { valueIn } from '../../src/model/json-text.ts'
import type { Documents, ListQuery, Stored, Write } from '../../src/ports/documents.ts'
import { expectProblem, put } from './expectations.ts'

export function listing(store: () => Documents): void {
  test('a list without an index is by id, below one parent only', async () => {
    await store().batch(['b', 'a', 'B', '10', '9', '_'].map((id) => put(`users/u1/days/${id}`, {})))
    await store().batch([put('users/u2/days/a', {}), put('users/u1/insights/a', {}), put('users/u1', {})])
    expect(await idsOf(store(), { collection: 'days', parent: 'users/u1', limit: 10 })).toEqual(['10', '9', 'B', '_', 'a', 'b'])
    expect(await idsOf(store(), { collection: 'days', parent: 'users/u1', from: '9', to: 'a', limit: 10 })).toEqual(['9', 'B', '_'])
    expect(await idsOf(store(), { collection: 'users', limit: 10 })).toEqual(['u1'])
  })

  test('a list without a parent is the group of all parents', async () => {
    await store().batch(['users/u2/days/1', 'users/u1/days/2', 'users/u1/days/1'].map((path) => put(path, { date: path.slice(-1) })))
    expect(await pathsOf(store(), { collection: 'days', limit: 10 })).toEqual(['users/u1/days/1', 'users/u1/days/2', 'users/u2/days/1'])
    expect(await pathsOf(store(), { collection: 'days', index: 'date', limit: 10 })).toEqual([
      'users/u1/days/1',
      'users/u2/days/1',
      'users/u1/days/2',
    ])
    expect(await pathsOf(store(), { collection: 'days', parent: 'users/u1', index: 'date', limit: 10 })).toEqual([
      'users/u1/days/1',
      'users/u1/days/2',
    ])
  })

  test('a descending index goes from high to low, equal values too, within equals, from and to', async () => {
    const starts = { a: '2024-01-01T00:00:00Z', b: '2024-01-02T00:00:00Z', c: '2024-01-02T00:00:00Z', d: '2024-01-03T00:00:00Z' }
    await store().batch(Object.entries(starts).map(([id, startTime]) => session('u1', id, startTime)))
    await store().batch([session('u2', 'e', '2024-01-02T00:00:00Z')])
    const query = { collection: 'healthSessions', index: 'userStart', equals: ['u1'], limit: 10 }
    expect(await idsOf(store(), query)).toEqual(['d', 'c', 'b', 'a'])
    expect(await idsOf(store(), { ...query, from: '2024-01-02', to: '2024-01-03T00:00:00Z' })).toEqual(['c', 'b'])
    expect(await idsOf(store(), { ...query, parent: 'users/u1', to: '2024-01-02T00:00:00Z' })).toEqual(['a'])
    expect(await idsOf(store(), { ...query, equals: ['u1', '2024-01-02T00:00:00Z'] })).toEqual(['c', 'b'])
    expect(await idsOf(store(), { ...query, equals: ['u3'] })).toEqual([])
  })

  test('numbers come before text, and what lacks a field of the index is not in it', async () => {
    const values: readonly unknown[] = ['b', 10, 'a', 9, -1.5, null, true, { deep: 1 }, [1], undefined, '10']
    await store().batch(values.map((date, n) => put(`users/u1/days/${n}`, { userId: 'u1', date })))
    const query = { collection: 'days', index: 'userDate', equals: ['u1'], limit: 20 }
    expect(await idsOf(store(), query)).toEqual(['4', '3', '1', '10', '2', '0'])
    expect(await idsOf(store(), { ...query, from: 9, to: 'b' })).toEqual(['3', '1', '10', '2'])
  })

  test('a changed body moves in the index, and a deleted one leaves it', async () => {
    await store().batch([put('users/u1/days/a', { userId: 'u1', date: '1' }), put('users/u1/days/b', { userId: 'u1', date: '2' })])
    const query = { collection: 'days', index: 'userDate', equals: ['u1'], limit: 20 }
    await store().batch([put('users/u1/days/a', { userId: 'u1', date: '3' })])
    expect(await idsOf(store(), query)).toEqual(['b', 'a'])
    await store().batch([{ ...put('users/u1/days/a', { userId: 'u1' }), ifVersion: 2 }])
    expect(await idsOf(store(), query)).toEqual(['b'])
    await store().batch([{ op: 'delete', path: 'users/u1/days/b' }])
    expect(await idsOf(store(), query)).toEqual([])
  })
}

/** Sealed where the store seals: `note` of a session is. */
export function texts(store: () => Documents): void {
  test('bodies come as the text of what was put where text is asked for, in the same pages', async () => {
    const bodies = ['a', 'b', 'c'].map((id, n) => ({
      userId: 'u1',
      sessionInfo: { startTime: `2024-01-0${n + 1}T00:00:00Z`, dataSource: 'Watch "of"\n somebody\u0000' },
      note: { deep: [id, null, 1e21, -0.5, 'é💤'] },
      samples: { key: `samples/u1/${id}`, length: n },
    }))
    await store().batch(bodies.map((body, n) => put(`users/u1/healthSessions/s${n}`, body)))
    const query = { collection: 'healthSessions', parent: 'users/u1', limit: 2 }
    const first = await store().list<string>({ ...query, asText: true })
    const next = await store().list<string>({ ...query, asText: true, ...cursorOf(first.nextCursor) })
    expect([...first.data, ...next.data].map((found) => ({ ...found, body: JSON.parse(found.body) }))).toEqual(
      bodies.map((body, n) => ({ path: `users/u1/healthSessions/s${n}`, version: 1, body })),
    )
    expect(first.nextCursor).toBe((await store().list(query)).nextCursor)
    await store().batch([put('users/u1/days/d', { userId: 'u1', date: 'd' })])
    const days = { collection: 'days', parent: 'users/u1', limit: 2 }
    expect((await store().list(days)).data[0]?.body).toEqual({ userId: 'u1', date: 'd' })
    expect(JSON.parse((await store().list<string>({ ...days, asText: true })).data[0]?.body ?? '')).toEqual({ userId: 'u1', date: 'd' })
    for (const { body } of first.data) expect(valueIn(body, ['samples', 'key'])).toMatch(/^samples\/u1\/[abc]$/)
  })
}

export function pages(store: () => Documents): void {
  test('pages of any size together are the whole list in its order, without repeats', async () => {
    const jobs = fc.record({
      status: fc.constantFrom('pending', 'failed'),
      priority: fc.integer({ min: 0, max: 2 }),
      createdAt: fc.constantFrom('1', '2', '3'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(jobs, { maxLength: 25 }), fc.integer({ min: 1, max: 7 }), fc.boolean(), async (bodies, limit, isEqual) => {
        const old = await pathsOf(store(), { collection: 'jobs', limit: 1000 })
        await store().batch([
          ...old.map((path) => ({ op: 'delete', path }) as const),
          ...bodies.map((body, n) => put(`jobs/j${n + 100}`, body)),
        ])
        const expected = bodies
          .map((body, n) => ({ ...body, id: `j${n + 100}` }))
          .filter(({ status }) => !isEqual || status === 'pending')
          .sort(
            (a, b) => compare(a.status, b.status) || b.priority - a.priority || compare(a.createdAt, b.createdAt) || compare(a.id, b.id),
          )
        const query = { collection: 'jobs', index: 'queue', limit, ...(isEqual ? { equals: ['pending'] } : {}) }
        expect(await idsOfAllPages(store(), query)).toEqual(expected.map(({ id }) => id))
      }),
      { numRuns: 40 },
    )
  })

  test('pages by id, of a group and of a descending index hold together too', async () => {
    const ids = Array.from({ length: 23 }, (_, n) => `s${n + 10}`)
    await store().batch(ids.flatMap((id, n) => ['u1', 'u2'].map((user) => session(user, id, `2024-01-${10 + (n % 4)}`))))
    expect(await idsOfAllPages(store(), { collection: 'healthSessions', parent: 'users/u2', limit: 5 })).toEqual(ids)
    expect(await idsOfAllPages(store(), { collection: 'healthSessions', limit: 5 })).toEqual([...ids, ...ids])
    const down = await idsOfAllPages(store(), { collection: 'healthSessions', index: 'userStart', parent: 'users/u1', limit: 5 })
    expect(down).toHaveLength(23)
    expect(new Set(down)).toEqual(new Set(ids))
    expect(await idsOfAllPages(store(), { collection: 'healthSessions', index: 'userStart', limit: 1 })).toHaveLength(46)
  })

  test('a document put or deleted between two pages neither hides nor repeats another', async () => {
    await store().batch(['b', 'd', 'f', 'h'].map((id) => put(`users/u1/days/${id}`, {})))
    const query = { collection: 'days', parent: 'users/u1', limit: 2 }
    const first = await store().list(query)
    await store().batch([put('users/u1/days/a', {}), put('users/u1/days/e', {}), { op: 'delete', path: 'users/u1/days/d' }])
    expect(await idsOf(store(), { ...query, limit: 9, ...cursorOf(first.nextCursor) })).toEqual(['e', 'f', 'h'])
  })

  test('the last page has no cursor, also where it is full', async () => {
    await store().batch(['a', 'b'].map((id) => put(`users/u1/days/${id}`, {})))
    expect(await store().list({ collection: 'days', parent: 'users/u1', limit: 2 })).not.toHaveProperty('nextCursor')
  })

  test('a forged cursor, or one of another list, is refused', async () => {
    await store().batch(['a', 'b', 'c'].map((id) => put(`users/u1/days/${id}`, { userId: 'u1', date: id })))
    const query = { collection: 'days', parent: 'users/u1', limit: 1 }
    const { nextCursor = '' } = await store().list(query)
    const forged = ['', 'x', '!', 'bnVsbA', btoa('[]'), btoa('["a"]'), btoa('[0,"a"]'), `${nextCursor.slice(0, -3)}AAA`, '💤']
    for (const cursor of forged) await expectProblem('invalid', store().list({ ...query, cursor }))
    await expectProblem('invalid', store().list({ ...query, parent: 'users/u2', cursor: nextCursor }))
    await expectProblem('invalid', store().list({ collection: 'days', index: 'date', limit: 1, cursor: nextCursor }))
  })
}

function session(user: string, id: string, startTime: string): Write {
  return put(`users/${user}/healthSessions/${id}`, { userId: user, sessionInfo: { startTime } })
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

function cursorOf(cursor: string | undefined): { cursor?: string } {
  return cursor === undefined ? {} : { cursor }
}

function idOf({ path }: Stored): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

async function pathsOf(documents: Documents, query: ListQuery): Promise<string[]> {
  return (await documents.list(query)).data.map(({ path }) => path)
}

async function idsOf(documents: Documents, query: ListQuery): Promise<string[]> {
  return (await documents.list(query)).data.map(idOf)
}

async function idsOfAllPages(documents: Documents, query: ListQuery): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = await documents.list({ ...query, ...cursorOf(cursor) })
    expect(page.data.length).toBeLessThanOrEqual(query.limit)
    ids.push(...page.data.map(idOf))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return ids
}
