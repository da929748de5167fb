import { describe, expect, test } from 'vitest'
import { hasVectors, vectorRows } from '../../test/fixtures/vectors.ts'
import { choiNonWear, troianoNonWear } from './non-wear.ts'
import type { Run } from './runs.ts'

/** Minutes with the counts given, zeros elsewhere. */
function minutes(length: number, counts: Record<number, number>): Float64Array {
  return Float64Array.from({ length }, (_, minute) => counts[minute] ?? 0)
}

test('Choi bears a movement of two minutes between half hours without any, and no longer one', () => {
  expect(choiNonWear(minutes(120, { 50: 8, 51: 900 }))).toEqual([{ from: 0, to: 120 }])
  expect(choiNonWear(minutes(120, { 50: 8, 51: 0, 52: 900 }))).toEqual([])
  expect(choiNonWear(minutes(130, { 29: 8 }))).toEqual([{ from: 30, to: 130 }])
  expect(choiNonWear(minutes(89, {}))).toEqual([])
})

test('Troiano bears two minutes in a row of up to 100 counts, and ends with a third or a stronger one', () => {
  expect(troianoNonWear(minutes(100, { 40: 100, 41: 100, 60: 3 }))).toEqual([{ from: 0, to: 100 }])
  expect(troianoNonWear(minutes(100, { 60: 101 }))).toEqual([{ from: 0, to: 60 }])
  expect(troianoNonWear(minutes(130, { 66: 1, 67: 1, 68: 1 }))).toEqual([
    { from: 0, to: 66 },
    { from: 69, to: 130 },
  ])
  expect(troianoNonWear(minutes(59, {}))).toEqual([])
})

describe.skipIf(!hasVectors)('actigraph.sleepr’s periods of one day (needs the real data folder)', () => {
  const counts = () => Float64Array.from(vectorRows('GT3XPlus-RawData-Day01-sleep-awake.csv'), (row) => Number(row.axis1))

  /** Non-wear periods by the settings they were found with. */
  function expected(name: string, settings: readonly string[]): [settings: string[], periods: Run[]][] {
    const [first, ...rest] = vectorRows(name)
    const start = Date.parse(first?.period_start ?? '')
    const minute = (text = '') => (Date.parse(text) - start) / 60_000
    const rows = [first, ...rest].flatMap((row) => (row === undefined ? [] : [row]))
    return [...Map.groupBy(rows, (row) => settings.map((name) => row[name]).join(',')).entries()].map(([key, same]) => [
      key.split(','),
      same.filter(({ wear }) => wear === 'FALSE').map((row) => ({ from: minute(row.period_start), to: minute(row.period_end) })),
    ])
  }

  test('Choi finds them all, with each of three settings', () => {
    const all = expected('GT3XPlus-RawData-Day01-Choi-periods.csv', ['min_period_len', 'min_window_len', 'spike_tolerance'])
    expect(all).toHaveLength(3)
    for (const [settings, periods] of all) {
      const [leastMinutes = 0, windowMinutes = 0, artefactMinutes = 0] = settings.map(Number)
      expect(choiNonWear(counts(), { leastMinutes, windowMinutes, artefactMinutes })).toEqual(periods)
    }
  })

  test('Troiano finds them all, with each of six settings', () => {
    const columns = ['min_period_len', 'spike_tolerance', 'spike_stoplevel', 'endat_nnz_seq']
    const all = expected('GT3XPlus-RawData-Day01-Troiano-periods.csv', columns)
    expect(all).toHaveLength(6)
    for (const [settings, periods] of all) {
      const [leastMinutes = 0, spikeMinutes = 0, spikeCounts = 0] = settings.map(Number)
      const spikes = settings[3] === 'TRUE' ? 'in_a_row' : 'in_all'
      expect(troianoNonWear(counts(), { leastMinutes, spikeMinutes, spikeCounts, spikes })).toEqual(periods)
    }
  })
})
