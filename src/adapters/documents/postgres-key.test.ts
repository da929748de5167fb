import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KeyValue } from './cursor.ts'
import { keyOf } from './postgres-key.ts'

const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\0', '\u0001', '\u0002', '\u0003', 'a') }),
)

test('keys are in the order of their values: numbers by size, then text by code point', () => {
  fc.assert(
    fc.property(value, value, (one, other) => {
      expect(Math.sign(Buffer.compare(Buffer.from(keyOf(one)), Buffer.from(keyOf(other))))).toBe(compare(one, other))
    }),
    { numRuns: 3000 },
  )
})

test('a key has no NUL, and usual text is its own key', () => {
  fc.assert(
    fc.property(value, (one) => {
      expect(keyOf(one)).not.toContain('\0')
    }),
  )
  for (const text of ['2024-01-20', 'u1', 'a@example.org', 'Überlänge', '💤']) expect(keyOf(text)).toBe(text)
})

function compare(one: KeyValue, other: KeyValue): number {
  if (typeof one === 'number' && typeof other === 'number') return one === other ? 0 : one < other ? -1 : 1
  if (typeof one === 'number') return -1
  if (typeof other === 'number') return 1
  // UTF-8 is in the order of code points.
  return Math.sign(Buffer.compare(Buffer.from(one), Buffer.from(other)))
}
