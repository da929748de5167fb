import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collect } from '../../test/contracts/expectations.ts'
import type { Stored } from '../ports/documents.ts'
import { type Difference, differences } from './differences.ts'

type Bodies = Readonly<Record<string, object>>

/** As a store lists a collection: by parent, then id. */
async function* listed(bodies: Bodies): AsyncGenerator<Stored<object>> {
  const key = (path: string) => [path.split('/')[1] ?? '', path.split('/')[3] ?? '']
  const paths = Object.keys(bodies).sort((one, other) => (key(one) < key(other) ? -1 : 1))
  for (const path of paths) yield { path, version: 1, body: bodies[path] ?? {} }
}

async function between(wanted: Bodies, found: Bodies): Promise<Difference[]> {
  return collect(differences(listed(wanted), listed(found)))
}

test('what is absent, changed and extra is named, and nothing else', async () => {
  const wanted = { 'users/a/days/1': { steps: 1 }, 'users/a/days/2': { steps: 2 }, 'users/b/days/1': { steps: 3 } }
  const found = { 'users/a/days/2': { steps: 9 }, 'users/a-b/days/1': { steps: 5 }, 'users/b/days/1': { steps: 3 } }
  expect(await between(wanted, found)).toEqual([
    { kind: 'absent', path: 'users/a/days/1', body: { steps: 1 } },
    { kind: 'changed', path: 'users/a/days/2', body: { steps: 2 } },
    { kind: 'extra', path: 'users/a-b/days/1' },
  ])
})

test('the order of keys is no difference; that of a list, an absent key and a null are', async () => {
  const path = 'users/a/days/1'
  expect(await between({ [path]: { a: 1, b: { c: [1, 2] } } }, { [path]: { b: { c: [1, 2] }, a: 1 } })).toEqual([])
  for (const other of [
    { a: 1, b: { c: [2, 1] } },
    { a: 1, b: { c: [1, 2] }, d: null },
    { a: 1 },
    { a: 1, b: { c: { 0: 1, 1: 2 } } },
    { a: 1, b: null },
  ])
    expect(await between({ [path]: { a: 1, b: { c: [1, 2] } } }, { [path]: other })).toHaveLength(1)
})

test('to do what is said makes any store say what any other says', async () => {
  const id = fc.string({ unit: fc.constantFrom(...'aB0-_'), minLength: 1, maxLength: 3 })
  const bodies = fc.dictionary(
    fc.tuple(id, id).map(([parent, each]) => `users/${parent}/days/${each}`),
    fc.record({ steps: fc.nat(2) }),
  )
  await fc.assert(
    fc.asyncProperty(bodies, bodies, async (wanted, found) => {
      const made: Record<string, object> = { ...found }
      for (const difference of await between(wanted, found)) {
        if (difference.kind === 'extra') delete made[difference.path]
        else made[difference.path] = difference.body
      }
      expect(made).toEqual({ ...wanted })
    }),
  )
})

test('a listing out of order is a mistake and never a difference', async () => {
  async function* wrong(): AsyncGenerator<Stored<object>> {
    for (const path of ['users/b/days/1', 'users/a/days/1']) yield { path, version: 1, body: {} }
  }
  await expect(collect(differences(wrong(), listed({})))).rejects.toThrow('out of order')
})
