import { expect, test } from 'vitest'
import { aRow } from '../../test/contracts/warehouse-rows.ts'
import type { UserAnalytics } from '../model/user-analytics.ts'
import { TrendData, type TrendType, UserTrend } from '../model/user-trend.ts'
import { trendsOf } from './trend.ts'
import { periodBefore, periodFrom, periodStart, yearBefore } from './trend-period.ts'
import { overAt } from './trend-values.ts'

const later = overAt(Date.parse('2030-01-01T00:00:00Z'))
const at = '2030-01-01T00:00:00.000000Z'

/** One row a date from `from` on; undefined leaves the date out. */
function rowsFrom(from: string, values: readonly (Partial<UserAnalytics> | undefined)[]): UserAnalytics[] {
  return values.flatMap((value, n) => (value === undefined ? [] : [aRow({ date: shifted(from, n), dataQualityScore: 0.9, ...value })]))
}

function shifted(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}

function trends(rows: readonly UserAnalytics[], trendType: TrendType = 'weekly', more: Partial<Parameters<typeof trendsOf>[2]> = {}) {
  return trendsOf('u1', rows, { trendType, isOver: later, calculatedAt: at, ...more })
}

const steps = (...values: (number | undefined)[]) => values.map((totalSteps) => (totalSteps === undefined ? undefined : { totalSteps }))

test('a week of steps that rise by a thousand a day is what can be worked out by hand', () => {
  const [week] = trends(rowsFrom('2024-01-15', steps(7000, 8000, 9000, 10_000, 11_000, 12_000, 13_000)))
  expect(week?.trendData.metrics?.total_steps).toEqual({
    unit: '{steps}',
    n: 7,
    coverage: 1,
    mean: 10_000,
    median: 10_000,
    spread: 2000,
    first: { date: '2024-01-15', value: 7000 },
    last: { date: '2024-01-21', value: 13_000 },
    slope: 1000,
    slopeInterval: [1000, 1000],
    change: 6000,
    p: 2 / 5040,
    improvementScore: Math.tanh(6),
    trendDirection: 'improving',
    confidenceLevel: 1 - 2 / 5040,
  })
  expect(week).toMatchObject({
    periodStart: '2024-01-15',
    periodEnd: '2024-01-21',
    improvementScore: 1,
    trendDirection: 'improving',
    confidenceLevel: 0.9996,
  })
  expect(UserTrend.parse(week)).toEqual(week)
  expect(TrendData.parse(week?.trendData)).toEqual(week?.trendData)
})

test('what is better falls where less is better, and a change smaller than useful is stable', () => {
  const resting = (...values: number[]) =>
    trends(
      rowsFrom(
        '2024-01-15',
        values.map((restingHeartRate) => ({ restingHeartRate })),
      ),
    )[0]
  expect(resting(66, 65, 64, 63, 62, 61, 60)).toMatchObject({ trendDirection: 'improving', improvementScore: 0.964 })
  expect(resting(60, 61, 62, 63, 64, 65, 66)).toMatchObject({ trendDirection: 'declining', improvementScore: -0.964 })
  expect(resting(60, 60, 61, 61, 61, 62, 62)).toMatchObject({ trendDirection: 'stable' })
  // As far apart as above, in no order: p is 1.
  expect(resting(62, 66, 60, 63, 66, 60, 64)).toMatchObject({ trendDirection: 'stable' })
})

test('sleep is better towards seven to nine hours, and within them neither way', () => {
  const sleep = (first: number, each: number) =>
    trends(
      rowsFrom(
        '2024-01-15',
        Array.from({ length: 7 }, (_, n) => ({ totalSleepHours: first + each * n })),
      ),
    )[0]
  expect(sleep(5, 0.2)?.trendDirection).toBe('improving')
  expect(sleep(9.5, 0.2)?.trendDirection).toBe('declining')
  expect(sleep(7.2, 0.2)).not.toHaveProperty('trendDirection')
  expect(sleep(7.2, 0.2)?.trendData.metrics?.total_sleep_hours?.change).toBeCloseTo(1.2, 12)
})

test('with too few days there is no course, and why', () => {
  const [week] = trends(rowsFrom('2024-01-15', steps(7000, undefined, 9000, 10_000)))
  const figure = week?.trendData.metrics?.total_steps
  expect(figure).toMatchObject({ n: 3, median: 9000, coverage: 3 / 7 })
  expect(figure).not.toHaveProperty('slope')
  expect(week).not.toHaveProperty('trendDirection')
  expect(week?.trendData.reasons).toContainEqual({ field: 'total_steps', code: 'too_few_days', have: 3, need: 4 })
  expect(week?.trendData.reasons).toContainEqual({ field: 'resting_heart_rate', code: 'too_few_days', have: 0, need: 4 })
})

