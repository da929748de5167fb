import { expect, test } from 'vitest'
import { z } from 'zod'
import { mergePatch, patchOf } from './merge-patch.ts'

// The test cases of RFC 7396, appendix A.
test.each([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('%j patched with %j is %j', (target, patch, patched) => {
  expect(mergePatch(target, patch)).toEqual(patched)
})

test('a patch that names a prototype makes a plain field of it', () => {
  const patched = mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}')) as object
  expect(Object.getPrototypeOf(patched)).toBe(Object.prototype)
  expect(Object.hasOwn(patched, '__proto__')).toBe(true)
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

const Thing = z.object({
  size: z.number().min(1).default(5),
  name: z.string().nullish(),
  inner: z.object({ yes: z.boolean().default(true) }).prefault({}),
})

test('a patch is checked field by field, and what it does not name gets no default', () => {
  const patch = patchOf(Thing)
  expect(patch.parse({})).toEqual({})
  expect(patch.parse({ size: 2, name: null, inner: {} })).toEqual({ size: 2, name: null, inner: {} })
  for (const bad of [{ size: 0 }, { size: '2' }, { inner: { yes: 1 } }, { inner: { no: true } }, { other: 1 }, [], null])
    expect(patch.safeParse(bad).success, JSON.stringify(bad)).toBe(false)
})
