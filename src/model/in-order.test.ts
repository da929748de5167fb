import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { canonicalJson, inOrder } from './in-order.ts'

const Walk = z.object({
  date: z.string(),
  route: z.array(z.object({ lat: z.number(), lon: z.number() })).optional(),
  by: z.record(z.string(), z.object({ steps: z.number(), minutes: z.number().nullish() })),
  mood: z.union([z.object({ word: z.string(), sure: z.number() }), z.string()]).default('none'),
})

test('keys come in the order of the schema, those of a record by name, at any depth', () => {
  const shuffled = {
    mood: { sure: 1, word: 'calm' },
    by: { watch: { minutes: null, steps: 1 }, phone: { steps: 2 } },
    route: [{ lon: 1, lat: 2 }],
    date: 'today',
  }
  expect(JSON.stringify(inOrder(Walk, shuffled))).toBe(
    '{"date":"today","route":[{"lat":2,"lon":1}],"by":{"phone":{"steps":2},"watch":{"steps":1,"minutes":null}},"mood":{"word":"calm","sure":1}}',
  )
  expect(inOrder(Walk, shuffled)).toEqual(shuffled)
})

test('what a loose schema does not name follows by name, and what any other does not name is left out', () => {
  const loose = z.looseObject({ b: z.object({ x: z.number() }) })
  const value = { z: 1, a: { y: 1 }, b: { x: 1, y: 2 }, c: undefined }
  expect(JSON.stringify(inOrder(loose, value))).toBe('{"b":{"x":1},"a":{"y":1},"z":1}')
})

test('canonical JSON does not depend on the order of keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const turned = JSON.parse(JSON.stringify(value), (_, each) =>
        typeof each === 'object' && each !== null && !Array.isArray(each) ? Object.fromEntries(Object.entries(each).reverse()) : each,
      )
      expect(canonicalJson(turned)).toBe(canonicalJson(value))
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})