test('a period stands beside the one before it and that of the year before', () => {
  const rows = [
    ...rowsFrom('2023-01-16', steps(1000, 2000, 3000)),
    ...rowsFrom('2024-01-08', steps(4000, 4000, 4000, 4000)),
    ...rowsFrom('2024-01-15', steps(9000, 9000, 9000, 9000)),
  ]
  const week = trends(rows).at(-1)?.trendData.metrics?.total_steps
  expect(week?.previousPeriod).toEqual({ periodStart: '2024-01-08', periodEnd: '2024-01-14', n: 4, median: 4000, difference: 5000 })
  expect(week?.yearBefore).toEqual({ periodStart: '2023-01-16', periodEnd: '2023-01-22', n: 3, median: 2000, difference: 7000 })
})

test('totals of a date that still runs, or that was hardly worn, are left out; a phone by itself counts', () => {
  const amid = overAt(Date.parse('2024-01-20T23:00:00Z'))
  const rows = rowsFrom('2024-01-15', [
    { totalSteps: 1, dataQualityScore: 0 },
    { totalSteps: 2, dataQualityScore: 0.3 },
    { totalSteps: 3, dataQualityScore: 0.4167 },
    undefined,
    { totalSteps: 4, restingHeartRate: 60, timezone: 'Asia/Tokyo' },
    { totalSteps: 5, restingHeartRate: 61, timezone: 'America/New_York' },
  ])
  const { total_steps, resting_heart_rate } = trends(rows, 'weekly', { isOver: amid })[0]?.trendData.metrics ?? {}
  // In New York the 20th still runs; in Tokyo the 19th is over.
  expect([total_steps?.n, total_steps?.last.value, resting_heart_rate?.n]).toEqual([3, 4, 2])
})

test('the two kinds of heart rate variability are two series', () => {
  const rows = rowsFrom('2024-01-15', [
    { heartRateVariability: 40, hrvKind: 'sdnn' },
    { heartRateVariability: 60, hrvKind: 'rmssd' },
    { heartRateVariability: 42, hrvKind: 'sdnn' },
  ])
  const { hrv_sdnn, hrv_rmssd } = trends(rows)[0]?.trendData.metrics ?? {}
  expect([hrv_sdnn?.n, hrv_sdnn?.median, hrv_rmssd?.n]).toEqual([2, 41, 1])
})

test('a row is made again when a day of it, of the period before or of the year before has changed, and only then', () => {
  const rows = [
    ...rowsFrom('2023-01-16', steps(1000, 2000)),
    ...rowsFrom('2024-01-08', steps(4000)),
    ...rowsFrom('2024-01-15', steps(9000)),
    ...rowsFrom('2024-01-22', steps(9000)),
  ]
  const known = new Map(trends(rows).map(({ periodStart: start, revision }) => [start, revision]))
  const again = (changed: string) =>
    trends(
      rows.map((row) => (row.date === changed ? { ...row, revision: 2 } : row)),
      'weekly',
      { known },
    ).map(({ periodStart: start }) => start)
  expect(trends(rows, 'weekly', { known })).toEqual([])
  expect(again('2023-01-16')).toEqual(['2023-01-16', '2024-01-15'])
  expect(again('2024-01-08')).toEqual(['2024-01-08', '2024-01-15'])
  expect(again('2024-01-22')).toEqual(['2024-01-22'])
})

test('the end of a date is a change too: its totals count from then on', () => {
  const rows = rowsFrom('2024-01-15', steps(1, 2, 3))
  const revision = (now: string) => trends(rows, 'weekly', { isOver: overAt(Date.parse(now)) })[0]?.revision ?? 0
  expect(revision('2024-01-18T12:00:00Z')).toBeGreaterThan(revision('2024-01-17T12:00:00Z'))
  expect(revision('2024-03-18T12:00:00Z')).toBe(revision('2024-01-18T12:00:00Z'))
})

test.each([
  // The calendar of ISO 8601: 2020 had a week 53, 2021 had none.
  ['weekly', '2021-01-03', '2020-12-28', '2021-01-03', '2020-12-21', undefined],
  ['weekly', '2021-01-04', '2021-01-04', '2021-01-10', '2020-12-28', '2019-12-30'],
  ['weekly', '2022-01-03', '2022-01-03', '2022-01-09', '2021-12-27', '2021-01-04'],
  ['weekly', '1969-12-31', '1969-12-29', '1970-01-04', '1969-12-22', '1968-12-30'],
  ['monthly', '2024-02-29', '2024-02-01', '2024-02-29', '2024-01-01', '2023-02-01'],
  ['quarterly', '2024-05-31', '2024-04-01', '2024-06-30', '2024-01-01', '2023-04-01'],
  ['quarterly', '2024-12-31', '2024-10-01', '2024-12-31', '2024-07-01', '2023-10-01'],
] as const)('%s: %s lies in %s to %s, after %s, a year after %s', (trendType, date, start, end, before, year) => {
  const period = periodFrom(trendType, periodStart(trendType, date))
  expect(period).toMatchObject({ start, end })
  expect(periodBefore(trendType, period).start).toBe(before)
  expect(yearBefore(trendType, period)?.start).toBe(year)
})
