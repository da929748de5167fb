import { expect, test } from 'vitest'
import type { Documents, Write } from '../../src/ports/documents.ts'
import { expectProblem, put } from './expectations.ts'

export function siblings(store: () => Documents): void {
  const day = (id: string) => `users/u1/days/${id}`
  const left = async () => (await store().list({ collection: 'days', parent: 'users/u1', limit: 1000 })).data.map(({ path }) => path)
  const gone = (ids: readonly { id: string; version: number }[]): Write => ({
    op: 'delete',
    path: day('a'),
    ifVersion: 1,
    quiet: true,
    siblings: ids,
  })

  test('a delete takes its siblings along, each at its version, and what is beside them stays', async () => {
    await store().batch([put(day('a'), {}), put(day('b'), {}), put(day('c'), {}), put('users/u2/days/b', {})])
    await store().batch([put(day('b'), { n: 2 })])
    await store().batch([put('users/u1', { n: 1 }), gone([{ id: 'b', version: 2 }])])
    expect(await left()).toEqual([day('c')])
    expect(await store().get('users/u2/days/b')).toBeDefined()
    expect(await store().get('users/u1')).toBeDefined()
  })

  test.each([
    ['is of another version', { id: 'b', version: 2 }],
    ['is not there', { id: 'x', version: 1 }],
  ])('where one of the siblings %s nothing of the batch happens', async (_, other) => {
    await store().batch([put(day('a'), {}), put(day('b'), {}), put(day('c'), {})])
    await expectProblem('conflict', store().batch([gone([{ id: 'c', version: 1 }, other])]))
    await expectProblem('conflict', store().batch([put('users/u1', { n: 1 }), gone([{ id: 'c', version: 1 }, other])]))
    expect(await left()).toEqual([day('a'), day('b'), day('c')])
    expect(await store().get('users/u1')).toBeUndefined()
  })

  test('more siblings than a batch has writes go in one step, and 5,001 are refused', async () => {
    const ids = Array.from({ length: 600 }, (_, n) => `n${n}`)
    await store().batch([put(day('a'), {}), ...ids.slice(0, 400).map((id) => put(day(id), {}))])
    await store().batch(ids.slice(400).map((id) => put(day(id), {})))
    await store().batch([gone(ids.map((id) => ({ id, version: 1 })))])
    expect(await left()).toEqual([])
    await expectProblem('invalid', store().batch([gone(Array.from({ length: 5001 }, (_, n) => ({ id: `n${n}`, version: 1 })))]))
  })

  const many = Array.from({ length: 30 }, (_, n) => ({ id: `m${n + 10}`, version: 1 }))
  const putMany = () => store().batch([put(day('a'), {}), ...many.map(({ id }) => put(day(id), {}))])

  test('many siblings go, in whatever order they are named, and what lies between two of them stays', async () => {
    await putMany()
    await store().batch([gone(many.toReversed())])
    expect(await left()).toEqual([])
    await putMany()
    await store().batch([put(day('m20x'), {}), put(day('m39x'), {})])
    await store().batch([gone(many.toReversed())])
    expect(await left()).toEqual([day('m20x'), day('m39x')])
  })

  test.each<[string, (day: string) => Write]>([
    ['changed', (path) => put(path, { n: 2 })],
    ['was deleted', (path) => ({ op: 'delete', path })],
  ])('where one of many siblings %s meanwhile nothing of the batch happens', async (_, meanwhile) => {
    await putMany()
    await store().batch([meanwhile(day('m25'))])
    const before = await left()
    await expectProblem('conflict', store().batch([put('users/u1', { n: 1 }), gone(many)]))
    expect(await left()).toEqual(before)
    expect(await store().get('users/u1')).toBeUndefined()
  })

  test('one of many siblings that is named twice is there only once', async () => {
    await putMany()
    await expectProblem('conflict', store().batch([gone([...many, { id: 'm25', version: 1 }])]))
    expect(await left()).toHaveLength(31)
  })
}
