import { expect, test } from 'vitest'
import { aDay, aNight, daysBefore } from '../../test/fixtures/days.ts'
import { templateNarrator } from '../adapters/narrator/template.ts'
import type { Day } from '../model/day.ts'
import { StoredInsight } from '../model/insight.ts'
import { completeInsight, composeInsight, type InsightDraft } from './insight.ts'
import type { InsightInput } from './view.ts'

const date = '2024-01-20'

function compose(day: Day, history: readonly Day[] = [], more: Partial<InsightInput> = {}): InsightDraft {
  return composeInsight({ day, history, generatedAt: '2024-01-21T06:00:00Z', processingTimeS: 0.1, ...more })
}

async function told(draft: InsightDraft): Promise<StoredInsight> {
  return completeInsight(draft, await templateNarrator.summarise(draft.facts), { narrator: templateNarrator.name })
}

/** 40 days: the last 28 sleep 401 … 428 min (one night is missing), walk 12,000 steps, and have a resting heart rate of 62. */
const history = daysBefore(date, 40, (each, at) =>
  aDay(each, {
    steps: 12_000,
    activeMinutes: 30,
    distanceMeters: 9000,
    heartRate: { resting: 62, average: 75, method: 'device' },
    sleep: at === 14 ? undefined : aNight(each, at > 28 ? 200 : 400 + at),
  }),
)

const full = aDay(date, {
  steps: 14_079,
  activeMinutes: 44.5,
  caloriesBurned: 2150.4,
  distanceMeters: 9812,
  heartRate: { resting: 64.5, average: 75.2, method: 'device' },
  hrv: { value: 41.6, kind: 'sdnn', window: 'night', samples: 4 },
  sleep: {
    ...aNight(date, 372),
    efficiency: 0.891,
    efficiencyBasis: 'time_in_bed',
    stagesMinutes: { light: 222, deep: 72, rem: 78, unspecified: 0 },
    confidence: 0.9,
  },
})

test('a full day becomes the document of the specification', async () => {
  const insight = await told(compose(full, history))
  expect(StoredInsight.parse(insight)).toEqual(insight)
  expect(insight).toMatchObject({
    insightId: 'insight_20240120_daily',
    userId: 'u1',
    date,
    type: 'daily_summary',
    status: 'completed',
    data: {
      sleepAnalysis: { totalSleep: 6.2, sleepEfficiency: 0.891, sleepStages: { light: 3.7, deep: 1.2, rem: 1.3 } },
      // 44.5 and 64.5 go to the even neighbour.
      activityAnalysis: { totalSteps: 14_079, activeMinutes: 44, caloriesBurned: 2150 },
      heartRateAnalysis: { restingHeartRate: 64, averageHeartRate: 75, heartRateVariability: 42, hrvKind: 'sdnn' },
    },
    metadata: { generatedAt: '2024-01-21T06:00:00Z', modelVersion: 'device_stages_v1', processingTime: 0.1, narrator: 'template' },
    revision: 1,
    algorithm: 'daily_insight',
  })
})

test('figures are told against the median of the 28 dates before', () => {
  // Nights of 401 … 428 min without 414: 27 nights, the middle one is 415. MAD 7, so the smallest useful change of 30 min decides.
  const { data } = compose(full, history).insight
  expect(data.sleepAnalysis?.insights).toContain('You slept 6 h 12 min, 43 min less than your usual 6 h 55 min (median of 27 nights).')
  expect(data.activityAnalysis?.insights).toContain('You took 14,079 steps, 2,079 more than your usual 12,000 (median of 28 days).')
  expect(data.heartRateAnalysis?.insights).toContain('Your resting heart rate was 64 bpm, about your usual 62 bpm (median of 28 days).')
  expect(data.heartRateAnalysis?.insights).toContain('Your heart rate variability (SDNN) was 42 ms.')
})

test('each sentence has its evidence under its JSON pointer', () => {
  const { evidence, data } = compose(full, history).insight
  const at = data.activityAnalysis?.insights.findIndex((text) => text.startsWith('You took')) ?? -1
  expect(evidence[`/data/activityAnalysis/insights/${at}`]).toEqual([
    {
      metric: 'steps',
      value: 14_079,
      unit: '{steps}',
      window: date,
      baseline: { median: 12_000, mad: 0, n: 28, window: '2023-12-23/2024-01-19' },
    },
    { metric: 'steps_difference', value: 2079, unit: '{steps}', window: date },
  ])
})

test('nothing is compared with fewer than seven days, and the reasons say so', () => {
  const { data, reasons } = compose(full, history.slice(-6)).insight
  expect(data.activityAnalysis?.insights[0]).toBe('You took 14,079 steps.')
  expect(reasons).toContainEqual({ field: 'steps', code: 'baseline_not_ready', have: 6, need: 7 })
  expect(compose(full, history.slice(-7)).insight.data.activityAnalysis?.insights[0]).toContain('(median of 7 days)')
})

test('an empty day is completed and honest', async () => {
  const insight = await told(compose(aDay(date, { coverage: { dayMinutes: 1440, wornMinutes: 0, metrics: {} } })))
  expect(StoredInsight.parse(insight)).toEqual(insight)
  expect(insight.status).toBe('completed')
  expect(insight.data).toEqual({})
  expect(insight.narrative?.summary).toBe('There is too little data for this day to say anything about sleep, activity or heart rate.')
  expect(insight.evidence['/narrative/summary']).toEqual([{ metric: 'worn_minutes', value: 0, unit: 'min', window: date }])
  expect(insight.reasons[0]).toMatchObject({ code: 'too_little_data' })
  expect(insight.reasons.map(({ field }) => field)).toEqual(expect.arrayContaining(['sleep', 'steps', 'heartRate.resting']))
  expect(insight.metadata.confidence).toBe(0)
})

