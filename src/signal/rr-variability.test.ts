import { expect, test } from 'vitest'
import { hasVectors, vectorNumbers } from '../../test/fixtures/vectors.ts'
import { acarFilter, kamathFilter, karlssonFilter, malikFilter, outsideRange } from './rr-filters.ts'
import { rrBands } from './rr-spectrum.ts'
import { pnnOver, rmssd, sdnn } from './rr-variability.ts'

/** Places, counted from 1, that a filter calls off. */
function off(mask: Uint8Array): number[] {
  return [...mask.keys()].filter((place) => mask[place] === 1).map((place) => place + 1)
}

test('four intervals have the variability that rhenanbartels/hrv publishes for them', () => {
  const intervals = Float64Array.of(800, 810, 815, 750)
  // √((10² + 5² + 65²) / 3); published to two digits as 38.07.
  expect(rmssd(intervals)).toBeCloseTo(Math.sqrt(1450), 12)
  expect(sdnn(intervals)).toBeCloseTo(29.82, 1)
  // One of three differences; that package's later versions divide by four.
  expect(pnnOver(intervals)).toBeCloseTo(33.33, 2)
})

test('fewer than two intervals have no variability', () => {
  expect([rmssd, sdnn, pnnOver].map((figure) => figure(Float64Array.of(800)))).toEqual([Number.NaN, Number.NaN, Number.NaN])
})

test('filters take out the beats of hrv-analysis’s examples', () => {
  expect(off(malikFilter(Float64Array.of(100, 110, 100, 130, 100, 100, 70, 100, 120, 100)))).toEqual([4, 7])
  expect(off(kamathFilter(Float64Array.of(101, 110, 100, 140, 100, 100, 70, 100, 130, 115, 100, 78)))).toEqual([4, 7])
  expect(off(karlssonFilter(Float64Array.of(110, 100, 125, 100, 100, 70, 100, 130, 105, 100, 78, 100)))).toEqual([3, 6, 8, 11])
})

test('Acar judges from the tenth beat on, and the range judges each by itself', () => {
  expect(off(acarFilter(Float64Array.of(...Array<number>(8).fill(800), 2000)))).toEqual([])
  expect(off(acarFilter(Float64Array.of(...Array<number>(9).fill(800), 961, 959, 639, 641)))).toEqual([10, 12, 13])
  expect(off(outsideRange(Float64Array.of(299, 300, 2000, 2001)))).toEqual([1, 4])
})

test.skipIf(!hasVectors)('1,000 intervals have the figures that hrv-analysis expects of them (needs the real data folder)', () => {
  const intervals = vectorNumbers('nn-intervals-1000.txt')
  expect(intervals).toHaveLength(1000)
  expect(rmssd(intervals)).toBeCloseTo(19.519400785039664, 10)
  expect(sdnn(intervals)).toBeCloseTo(43.113074968427306, 10)
  expect(pnnOver(intervals)).toBeCloseTo(2.4024024, 6)
  expect(pnnOver(intervals, 20)).toBeCloseTo(22.5225225, 6)
})

test.skipIf(!hasVectors)('the spectrum of a real series has the power that rhenanbartels/hrv finds (needs the real data folder)', () => {
  const bands = rrBands(vectorNumbers('rri-real.txt'))
  expect(bands?.veryLow).toBeCloseTo(844.5, 1)
  expect(bands?.low).toBeCloseTo(1343.51, 1)
  expect(bands?.high).toBeCloseTo(1414.88, 1)
})

test('a minute of beats is too short for a spectrum', () => {
  expect(rrBands(new Float64Array(60).fill(1000))).toBeUndefined()
})
