import { expect, test } from 'vitest'
import { wandering } from '../../test/fixtures/rule-days.ts'
import { pastDay } from './day-trace.ts'
import { composeInsight } from './insight.ts'

test('an insight is the same from what is kept of past days as from all of them', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const input = wandering(seed)
    const past = input.history.map(pastDay)
    expect(past.every(({ provenance, sleep }) => Object.keys(provenance).length === 0 && (sleep?.spans ?? []).length === 0)).toBe(true)
    expect(composeInsight({ ...input, history: past })).toEqual(composeInsight(input))
  }
})
