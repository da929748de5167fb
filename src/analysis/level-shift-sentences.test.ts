import { expect, test } from 'vitest'
import { aDay, daysBefore } from '../../test/fixtures/days.ts'
import type { Change } from '../model/change.ts'
import { unsupportedNumbers } from './evidence.ts'
import { composeInsight } from './insight.ts'

const shift: Change = {
  userId: 'u1',
  changeId: 'level_shift_resting_heart_rate_20240108',
  kind: 'level_shift',
  metric: 'resting_heart_rate',
  unit: '/min',
  date: '2024-01-08',
  noticedOn: '2024-01-19',
  before: 60,
  after: 66.5,
  p: 0.0004,
}
const sleep: Change = { ...shift, changeId: 'b', metric: 'total_sleep_hours', unit: 'h', before: 7.5, after: 6.75 }

function insightOf(date: string, changes: readonly Change[]) {
  const past = daysBefore(date, 28, (each) => aDay(each, { heartRate: { resting: 66, method: 'device' } }))
  const day = aDay(date, { heartRate: { resting: 66, method: 'device' } })
  return composeInsight({ day, history: past, generatedAt: `${date}T23:59:00Z`, processingTimeS: 0, changes })
}

test('a level shift is told by the insight of the date after it was noticed, with its evidence, and by no other', () => {
  const { insight } = insightOf('2024-01-20', [shift, sleep])
  const sentence = 'Your resting heart rate has been about 66 bpm since 2024-01-08, 6 bpm higher than the 60 bpm before (medians).'
  expect(insight.data.heartRateAnalysis?.insights).toContain(sentence)
  expect(insight.data.sleepAnalysis?.insights).toContain(
    'You have slept about 6 h 45 min a night since 2024-01-08, 45 min less than the 7 h 30 min before (medians).',
  )
  const at = insight.data.heartRateAnalysis?.insights.indexOf(sentence)
  expect(unsupportedNumbers(sentence, insight.evidence[`/data/heartRateAnalysis/insights/${at}`] ?? [])).toEqual([])
  expect(JSON.stringify(insightOf('2024-01-21', [shift]).insight.data)).not.toContain('2024-01-08')
})

test('an insight is another one when a shift is to be told, and the same when none is', () => {
  const hash = (changes: readonly Change[]) => insightOf('2024-01-20', changes).insight.inputHash
  expect(hash([shift])).not.toBe(hash([]))
  expect(
    hash([
      { ...shift, noticedOn: '2024-01-02' },
      { ...shift, kind: 'elevation' },
    ]),
  ).toBe(hash([]))
})
