import { expect, test } from 'vitest'
import { correctedRr } from './rr-correction.ts'
import { rmssd } from './rr-variability.ts'

/** Five minutes at 60 a minute that breathe: ±30 ms every four beats or so, and a slow swing. */
const clean = Float64Array.from({ length: 300 }, (_, i) => 1000 + 30 * Math.sin(i * 1.7) + 40 * Math.sin(i / 20))

function kinds(intervals: Float64Array): [number, string][] {
  return [...correctedRr(intervals).artefacts]
}

function spliced(from: number, remove: number, ...put: number[]): Float64Array {
  return Float64Array.from([...clean.slice(0, from), ...put, ...clean.slice(from + remove)])
}

test('a clean series is left as it is', () => {
  const { rrMs, artefacts, share } = correctedRr(clean)
  expect(artefacts.size).toBe(0)
  expect(share).toBe(0)
  expect(rrMs).toEqual(clean)
})

test('a missed beat is put back in', () => {
  const both = (clean[100] ?? 0) + (clean[101] ?? 0)
  const missed = spliced(100, 2, both)
  expect(kinds(missed)).toEqual([[100, 'missed']])
  expect(correctedRr(missed).rrMs).toHaveLength(clean.length)
  expect(rmssd(missed)).toBeGreaterThan(2 * rmssd(clean))
  expect(Math.abs(rmssd(correctedRr(missed).rrMs) / rmssd(clean) - 1)).toBeLessThan(0.03)
})

test('a beat too many is taken out', () => {
  const own = clean[150] ?? 0
  const extra = spliced(150, 1, 350, own - 350)
  expect(kinds(extra)).toEqual([[150, 'extra']])
  expect(correctedRr(extra).rrMs).toHaveLength(clean.length)
  expect(Math.abs(rmssd(correctedRr(extra).rrMs) / rmssd(clean) - 1)).toBeLessThan(0.03)
})

test('a beat too early, with the pause after it, is smoothed over', () => {
  const early = clean.slice()
  early[200] = (early[200] ?? 0) - 300
  early[201] = (early[201] ?? 0) + 300
  expect(kinds(early)).toEqual([
    [200, 'long_or_short'],
    [201, 'ectopic'],
  ])
  expect(rmssd(early)).toBeGreaterThan(1.5 * rmssd(clean))
  expect(Math.abs(rmssd(correctedRr(early).rrMs) / rmssd(clean) - 1)).toBeLessThan(0.05)
})

test('the share of artefacts says how far the series can be trusted', () => {
  const missed = spliced(100, 2, (clean[100] ?? 0) + (clean[101] ?? 0))
  expect(correctedRr(missed).share).toBeCloseTo(1 / 299, 12)
})
