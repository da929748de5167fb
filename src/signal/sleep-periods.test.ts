import { expect, test } from 'vitest'
import { hasVectors, vectorRows } from '../../test/fixtures/vectors.ts'
import { fragmentationOf, sleepFigures, sleepPeriods } from './sleep-periods.ts'

function labels(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => (letter === 'S' ? 1 : 0))
}

test('a night has the figures that a hand counts', () => {
  // 3 in bed awake, 5 asleep, 2 awake, 4 asleep, 1 awake, 3 asleep, 2 awake at the end: 20 in bed, 12 asleep.
  expect(sleepFigures(labels('WWWSSSSSWWSSSSWSSSWW'))).toEqual({
    inBed: 20,
    asleep: 12,
    latency: 3,
    awakeAfterOnset: 3,
    awakeAtTheEnd: 2,
    awakenings: 2,
    efficiency: 0.6,
  })
  expect(sleepFigures(labels('WWWSSSSSWWSSSSWSSSWW'), 2).awakenings).toBe(1)
})

test('a night without sleep has no efficiency to speak of, and one without time none at all', () => {
  expect(sleepFigures(labels('WWWW'))).toMatchObject({ asleep: 0, latency: 4, awakeAfterOnset: 0, efficiency: 0 })
  expect(sleepFigures(labels('')).efficiency).toBeNaN()
})

test('a period begins with five minutes asleep and ends before ten awake', () => {
  const night = `${'W'.repeat(20)}SSSS${'W'.repeat(3)}${'S'.repeat(170)}${'W'.repeat(9)}${'S'.repeat(5)}${'W'.repeat(10)}SSS`
  const still = new Float64Array(night.length)
  expect(sleepPeriods(labels(night), still)).toEqual([{ from: 27, to: 211 }])
  expect(
    sleepPeriods(labels(night), still, { bedtimeMinutes: 5, wakeMinutes: 10, leastMinutes: 160, mostMinutes: 1440, leastMoving: 1 }),
  ).toEqual([])
})

test.skipIf(!hasVectors)('all ten periods of one day and their figures are those of actigraph.sleepr (needs the real data folder)', () => {
  const minutes = vectorRows('GT3XPlus-RawData-Day01-sleep-awake.csv')
  const asleep = Uint8Array.from(minutes, (row) => (row.sadeh === 'S' ? 1 : 0))
  const counts = Float64Array.from(minutes, (row) => Number(row.axis1))
  const start = Date.parse(minutes[0]?.timestamp ?? '')
  const bySettings = Map.groupBy(vectorRows('GT3XPlus-RawData-Day01-sleep-periods.csv'), (row) => row.period_algorithm)
  expect(bySettings.size).toBe(3)
  for (const rows of bySettings.values()) {
    const rule = {
      bedtimeMinutes: Number(rows[0]?.n_bedtime_start),
      wakeMinutes: Number(rows[0]?.n_wake_time_end),
      leastMinutes: Number(rows[0]?.min_sleep_period),
      mostMinutes: Number(rows[0]?.max_sleep_period),
      leastMoving: Number(rows[0]?.min_nonzero_epochs),
    }
    const found = sleepPeriods(asleep, counts, rule).map(({ from, to }) => {
      const within = asleep.subarray(from, to)
      const { asleep: slept, latency, awakeAfterOnset, awakeAtTheEnd, awakenings, efficiency } = sleepFigures(within)
      const { movement, fragmentation } = fragmentationOf(within, counts.subarray(from, to))
      const rounded = (value: number, digits: number) => Number(value.toFixed(digits))
      return {
        from,
        to,
        latency,
        slept,
        awake: awakeAfterOnset + awakeAtTheEnd,
        awakenings: awakenings + (awakeAtTheEnd > 0 ? 1 : 0),
        efficiency: rounded(100 * efficiency, 2),
        movement: rounded(movement, 3),
        fragmentation,
      }
    })
    expect(found).toEqual(
      rows.map((row) => ({
        from: (Date.parse(row.in_bed_time ?? '') - start) / 60_000,
        to: (Date.parse(row.out_bed_time ?? '') - start) / 60_000,
        latency: Number(row.latency),
        slept: Number(row.total_sleep_time),
        awake: Number(row.wake_after_onset),
        awakenings: Number(row.nb_awakenings),
        efficiency: Number(row.efficiency),
        movement: Number(row.movement_index),
        fragmentation: Number(row.fragmentation_index),
      })),
    )
  }
})
