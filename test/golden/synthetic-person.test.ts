import { expect, test } from 'vitest'
import { baselineDays } from '../../src/analysis/baseline.ts'
import type { House } from '../../src/app/house.ts'
import type { Day } from '../../src/model/day.ts'
import type { StoredInsight } from '../../src/model/insight.ts'
import { daysOf, imported, insightsOf, synthetic, temporaryHouse } from './people.ts'
import { differences } from './truth-diff.ts'

const zone = 'America/New_York'

const spans = [
  ['exporter', 365],
  ['capture', 270],
] as const

test.each(spans)('with offsets of the %s, each of %d days is what truly happened', async (offsets, count) => {
  const { source, truth } = synthetic({ seed: 1, days: count, lastDate: '2024-11-20', offsets })
  await using house = await temporaryHouse()
  const report = await imported(house, source, zone)
  const days = await daysOf(house)
  expect(differences(truth.days, days)).toEqual([])
  // The span holds what makes days hard, or it would prove nothing.
  expect(lengthsOf(days)).toEqual(['America/New_York 1380', 'America/New_York 1500', 'America/New_York 1740', 'Europe/London 1140'])
  expect(new Set(truth.days.flatMap(({ occasions }) => occasions)).size).toBe(14)
  expect(truth.days.filter(({ wornMinutes }) => wornMinutes === 0)).toHaveLength(2)
  expect(await insightsOf(house)).toHaveLength(count)
  const { received, accepted, duplicate, quarantined, rejected } = report
  const { records, workouts, activitySummaries, duplicates, outOfRange, unknownUnits } = truth.totals
  expect(received).toBe(records + workouts + activitySummaries)
  // One version of the edited workout gives way to the other.
  expect({ duplicate, quarantined, rejected }).toEqual({ duplicate: duplicates + 1, quarantined: outOfRange + unknownUnits, rejected: 0 })
  expect(accepted + duplicate + quarantined).toBe(received)
})

test('a late batch changes its two days and nothing else, and all is then as if it had come at once', async () => {
  const options = { seed: 3, days: 90, lastDate: '2024-11-20' } as const
  const [first, late, all] = (['first', 'late', 'all'] as const).map((part) => synthetic({ ...options, part }))
  if (!first || !late || !all) throw new Error('three parts')
  await using house = await temporaryHouse()
  await imported(house, first.source, zone)
  const before = await daysOf(house)
  expect(differences(first.truth.days, before)).toEqual([])
  expect(before.every(({ revision }) => revision === 1)).toBe(true)

  await imported(house, late.source, zone)
  const after = await daysOf(house)
  expect(differences(all.truth.days, after)).toEqual([])
  const lateDates = all.truth.days.filter(({ occasions }) => occasions.includes('late')).map(({ date }) => date)
  expect(lateDates).toHaveLength(2)
  expect(after.filter(({ revision }) => revision !== 1).map(({ date, revision }) => `${date} ${revision}`)).toEqual(
    lateDates.map((date) => `${date} 2`),
  )
  const untouched = (days: readonly Day[]) => days.filter(({ date }) => !lateDates.includes(date))
  expect(untouched(after)).toEqual(untouched(before))

  await using other = await temporaryHouse()
  await imported(other, all.source, zone)
  expect(after.map(settledDay)).toEqual((await daysOf(other)).map(settledDay))
  const insights = await insightsOf(house)
  expect(insights.map(settledInsight)).toEqual((await insightsOf(other)).map(settledInsight))
  const compares = (date: string) => lateDates.some((each) => daysFrom(each, date) >= 0 && daysFrom(each, date) <= baselineDays)
  for (const { date, revision } of insights) expect([date, revision]).toEqual([date, compares(date) ? 2 : 1])
})

test('the same file again adds nothing and makes nothing again', async () => {
  const { source } = synthetic({ seed: 5, days: 20, lastDate: '2024-11-20' })
  await using house = await temporaryHouse()
  const once = await imported(house, source, zone)
  const before = await stateOf(house)
  const { received, accepted, duplicate, quarantined, rejected, sessions, days, metrics } = await imported(house, source, zone)
  expect({ accepted, quarantined, rejected, sessions, days, metrics }).toEqual({
    accepted: 0,
    quarantined: 0,
    rejected: 0,
    sessions: 0,
    days: 0,
    metrics: {},
  })
  expect(duplicate).toBe(received)
  expect(received).toBe(once.received)
  expect(await stateOf(house)).toEqual(before)
  expect(before.days).toHaveLength(20)
})

async function stateOf(house: House) {
  return { days: await daysOf(house), insights: await insightsOf(house) }
}

/** Days that have not 24 hours, each kind once: where they ended, and their minutes. */
function lengthsOf(days: readonly Day[]): string[] {
  return days
    .filter(({ coverage }) => coverage.dayMinutes !== 1440)
    .map(({ zone: where, coverage }) => `${where} ${coverage.dayMinutes}`)
    .toSorted()
}

/** Without what tells how often and when it was made, and from which versions of its sessions. */
function settledDay({ revision: _, inputHash: __, madeAt: ___, ...day }: Day) {
  return day
}

function settledInsight({
  revision: _,
  inputHash: __,
  metadata: { generatedAt: ___, processingTime: ____, ...metadata },
  ...insight
}: StoredInsight) {
  return { ...insight, metadata }
}

function daysFrom(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(to).days
}
