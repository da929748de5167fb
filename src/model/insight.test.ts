import { expect, test } from 'vitest'
import { DailyInsight, dailyInsightId, Narrative, StoredInsight } from './insight.ts'

const insight = {
  insightId: dailyInsightId('2024-01-20'),
  userId: 'u1',
  date: '2024-01-20',
  type: 'daily_summary',
  status: 'completed',
  data: {},
  metadata: { generatedAt: '2024-01-21T06:00:00Z', modelVersion: 'cole_kripke@1', processingTime: 0.1, confidence: 0.5 },
}

test('the id is the one of the specification’s example', () => {
  expect(insight.insightId).toBe('insight_20240120_daily')
})

test('figures of a night keep their documented limits', () => {
  for (const fields of [{ totalSleep: 0 }, { totalSleep: 24 }, { sleepEfficiency: 0 }, { sleepEfficiency: 1 }, {}])
    expect(valid('sleepAnalysis', fields)).toBe(true)
  for (const fields of [{ totalSleep: -0.1 }, { totalSleep: 24.1 }, { sleepEfficiency: -0.01 }, { sleepEfficiency: 1.01 }])
    expect(valid('sleepAnalysis', fields)).toBe(false)
})

test('figures of activity are whole and not negative', () => {
  for (const field of ['totalSteps', 'activeMinutes', 'caloriesBurned']) {
    expect(valid('activityAnalysis', { [field]: 0 }), field).toBe(true)
    expect(valid('activityAnalysis', { [field]: -1 }), field).toBe(false)
    expect(valid('activityAnalysis', { [field]: 0.5 }), field).toBe(false)
  }
})

test('157: heart rates are valid from 30 to 220 and HRV to 500, wider than the specification', () => {
  for (const field of ['restingHeartRate', 'averageHeartRate']) {
    for (const value of [30, 109, 220]) expect(valid('heartRateAnalysis', { [field]: value }), `${field} ${value}`).toBe(true)
    for (const value of [29, 221]) expect(valid('heartRateAnalysis', { [field]: value }), `${field} ${value}`).toBe(false)
  }
  for (const heartRateVariability of [0, 200, 500, null]) expect(valid('heartRateAnalysis', { heartRateVariability })).toBe(true)
  for (const heartRateVariability of [-1, 501]) expect(valid('heartRateAnalysis', { heartRateVariability })).toBe(false)
})

test('189: a summary has 10 to 1000 characters', () => {
  const summary = (length: number) => Narrative.safeParse({ summary: '😀'.repeat(length), recommendations: [], achievements: [] }).success
  expect([9, 10, 1000, 1001].map(summary)).toEqual([false, true, true, false])
})

test('confidence is from 0 to 1', () => {
  const confidence = (value: number) => DailyInsight.safeParse({ ...insight, metadata: { ...insight.metadata, confidence: value } }).success
  expect([-0.01, 0, 1, 1.01].map(confidence)).toEqual([false, true, true, false])
})

test('a status is one of the four words', () => {
  for (const status of ['pending', 'processing', 'completed', 'failed'])
    expect(DailyInsight.safeParse({ ...insight, status }).success).toBe(true)
  for (const status of ['done', 'cancelled', '']) expect(DailyInsight.safeParse({ ...insight, status }).success).toBe(false)
})

test('186: an insight with too little data is complete and says why', () => {
  const reasons = [{ field: 'data.sleepAnalysis', code: 'insufficient_data', have: 12, need: 100 }]
  const made = { ...insight, evidence: {}, reasons, revision: 1, algorithm: 'daily', algorithmVersion: '1', inputHash: 'ab' }
  expect(StoredInsight.parse(made)).toEqual(made)
  expect(StoredInsight.safeParse(insight).success).toBe(false)
})

test('a sentence keeps what it rests on', () => {
  const evidence = {
    '/narrative/summary': [
      { metric: 'steps', value: 8750, unit: '{steps}', window: '2024-01-20', baseline: { median: 8000, mad: 900, n: 28, window: '28d' } },
    ],
  }
  expect(DailyInsight.parse({ ...insight, evidence }).evidence).toEqual(evidence)
})

function valid(part: string, fields: object): boolean {
  return DailyInsight.safeParse({ ...insight, data: { [part]: { insights: [], ...fields } } }).success
}
