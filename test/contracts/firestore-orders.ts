import { afterEach, beforeEach, expect, test } from 'vitest'
import { encodeCursor } from '../../src/adapters/documents/cursor.ts'
import { openFirestoreDocuments } from '../../src/adapters/documents/firestore.ts'
import type { Documents, ListQuery, Write } from '../../src/ports/documents.ts'
import type { FirestoreEngine } from '../engines/firestore.ts'
import { expectProblem, put } from './expectations.ts'

/** Orders, ranges and ids that Firestore by itself has otherwise. */
export function firestoreOrders({ newUrl, options }: FirestoreEngine): void {
  let documents: Documents
  beforeEach(async () => {
    documents = await openFirestoreDocuments(newUrl(), options)
  })
  afterEach(() => documents.close())

  const day = (id: string, date: unknown): Write => put(`users/u1/days/${id}`, { userId: 'u1', date })
  const byDate = { collection: 'days', index: 'userDate', equals: ['u1'], limit: 100 }
  const pathsIn = async (query: ListQuery) => (await documents.list(query)).data.map(({ path }) => path)
  const idsIn = async (query: object = {}) => (await pathsIn({ ...byDate, ...query })).map((path) => path.slice(path.lastIndexOf('/') + 1))

  test('numbers are ordered by size, before all text, and text by code point', async () => {
    const values = [
      -1e300,
      -2,
      -1.5,
      -5e-324,
      0,
      5e-324,
      1,
      1.5,
      10,
      1e300,
      '',
      '\0',
      '\0a',
      '\u0001',
      ' ',
      'A',
      'a',
      'a\0',
      'ab',
      'é',
      '�',
      '💤',
    ]
    await documents.batch(values.map((value, n) => day(String(n + 10), value)).toReversed())
    const ids = values.map((_, n) => String(n + 10))
    expect(await idsIn()).toEqual(ids)
    for (const [n, from] of values.entries()) {
      expect(await idsIn({ from })).toEqual(ids.slice(n))
      expect(await idsIn({ to: from })).toEqual(ids.slice(0, n))
    }
    expect(await idsIn({ equals: ['u1', -0] })).toEqual(['14'])
    expect(await idsIn({ from: 'b', to: 'a' })).toEqual([])
    expect(await idsIn({ from: 'a', to: 1 })).toEqual([])
  })

  test('what is equal is ordered by id, then by parent, over all parents and through pages', async () => {
    const insight = (user: string, id: string) => put(`users/${user}/insights/${id}`, { userId: user, date: '2024-01-20', type: 'daily' })
    await documents.batch([insight('u1', 'b'), insight('u1', 'a'), insight('u2', 'a'), insight('u2', 'b')])
    const query = { collection: 'insights', index: 'date' }
    const down = ['users/u2/insights/b', 'users/u1/insights/b', 'users/u2/insights/a', 'users/u1/insights/a']
    expect(await pathsIn({ ...query, limit: 9 })).toEqual(down)
    const first = await documents.list({ ...query, limit: 3 })
    expect(first.data.map(({ path }) => path)).toEqual(down.slice(0, 3))
    expect(await pathsIn({ ...query, limit: 3, cursor: first.nextCursor ?? '' })).toEqual(down.slice(3))
  })

  test('a range of ids may be bounded by what is no id', async () => {
    await documents.batch(['1.0', '1.0.1', '1', '2', '-'].map((id) => put(`models/m/versions/${id}`, {})))
    const query = { collection: 'modelVersions', parent: 'models/m', limit: 9 }
    const countFrom = async (from: string) => (await pathsIn({ ...query, from })).length
    const counts = { '': 5, '.': 4, '..': 4, '1/': 1, '1.0/x': 1, '1.0': 3, '1é': 1, '/': 4, __x__: 0, '💤': 0 }
    for (const [bound, count] of Object.entries(counts)) {
      expect([bound, await countFrom(bound)]).toEqual([bound, count])
      expect(await pathsIn({ ...query, to: bound })).toHaveLength(5 - count)
    }
  })

  test('a cursor that was made to leave its range is refused', async () => {
    await documents.batch(['1', '2', '3', '4'].map((id) => day(id, id)))
    const query = { ...byDate, from: '3', limit: 1 }
    expect(await idsIn({ ...query, cursor: encodeCursor(query, ['3', '3', 'users/u1']) })).toEqual(['4'])
    const forged = encodeCursor(query, ['0', '0', 'users/u1'])
    await expectProblem('invalid', documents.list({ ...query, cursor: forged }))
  })
}
