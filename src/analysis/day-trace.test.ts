import { expect, test } from 'vitest'
import { wandering } from '../../test/fixtures/rule-days.ts'
import type { Day } from '../model/day.ts'
import { pastDay } from './day-trace.ts'
import { composeInsight } from './insight.ts'

/** With what only a whole day says: of two watches each has its own variability, and each night has an hour awake somewhere else. */
function detailed(day: Day, at: number): Day {
  const sources = [{ id: at % 5 === 0 ? 'old' : 'new', name: 'Watch', kind: 'watch', share: 1, samples: 9 }] as const
  const one = { method: 'night_mean', sources: [...sources] }
  const whole: Day = { ...day, provenance: { hrv: one, respiratoryRate: one } }
  if (day.sleep === undefined) return whole
  const from = Date.parse(day.sleep.onset) + (1 + (at % 4)) * 3_600_000
  const [startTime, endTime] = [from, from + 3_600_000].map((ms) => new Date(ms).toISOString()) as [string, string]
  const { onset, wake } = day.sleep
  const spans: Day['sleep'] = {
    ...day.sleep,
    spans: [
      { startTime: onset, endTime: startTime, stage: 'light' },
      { startTime, endTime, stage: 'awake' },
      { startTime: endTime, endTime: wake, stage: 'light' },
    ],
  }
  return { ...whole, sleep: spans }
}

test('an insight is the same from what is kept of past days as from all of them', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const input = wandering(seed)
    const history = input.history.map(detailed)
    const whole = composeInsight({ ...input, day: detailed(input.day, 29), history })
    expect(composeInsight({ ...input, day: detailed(input.day, 29), history: history.map(pastDay) })).toEqual(whole)
  }
})
