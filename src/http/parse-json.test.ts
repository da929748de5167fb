import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Problem } from '../model/problem.ts'
import { parseJson } from './parse-json.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const utf16 = (text: string) => Buffer.from(text, 'utf16le')

function refusal(body: Uint8Array): Problem {
  try {
    parseJson(body)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('It was taken')
}

const keys = (count: number, value: string) => `{${Array.from({ length: count }, (_, at) => `"k${at}":${value}`).join(',')}}`

test.each([
  ['A1: nothing', bytes(''), 'empty_body'],
  ['A2: an object cut off', bytes('{"a":'), 'malformed_json'],
  ['A4: a value and more', bytes('{"a":1}{"b":2}'), 'malformed_json'],
  ['A4: a value and a comma', bytes('{"a":1},'), 'malformed_json'],
  ['A7: UTF-16 with its mark', Buffer.concat([Buffer.of(0xff, 0xfe), utf16('{"a":1}')]), 'invalid_utf8'],
  ['A7: UTF-16 without', utf16('{"a":1}'), 'invalid_utf8'],
  ['A7: UTF-16, big end first', utf16('{"a":1}').swap16(), 'invalid_utf8'],
  ['A8: an overlong slash', Buffer.concat([bytes('"'), Buffer.of(0xc0, 0xaf), bytes('"')]), 'invalid_utf8'],
  ['A8: a lone continuation', Buffer.concat([bytes('"'), Buffer.of(0x80), bytes('"')]), 'invalid_utf8'],
  ['A8: a surrogate in UTF-8', Buffer.concat([bytes('"'), Buffer.of(0xed, 0xa0, 0x80), bytes('"')]), 'invalid_utf8'],
  ['A9: a lone surrogate', bytes('{"a":"\\ud800"}'), 'invalid_unicode'],
  ['A9: a lone surrogate in a key', bytes('{"\\udc00":1}'), 'invalid_unicode'],
  ['A10: NUL', bytes('{"a":"x\\u0000"}'), 'invalid_unicode'],
  ['A11: a key twice', bytes('{"value":72,"value":190}'), 'duplicate_key'],
  ['A11: a key twice, once escaped', bytes('{"a":1,"\\u0061":2}'), 'duplicate_key'],
  ['A11: a key twice, deep', bytes('[[{"a":{"b":1,"c":2,"b":3}}]]'), 'duplicate_key'],
  ['A12: a key that is a prototype elsewhere', bytes('{"__proto__":{"admin":true}}'), 'unknown_field'],
  ['A12: the same, escaped', bytes('{"\\u005f_proto__":{"admin":true}}'), 'unknown_field'],
  ['A13: depth 33', bytes(`${'['.repeat(33)}${']'.repeat(33)}`), 'too_deep'],
  ['A13: depth 100,000', bytes('['.repeat(100_000)), 'too_deep'],
  ['A13: depth 1,000,000', bytes('{"a":'.repeat(1_000_000)), 'too_deep'],
  ['A14: 1,001 keys in one object', bytes(keys(1001, '1')), 'too_many_fields'],
  ['A14: 100,000 keys in all', bytes(`[${Array(100).fill(keys(1000, '1')).join(',')}]`), 'too_many_fields'],
  ['A16: a number beyond all', bytes('{"a":1e400}'), 'out_of_range'],
  ['A16: one below all', bytes('[-1e400]'), 'out_of_range'],
  ['A17: an integer beyond 2^53 - 1', bytes('{"a":9007199254740993}'), 'unsafe_integer'],
  ['A17: one below', bytes('{"a":-9007199254740992}'), 'unsafe_integer'],
])('%s is refused', (_, body, code) => {
  expect(refusal(body)).toMatchObject({ code })
})

test.each([
  ['A6: a mark before it', Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), bytes('{"a":1}')]), { a: 1 }],
  ['A9: a pair of surrogates', bytes('"\\ud83d\\ude00"'), '😀'],
  ['A10: a backslash before u0000', bytes('"\\\\u0000"'), '\\u0000'],
  ['A12: keys that objects have', bytes('{"constructor":1,"toString":2}'), { constructor: 1, toString: 2 }],
  ['A13: depth 32', bytes(`${'['.repeat(32)}${']'.repeat(32)}`), JSON.parse(`${'['.repeat(32)}${']'.repeat(32)}`)],
  ['A13: brackets in a text', bytes(`"${'['.repeat(100)}"`), '['.repeat(100)],
  ['A14: 1,000 keys in one object', bytes(keys(1000, '1')), JSON.parse(keys(1000, '1'))],
  ['A17: 2^53 - 1', bytes('9007199254740991'), Number.MAX_SAFE_INTEGER],
  ['A18: -0', bytes('{"a":-0,"b":[-0.0]}'), { a: 0, b: [0] }],
])('%s is taken', (_, body, value) => {
  expect(parseJson(body)).toStrictEqual(value)
})

test('every bad place is named, by where it stands and not by what it holds', () => {
  const { code, errors } = refusal(bytes('{"a/b":["\\u0000",{"~":1e400}],"__proto__":1,"n":90071992547409931}'))
  expect(code).toBe('invalid')
  expect(errors?.map((error) => [error.pointer, error.code])).toEqual([
    ['/a~1b/0', 'invalid_unicode'],
    ['/a~1b/1/~0', 'out_of_range'],
    ['/__proto__', 'unknown_field'],
    ['/n', 'unsafe_integer'],
  ])
})

test('what is malformed is not quoted', () => {
  const { message, cause } = refusal(bytes('{"heartRate": 61x}'))
  expect(message).toMatch(/position \d+/)
  expect(message).not.toContain('61')
  expect(cause).toBeUndefined()
})

test('what JSON says is what JSON.parse reads, whatever the value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6, noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value)
      const odd = /"__proto__"|\\u0000|\\ud[89a-f]/i.test(text) || /(?:^|[^\w.])-?\d+(?:\.\d+)?e\+?\d+/.test(text) || /\d{16}/.test(text)
      fc.pre(!odd)
      expect(parseJson(bytes(text))).toEqual(JSON.parse(text))
    }),
    { numRuns: 2000 },
  )
})
