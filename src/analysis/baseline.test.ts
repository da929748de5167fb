import { expect, test } from 'vitest'
import { aDay, aNight, daysBefore } from '../../test/fixtures/days.ts'
import type { Day } from '../model/day.ts'
import { baselinesOf, sideOf } from './baseline.ts'
import { clockDifference } from './clock.ts'
import { figures } from './figures.ts'

const date = '2024-02-10'

function ofSteps(values: readonly number[]): readonly Day[] {
  return daysBefore(date, values.length, (each, at) => aDay(each, { steps: values[values.length - at] }))
}

test('a baseline is the median and the unscaled median absolute deviation of the 28 dates before, and of no other', () => {
  // 40 days: the 12 oldest would pull the median up. The last 28 are 1000, 2000 … 28000, the median of which is 14,500 and
  // its deviations 500, 500, 1500, 1500 … 13500, 13500: median 7,000.
  const history = ofSteps([...Array.from({ length: 12 }, () => 90_000), ...Array.from({ length: 28 }, (_, at) => (at + 1) * 1000)])
  const { ready } = baselinesOf(aDay(date, { steps: 8000 }), history)
  expect(ready.get('steps')).toEqual({
    median: 14_500,
    mad: 7000,
    n: 28,
    window: '2024-01-13/2024-02-09',
    low: 14_500 - 1.4826 * 7000,
    high: 14_500 + 1.4826 * 7000,
  })
})

test('six days are too few for a comparison and say so; seven are enough', () => {
  const day = aDay(date, { steps: 8000 })
  const six = baselinesOf(day, ofSteps([1, 2, 3, 4, 5, 6]))
  expect(six.ready.has('steps')).toBe(false)
  expect(six.reasons).toEqual([{ field: 'steps', code: 'baseline_not_ready', have: 6, need: 7 }])
  const seven = baselinesOf(day, ofSteps([1, 2, 3, 4, 5, 6, 7]))
  expect(seven.ready.get('steps')).toMatchObject({ median: 4, mad: 2, n: 7 })
  expect(seven.reasons).toEqual([])
})

test('the date itself and later ones are no part of its baseline', () => {
  const later = [aDay(date, { steps: 5 }), aDay('2024-02-11', { steps: 5 })]
  const { reasons } = baselinesOf(aDay(date, { steps: 8000 }), [...ofSteps([1, 2, 3, 4, 5, 6]), ...later])
  expect(reasons).toMatchObject([{ have: 6 }])
})

test('days without the figure do not count, and a figure that the date lacks has neither baseline nor reason', () => {
  const history = daysBefore(date, 20, (each, at) => aDay(each, at % 2 === 0 ? { steps: 5000 } : {}))
  const { ready, reasons } = baselinesOf(aDay(date, { steps: 1 }), history)
  expect(ready.get('steps')?.n).toBe(10)
  expect([...ready.keys()]).toEqual(['steps'])
  expect(reasons).toEqual([])
})

test('equal days have no deviation, so the usual range is the smallest useful change', () => {
  const baseline = baselinesOf(aDay(date, { steps: 1 }), ofSteps(Array.from({ length: 10 }, () => 8000))).ready.get('steps')
  expect(baseline).toMatchObject({ mad: 0, low: 7000, high: 9000 })
})

test('heart rate variability is compared within its kind, window and source only', () => {
  const before = (kind: 'rmssd' | 'sdnn') => daysBefore('2024-02-05', 20, (each) => aDay(each, hrv(40, kind)))
  const since = daysBefore(date, 5, (each) => aDay(each, hrv(60, 'rmssd')))
  const switched = baselinesOf(aDay(date, hrv(62, 'rmssd')), [...before('sdnn'), ...since])
  expect(switched.ready.size).toBe(0)
  expect(switched.reasons).toEqual([{ field: 'hrv', code: 'baseline_not_ready', have: 5, need: 7 }])
  const otherWatch = [...before('rmssd').map((day) => ({ ...day, ...hrv(40, 'rmssd', 'old') })), ...since]
  expect(baselinesOf(aDay(date, hrv(62, 'rmssd')), otherWatch).reasons).toMatchObject([{ have: 5 }])
  expect(baselinesOf(aDay(date, hrv(62, 'rmssd')), [...before('rmssd'), ...since]).ready.get('hrvRmssd')).toMatchObject({
    median: 40,
    n: 25,
  })
})

test('the usual range of heart rate variability is a ratio', () => {
  const history = daysBefore(date, 9, (each) => aDay(each, hrv(50, 'rmssd')))
  const baseline = baselinesOf(aDay(date, hrv(50, 'rmssd')), history).ready.get('hrvRmssd')
  expect(baseline?.median).toBeCloseTo(50, 9)
  expect(baseline?.high).toBeCloseTo(55, 9)
  expect(baseline?.low).toBeCloseTo(45.4545, 4)
})

test('resting heart rates found in different ways are not compared', () => {
  const history = daysBefore(date, 20, (each, at) =>
    aDay(each, { heartRate: { resting: 60, method: at > 6 ? 'device' : 'lowest_5min_asleep' } }),
  )
  const { reasons } = baselinesOf(aDay(date, { heartRate: { resting: 61, method: 'lowest_5min_asleep' } }), history)
  expect(reasons).toEqual([{ field: 'heartRate.resting', code: 'baseline_not_ready', have: 6, need: 7 }])
})

test('efficiencies by different denominators are not compared', () => {
  const history = daysBefore(date, 20, (each) =>
    aDay(each, { sleep: { ...aNight(each, 420), efficiency: 0.9, efficiencyBasis: 'time_in_bed' } }),
  )
  const day = aDay(date, { sleep: { ...aNight(date, 420), efficiency: 0.9, efficiencyBasis: 'maintenance' } })
  const { ready, reasons } = baselinesOf(day, history)
  expect(ready.has('totalSleep')).toBe(true)
  expect(reasons).toEqual([{ field: 'sleep.efficiency', code: 'baseline_not_ready', have: 0, need: 7 }])
})

test('bedtimes around midnight have their median around midnight', () => {
  // 23:30, 23:40 … 00:30: the middle one is 00:00.
  const history = daysBefore(date, 7, (each, at) => aDay(each, { sleep: aNight(each, 420, { bedtime: 1400 + at * 10 }) }))
  const baseline = baselinesOf(aDay(date, { sleep: aNight(date, 420) }), history).ready.get('bedtime')
  expect(baseline).toBeDefined()
  if (baseline === undefined) return
  expect(clockDifference(baseline.median, 0)).toBeCloseTo(0, 6)
  expect(baseline.mad).toBeCloseTo(20, 6)
  expect(sideOf(figures.bedtime, 1430, baseline)).toBe(0)
  expect(sideOf(figures.bedtime, 1400, baseline)).toBe(-1)
  expect(sideOf(figures.bedtime, 31, baseline)).toBe(1)
})

function hrv(value: number, kind: 'rmssd' | 'sdnn', source = 'watch'): Pick<Day, 'hrv' | 'provenance'> {
  const sources = [{ id: source, name: source, kind: 'watch', share: 1, samples: 5 }]
  return { hrv: { value, kind, window: 'night', samples: 5 }, provenance: { hrv: { method: 'mean', sources } } }
}
