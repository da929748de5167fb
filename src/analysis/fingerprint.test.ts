import { expect, test } from 'vitest'
import { fingerprint } from './fingerprint.ts'

test('the low half is FNV-1a of each part with its length before it', () => {
  // Computed with the published offset basis and prime over the bytes of “2:ab1:c”.
  expect(fingerprint(['ab', 'c']).slice(8)).toBe('f035205e')
})

test('where one part ends matters', () => {
  expect(fingerprint(['ab', 'c'])).not.toBe(fingerprint(['a', 'bc']))
})

test('it has 16 hex digits, also of nothing', () => {
  expect(fingerprint([])).toMatch(/^[0-9a-f]{16}$/)
})