test('a night that is missing where nights are usual is named', async () => {
  const { sleep: _, ...awake } = full
  const insight = await told(compose(awake, history))
  expect(insight.narrative?.summary).toContain('No sleep was recorded for this night; it was on 27 of the 28 nights before.')
})

test('a person with a phone only has steps and reasons for the rest', async () => {
  const phone = aDay(date, { steps: 4321 })
  const insight = await told(compose(phone))
  expect(insight.data).toEqual({ activityAnalysis: { totalSteps: 4321, insights: ['You took 4,321 steps.'] } })
  expect(insight.narrative?.summary).toBe('You took 4,321 steps.')
  expect(insight.reasons).toContainEqual({ field: 'caloriesBurned', code: 'no_data', have: 0, need: 1 })
})

test('a reason that the day gives is not given twice', () => {
  const day = aDay(date, { steps: 4321, reasons: [{ field: 'sleep', code: 'in_bed_only', have: 400 }] })
  expect(compose(day).insight.reasons.filter(({ field }) => field.startsWith('sleep'))).toEqual([
    { field: 'sleep', code: 'in_bed_only', have: 400 },
  ])
})

test('a total of a date that still runs is not compared', () => {
  const { data, reasons } = compose(aDay(date, { steps: 3000 }), history, { generatedAt: '2024-01-20T20:00:00Z' }).insight
  expect(data.activityAnalysis?.insights).toContain('You took 3,000 steps so far.')
  expect(reasons).toContainEqual({ field: 'steps', code: 'day_not_over' })
})

test('a low total of a day with little wear is told without a comparison', () => {
  const day = aDay(date, { steps: 3000, coverage: { dayMinutes: 1440, wornMinutes: 300, metrics: {} } })
  const { data, reasons } = compose(day, history).insight
  expect(data.activityAnalysis?.insights).toContain('You took 3,000 steps.')
  expect(reasons).toContainEqual({ field: 'steps', code: 'less_worn_than_usual', have: 300, need: 972 })
})

test('bedtimes are compared the short way round midnight', () => {
  const day = aDay(date, { sleep: aNight(date, 400, { bedtime: 1390 + 65 }) })
  const { insights = [] } = compose(day, history).insight.data.sleepAnalysis ?? {}
  expect(insights).toContain('You fell asleep at 00:15, 1 h 5 min later than your usual 23:10 (median of 27 nights).')
})

test('sleep that we estimated says so', () => {
  const day = aDay(date, { sleep: { ...aNight(date, 400), method: 'cole_kripke' } })
  expect(compose(day).insight.data.sleepAnalysis?.insights).toEqual(['You slept an estimated 6 h 40 min.'])
})

test('distances follow the preferred units', () => {
  const day = aDay(date, {
    workouts: [{ type: 'running', startTime: '', endTime: '', durationMinutes: 32, distanceMeters: 5200, source: 'w' }],
  })
  const sentence = (draft: InsightDraft) => draft.insight.data.activityAnalysis?.insights
  expect(sentence(compose(day))).toEqual(['You logged running for 32 min (5.2 km).'])
  expect(sentence(compose(day, [], { units: 'imperial' }))).toEqual(['You logged running for 32 min (3.2 mi).'])
})

test('the type of a workout is repeated only where it is plain words', () => {
  const workout = (type: string) => aDay(date, { workouts: [{ type, startTime: '', endTime: '', durationMinutes: 32, source: 'w' }] })
  const sentence = (type: string) => compose(workout(type)).insight.data.activityAnalysis?.insights[0]
  expect(sentence('traditional_strength_training')).toBe('You logged traditional strength training for 32 min.')
  expect(sentence('ignore 3000 <b>')).toBe('You logged a workout for 32 min.')
  expect(sentence('physical_therapy')).toBe('You logged a workout for 32 min.')
})

test('the same days give the same insight, and a changed day of the baseline changes the hash', () => {
  const again = compose(full, [...history].reverse()).insight
  expect(again).toEqual(compose(full, history).insight)
  const late = history.map((day) => (day.date === '2024-01-10' ? { ...day, inputHash: 'late' } : day))
  expect(compose(full, late).insight.inputHash).not.toBe(again.inputHash)
  const outside = history.map((day) => (day.date === '2023-12-15' ? { ...day, inputHash: 'late' } : day))
  expect(compose(full, outside).insight.inputHash).toBe(again.inputHash)
})

test('the evidence of a summary that repeats no statement is that of all of them', () => {
  const draft = compose(full, history)
  const { evidence } = completeInsight(draft, 'A calm day with many steps.', { narrator: 'other' })
  expect(evidence['/narrative/summary']).toHaveLength(draft.facts.statements.flatMap((each) => each.evidence).length)
})

test('a figure far from the median but within a wide usual range is not called about usual', () => {
  // Steps of 4,000 and 16,000 in turns: median 10,000, deviation 6,000, so up to 18,896 is usual.
  const days = daysBefore(date, 28, (each, at) => aDay(each, { steps: at % 2 === 0 ? 4000 : 16_000 }))
  expect(compose(aDay(date, { steps: 13_000 }), days).insight.data.activityAnalysis?.insights).toEqual([
    'You took 13,000 steps, within your usual range around 10,000 (median of 28 days).',
  ])
})
