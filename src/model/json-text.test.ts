import fc from 'fast-check'
import { expect, test } from 'vitest'
import { replaced, spanOf, valueIn } from './json-text.ts'
import { Problem } from './problem.ts'

const names = fc.constantFrom('samples', 'key', 'a', '', 'session', 'x"y', 'back\\slash')
const bodies = fc.dictionary(
  fc.oneof(names, fc.string({ unit: 'binary' })),
  fc.oneof(fc.jsonValue({ stringUnit: 'binary' }), fc.dictionary(names, fc.jsonValue({ stringUnit: 'binary' }))),
  { noNullPrototype: true },
)
const plain = fc.constantFrom('samples', 'key', 'a', '', 'session')

test('what is found at a path of names is what a whole parse has there', () => {
  fc.assert(
    fc.property(bodies, fc.array(plain, { minLength: 1, maxLength: 2 }), fc.constantFrom(0, 1), (body, path, indent) => {
      const text = JSON.stringify(body, undefined, indent)
      expect(valueIn(text, path)).toEqual(path.reduce<unknown>(own, JSON.parse(text)))
    }),
    { numRuns: 500 },
  )
})

test('a value is replaced at its place and all else stays to the byte', () => {
  const text = '{"note":"\\"samples\\":{\\"key\\":1}","other":{"samples":{"key":"b"}}, "samples" : {"key":"a\\\\"}  ,"n":1e3}'
  const span = spanOf(text, ['samples', 'key'])
  expect(span && replaced(text, span, 'new "key"')).toBe(text.replace('"a\\\\"', '"new \\"key\\""'))
})

test('text that breaks off before a value could stand in it is told from text without one', () => {
  const text = '{"a":{"b":[1,"}"]},"c":"\\"","d":12,"e":{}}'
  expect(spanOf(text, ['f'])).toBeUndefined()
  expect(spanOf(text, ['c', 'a'])).toBeUndefined()
  for (let length = 1; length < text.length; length++)
    expect(() => spanOf(text.slice(0, length), ['f']), text.slice(0, length)).toThrow(Problem)
})

function own(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}
