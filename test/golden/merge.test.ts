import { expect, test } from 'vitest'
import { exportText, type RecordOf, steps } from './export-text.ts'
import { daysOf, imported, sourceOf, temporaryHouse } from './people.ts'

/** What a device counted between two minutes of the day. */
interface Walk {
  readonly device: 'phone' | 'watch'
  readonly from: number
  readonly to: number
  readonly count: number
}

/** 08–10 the phone alone; 10–11 both; 11–12 the watch alone. The sum is 15,979; the phone alone 11,900, the watch alone 4,079. */
const walks: readonly Walk[] = [
  { device: 'phone', from: 480, to: 600, count: 10_000 },
  { device: 'phone', from: 600, to: 660, count: 1_900 },
  { device: 'watch', from: 600, to: 660, count: 2_000 },
  { device: 'watch', from: 660, to: 720, count: 2_079 },
]

test.each([
  ['hours', 60],
  ['minutes', 1],
])('phone and watch in turns, in samples of %s, walked 14,079 steps', async (_, minutes) => {
  await using house = await temporaryHouse()
  const report = await imported(house, sourceOf(exportText(walks.flatMap((walk) => samplesOf(walk, minutes)))), 'America/New_York')
  expect(report).toMatchObject({ quarantined: 0, rejected: 0, duplicate: 0 })
  const [day, ...others] = await daysOf(house)
  expect(others).toEqual([])
  expect(day).toMatchObject({ date: '2024-06-12', steps: 14_079, revision: 1 })
  const shares = day?.provenance.steps?.sources.map(({ kind, share }) => [kind, share])
  expect(shares).toEqual([
    ['watch', 0.2897],
    ['phone', 0.7103],
  ])
})

/** Whole steps a sample, spread as evenly as whole steps can be. */
function samplesOf({ device, from, to, count }: Walk, minutes: number): RecordOf[] {
  const samples = (to - from) / minutes
  return Array.from({ length: samples }, (_, index) => {
    const value = Math.floor((count * (index + 1)) / samples) - Math.floor((count * index) / samples)
    const start = from + index * minutes
    return steps(device, '2024-06-12', clock(start), clock(start + minutes), value)
  })
}

function clock(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')
}
