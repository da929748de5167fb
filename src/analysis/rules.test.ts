import { expect, test } from 'vitest'
import { aDay, aNight, daysBefore } from '../../test/fixtures/days.ts'
import type { Change } from '../model/change.ts'
import type { Day } from '../model/day.ts'
import { unsupportedNumbers } from './evidence.ts'
import { type Figure, type FigureName, figures } from './figures.ts'
import { mentionsMedicine } from './narrative.ts'
import { contradicts, tellAll } from './rule.ts'
import { rules } from './rules.ts'
import { type InsightInput, viewOf } from './view.ts'

/** A Sunday. */
const date = '2024-01-21'

type Part = Parameters<typeof aDay>[1]
type Make = (at: number, date: string) => Part

/** The day (at 0) and the 28 dates before it, or as many as are asked for. */
function days(make: Make, { count = 28, on = date } = {}): InsightInput {
  return {
    day: aDay(on, make(0, on)),
    history: daysBefore(on, count, (each, at) => aDay(each, make(at, each))),
    generatedAt: '2024-02-01T06:00:00Z',
    processingTimeS: 0,
  }
}

function said(input: InsightInput): string[] {
  return tellAll(rules, viewOf(input)).map(({ rule }) => rule.name)
}

const night = (each: string, minutes: number, part: Partial<NonNullable<Day['sleep']>> = {}, bedtime = 1390) => ({
  ...aNight(each, minutes, { bedtime }),
  ...part,
})
const stages = (deep: number, rem: number) => ({ light: 240, deep, rem, unspecified: 0 })
const rest = (resting: number) => ({ resting, method: 'device' as const })
const hrv = (value: number): NonNullable<Day['hrv']> => ({ value, kind: 'rmssd', window: 'night', samples: 1 })
const workout = (type: string, durationMinutes = 40) => ({ type, startTime: '', endTime: '', durationMinutes, source: 'w' })
/** Steps from 7 to 22 by the clock, or as given. */
const hours = (steps: (hour: number) => number) => Array.from({ length: 24 }, (_, hour) => steps(hour))
const byDay = hours((hour) => (hour >= 7 && hour < 22 ? 500 : 0))
/** Weekends of the 28 dates before a Sunday: the Sundays and Saturdays. */
const isWeekend = (at: number) => at % 7 === 0 || at % 7 === 1
const bed = (minutes: number) => (minutes < 720 ? minutes + 1440 : minutes)

/** A level shift of a metric that was noticed on the date before, or earlier. */
const shifted = (metric: Change['metric'], noticedOn: string, before: number, after: number): InsightInput => ({
  ...days(() => ({})),
  changes: [
    { userId: 'u', changeId: 'c', kind: 'level_shift', metric, unit: '/min', date: '2024-01-13', noticedOn, before, after, p: 0.0001 },
  ],
})

/** For each rule days that make it speak, and days that come near and must not. */
const cases: Readonly<Record<string, readonly [fires: InsightInput, silent: InsightInput]>> = {
  naps: [days(() => ({ naps: [{ onset: '', wake: '', asleepMinutes: 30, source: 'w' }] })), days(() => ({ naps: [] }))],
  workouts: [
    days((at) => ({ workouts: at === 0 ? [workout('running')] : [] })),
    days((at) => ({ workouts: at === 1 ? [workout('running')] : [] })),
  ],
  sleep_level_shift: [shifted('total_sleep_hours', '2024-01-20', 7, 6), shifted('total_sleep_hours', '2024-01-19', 7, 6)],
  activity_level_shift: [shifted('total_steps', '2024-01-20', 6000, 9000), shifted('resting_heart_rate', '2024-01-20', 60, 66)],
  heart_level_shift: [shifted('resting_heart_rate', '2024-01-20', 60, 66), shifted('total_steps', '2024-01-20', 6000, 9000)],
  raised_resting_heart_rate: [days((at) => ({ heartRate: rest(at < 2 ? 64 : 60) })), days((at) => ({ heartRate: rest(at < 3 ? 64 : 60) }))],
  sleep_within_recommended: [days((_, each) => ({ sleep: night(each, 420) })), days((_, each) => ({ sleep: night(each, 419) }))],
  short_nights_running: [
    days((at, each) => ({ sleep: night(each, at < 3 ? 400 : 430) })),
    days((at, each) => ({ sleep: night(each, at < 2 || at === 3 ? 400 : 430) })),
  ],
  sleep_caught_up: [
    days((at, each) => ({ sleep: night(each, at === 0 ? 480 : 400) })),
    days((at, each) => ({ sleep: night(each, at === 0 ? 480 : at === 2 ? 430 : 400) })),
  ],
  longest_night: [
    days((at, each) => ({ sleep: night(each, at === 0 ? 495 : 480 - at) })),
    days((at, each) => ({ sleep: night(each, at === 0 ? 493 : 480 - at) })),
  ],
  efficient_week: [
    days((_, each) => ({ sleep: night(each, 420, { efficiency: 0.85, efficiencyBasis: 'time_in_bed' }) })),
    days((at, each) => ({ sleep: night(each, 420, { efficiency: at === 4 ? 0.84 : 0.9, efficiencyBasis: 'time_in_bed' }) })),
  ],
  inefficient_week: [
    days((at, each) => ({ sleep: night(each, 420, { efficiency: at < 3 ? 0.74 : 0.8, efficiencyBasis: 'time_in_bed' }) })),
    days((at, each) => ({ sleep: night(each, 420, { efficiency: at < 2 ? 0.74 : 0.8, efficiencyBasis: 'time_in_bed' }) })),
  ],
  quick_to_sleep: [
    days((at, each) => ({ sleep: night(each, 420, { onsetLatencyMinutes: at === 0 ? 30 : 40 }) })),
    days((_, each) => ({ sleep: night(each, 420, { onsetLatencyMinutes: 20 }) })),
  ],
  deep_and_rem_up: [
    days((at, each) => ({ sleep: night(each, 420, { stagesMinutes: at === 0 ? stages(90, 120) : stages(60, 90) }) })),
    days((at, each) => ({ sleep: night(each, 420, { stagesMinutes: at === 0 ? stages(90, 100) : stages(60, 90) }) })),
  ],
  deep_and_rem_down: [
    days((at, each) => ({ sleep: night(each, 420, { stagesMinutes: at === 0 ? stages(30, 60) : stages(60, 90) }) })),
    days((at, each) => ({ sleep: night(each, 420, { stagesMinutes: at === 0 ? stages(30, 80) : stages(60, 90) }) })),
  ],
  step_goal_streak: [days((at) => ({ steps: at < 5 ? 8000 : 7000 })), days((at) => ({ steps: at < 4 ? 8000 : 7000 }))],
  near_step_goal: [days(() => ({ steps: 7200 })), days(() => ({ steps: 7199 }))],
  active_week_twice: [days(() => ({ activeMinutes: 43 })), days(() => ({ activeMinutes: 42 }))],
  vigorous_week: [days(() => ({ vigorousMinutes: 11 })), days(() => ({ vigorousMinutes: 10 }))],
  strength_week: [
    days((at) => ({ workouts: at === 0 || at === 3 ? [workout('traditional_strength_training')] : [] })),
    days((at) => ({ workouts: at === 0 || at === 7 ? [workout('traditional_strength_training')] : [] })),
  ],
  workout_days: [
    days((at) => ({ workouts: at < 4 ? [workout('yoga')] : [] })),
    days((at) => ({ workouts: at > 0 && at < 5 ? [workout('yoga')] : [] })),
  ],
  workout_after_pause: [
    days((at) => ({ workouts: at === 0 || at === 7 ? [workout('yoga')] : [] })),
    days((at) => ({ workouts: at === 0 || at === 6 ? [workout('yoga')] : [] })),
  ],
  more_steps_week: [days((at) => ({ steps: at < 7 ? 7000 : 6000 })), days((at) => ({ steps: at < 7 ? 6999 : 6000 }))],
  fewer_steps_week: [
    days((at) => ({ steps: at < 7 ? 6000 : 7000 })),
    days((at) => ({ steps: at < 7 ? 6000 : 7000 }), { on: '2024-01-22' }),
  ],
  unbroken_sitting: [
    days((at) => ({ sedentary: { minutes: 500, longestMinutes: at === 0 ? 240 : 100, bouts: 1 } })),
    days((at) => ({ sedentary: { minutes: 500, longestMinutes: at === 0 ? 239 : 100, bouts: 1 } })),
  ],
  stand_hours: [days(() => ({ standHours: 12 })), days(() => ({ standHours: 11 }))],
  even_day: [
    days(() => ({ hourlySteps: hours((hour) => (hour >= 8 && hour < 20 ? 250 : 0)) })),
    days(() => ({ hourlySteps: hours((hour) => (hour >= 8 && hour < 19 ? 250 : 0)) })),
  ],
  heart_rate_peak: [
    { ...days(() => ({ heartRate: { max: 162 }, workouts: [workout('running')] })), ageYears: 40 },
    { ...days(() => ({ heartRate: { max: 161 }, workouts: [workout('running')] })), ageYears: 40 },
  ],
  resting_heart_rate_down: [days((at) => ({ heartRate: rest(at < 7 ? 58 : 60) })), days((at) => ({ heartRate: rest(at < 7 ? 59 : 60) }))],
  resting_heart_rate_up: [days((at) => ({ heartRate: rest(at < 7 ? 62 : 60) })), days((at) => ({ heartRate: rest(at < 3 ? 62 : 60) }))],
  lowest_resting_heart_rate: [
    days((at) => ({ heartRate: rest(at === 0 ? 58 : 59 + (at % 3)) })),
    days((at) => ({ heartRate: rest(at === 0 ? 59 : 59 + (at % 3)) })),
  ],
  hrv_week_up: [days((at) => ({ hrv: hrv(at < 7 ? 56 : 50) })), days((at) => ({ hrv: hrv(at < 7 ? 54 : 50) }))],
  hrv_week_down: [days((at) => ({ hrv: hrv(at < 7 ? 44 : 50) })), days((at) => ({ hrv: hrv(at < 7 ? 47 : 50) }))],
  low_hrv_twice: [days((at) => ({ hrv: hrv(at < 2 ? 40 : 50) })), days((at) => ({ hrv: hrv(at === 0 || at === 2 ? 40 : 50) }))],
  good_recovery: [
    days((at) => ({ hrv: hrv(at === 0 ? 58 : 50), heartRate: rest(60) })),
    days((at) => ({ hrv: hrv(at === 0 ? 58 : 50), heartRate: rest(at === 0 ? 61 : 60) })),
  ],
  strained: [
    days((at) => ({ hrv: hrv(at === 0 ? 40 : 50), heartRate: rest(at === 0 ? 64 : 60) })),
    days((at) => ({ hrv: hrv(at === 0 ? 40 : 50), heartRate: rest(at === 0 ? 62 : 60) })),
  ],
  recovered_from_workout: [
    days((at) => ({ hrv: hrv(50), workouts: at === 1 ? [workout('running', 30)] : [] })),
    days((at) => ({ hrv: hrv(at === 0 ? 40 : 50), workouts: at === 1 ? [workout('running', 30)] : [] })),
  ],
  regular_sleep: [days((_, each) => ({ sleep: night(each, 450) })), days((_, each) => ({ sleep: night(each, 450) }), { on: '2024-01-22' })],
  irregular_sleep: [
    days((at, each) => ({ sleep: night(each, 450, {}, at % 2 === 0 ? 1330 : 1530) })),
    days((at, each) => ({ sleep: night(each, 450, {}, at % 2 === 0 ? 1380 : 1470) })),
  ],
  social_jetlag: [
    days((at, each) => ({ sleep: night(each, 450, {}, isWeekend(at) ? 1450 : 1390) })),
    days((at, each) => ({ sleep: night(each, 450, {}, isWeekend(at) ? 1449 : 1390) })),
  ],
  steady_weekends: [
    days((at, each) => ({ sleep: night(each, 450, {}, isWeekend(at) ? 1410 : 1390) })),
    days((at, each) => ({ sleep: night(each, 450, {}, isWeekend(at) ? 1411 : 1390) })),
  ],
  sleep_debt: [
    days((at, each) => ({ sleep: night(each, isWeekend(at) ? 480 : 450) })),
    days((at, each) => ({ sleep: night(each, isWeekend(at) ? 480 : 451) })),
  ],
  sleep_debt_paid: [
    days((at, each) => ({ sleep: night(each, at < 7 || isWeekend(at) ? 480 : 440) })),
    days((_, each) => ({ sleep: night(each, 480) })),
  ],
  sleep_moved: [
    days((at, each) => ({ sleep: night(each, 450, {}, bed(at < 7 ? 1420 : 1390)) })),
    days((at, each) => ({ sleep: night(each, 450, {}, bed(at < 7 ? 1419 : 1390)) })),
  ],
  steadier_days: [
    days((at) => ({ hourlySteps: at < 14 ? byDay : hours((hour) => ((hour + 5 * at) % 24 < 10 ? 500 : 0)) })),
    days(() => ({ hourlySteps: byDay })),
  ],
  less_steady_days: [
    days((at) => ({ hourlySteps: at < 14 ? hours((hour) => ((hour + 5 * at) % 24 < 10 ? 500 : 0)) : byDay })),
    days((at) => ({ hourlySteps: at < 14 ? byDay : hours((hour) => ((hour + 5 * at) % 24 < 10 ? 500 : 0)) })),
  ],
  busy_hours_moved: [
    days((at) => ({ hourlySteps: hours((hour) => (hour >= (at < 14 ? 10 : 8) && hour < (at < 14 ? 20 : 18) ? 500 : 0)) })),
    days((at) => ({ hourlySteps: hours((hour) => (hour >= (at < 14 ? 9 : 8) && hour < (at < 14 ? 19 : 18) ? 500 : 0)) })),
  ],
  step_goal: [days(() => ({ steps: 8000 })), days(() => ({ steps: 7999 }))],
  most_steps: [days((at) => ({ steps: at === 0 ? 6001 : 6000 })), days(() => ({ steps: 6000 }))],
  most_active_minutes: [days((at) => ({ activeMinutes: at === 0 ? 21 : 20 })), days(() => ({ activeMinutes: 20 }))],
  active_week: [days(() => ({ activeMinutes: 22 })), days(() => ({ activeMinutes: 21 }))],
  regular_bedtimes: [
    days((at, each) => ({ sleep: night(each, 450, {}, at === 3 ? 1450 : 1390) })),
    days((at, each) => ({ sleep: night(each, 450, {}, at === 3 ? 1451 : 1390) })),
  ],
  sleep_longer_week: [days((_, each) => ({ sleep: night(each, 419) })), days((_, each) => ({ sleep: night(each, 420) }))],
  sleep_longer_night: [
    days((at, each) => ({ sleep: night(each, at === 0 ? 359 : 430) })),
    days((at, each) => ({ sleep: night(each, at === 0 ? 360 : 430) })),
  ],
  move_more_week: [days(() => ({ activeMinutes: 21 })), days((at) => ({ activeMinutes: at === 6 ? undefined : 21 }))],
  more_steps: [days(() => ({ steps: 4999 })), days(() => ({ steps: 5000 }))],
  regular_bedtimes_advice: [
    days((at, each) => ({ sleep: night(each, 450, {}, at === 3 ? 1511 : 1390) }), { on: '2024-01-20' }),
    days((at, each) => ({ sleep: night(each, 450, {}, at === 3 ? 1510 : 1390) }), { on: '2024-01-20' }),
  ],
}

/** How a figure comes to stand in a day. */
const put: Readonly<Record<FigureName, (value: number, each: string) => Part>> = {
  totalSleep: (value, each) => ({ sleep: night(each, value) }),
  bedtime: (value, each) => ({ sleep: night(each, 450, {}, value) }),
  wakeTime: (value, each) => ({ sleep: night(each, 450, {}, value) }),
  sleepEfficiency: (value, each) => ({ sleep: night(each, 450, { efficiency: value / 100, efficiencyBasis: 'time_in_bed' }) }),
  deepSleep: (value, each) => ({ sleep: night(each, 450, { stagesMinutes: stages(value, 90) }) }),
  remSleep: (value, each) => ({ sleep: night(each, 450, { stagesMinutes: stages(60, value) }) }),
  lightSleep: (value, each) => ({ sleep: night(each, 450, { stagesMinutes: { light: value, deep: 60, rem: 90, unspecified: 0 } }) }),
  timeAwake: (value, each) => ({ sleep: night(each, 450, { awakeMinutes: value }) }),
  awakenings: (value, each) => ({ sleep: night(each, 450, { awakenings: value }) }),
  sleepLatency: (value, each) => ({ sleep: night(each, 450, { onsetLatencyMinutes: value }) }),
  breathing: (value) => ({ respiratoryRate: value }),
  steps: (value) => ({ steps: value }),
  activeMinutes: (value) => ({ activeMinutes: value }),
  distance: (value) => ({ distanceMeters: value }),
  caloriesBurned: (value) => ({ caloriesBurned: value }),
  flights: (value) => ({ flightsClimbed: value }),
  sitting: (value) => ({ sedentary: { minutes: value, longestMinutes: 60, bouts: 1 } }),
  longestSitting: (value) => ({ sedentary: { minutes: 600, longestMinutes: value, bouts: 1 } }),
  hardMinutes: (value) => ({ heartRateZones: { minutes: [0, 0, value, 0, 0], limits: [1, 2, 3, 4, 5] } }),
  restingHeartRate: (value) => ({ heartRate: rest(value) }),
  averageHeartRate: (value) => ({ heartRate: { average: value } }),
  hrvSdnn: (value) => ({ hrv: { value, kind: 'sdnn', window: 'night', samples: 3 } }),
  hrvRmssd: (value) => ({ hrv: hrv(value) }),
}

/** A usual value and one that lies outside its range, by a little more than the smallest useful change. */
function usual(name: FigureName): { readonly value: number; readonly unusual: number } {
  const { unit, usefulChange, scale }: Figure = figures[name]
  const value = {
    m: 6000,
    '{steps}': 6000,
    kcal: 2100,
    '{clock}': 1390,
    '%': 90,
    min: 40,
    '/min': 60,
    ms: 50,
    '{awakenings}': 2,
    '{flights}': 6,
    '{breaths}/min': 15,
  }[unit]
  return { value, unusual: scale === 'ln' ? value * (1 + usefulChange) + 2 : value + usefulChange + 2 }
}

for (const [name, figure] of Object.entries(figures) as [FigureName, Figure][]) {
  const { value, unusual } = usual(name)
  const rule = `usual_${figure.metric}`
  test(`${rule} tells what is unusual, and stays silent without the figure`, () => {
    const fires = days((at, each) => put[name](at === 0 ? unusual : value, each))
    expect(said(fires)).toContain(rule)
    expect(tellAll(rules, viewOf(fires)).find((told) => told.rule.name === rule)?.text).toMatch(/than your usual/)
    expect(said(days((at, each) => (at === 0 ? {} : put[name](value, each))))).not.toContain(rule)
  })
}

test.each(Object.entries(cases))('%s speaks on its day, and not on one that only comes near', (name, [fires, silent]) => {
  expect(said(fires)).toContain(name)
  expect(said(silent)).not.toContain(name)
})

test('every rule has its two days', () => {
  const tested = [...Object.keys(cases), ...Object.values(figures).map(({ metric }) => `usual_${metric}`)]
  expect(rules.map(({ name }) => name).toSorted()).toEqual(tested.toSorted())
  expect(rules.length).toBeGreaterThanOrEqual(40)
})

test('thin data make no rule of weeks speak', () => {
  const thin = Object.entries(cases).flatMap(([name, [fires]]) => {
    const names = said({ ...fires, history: [], changes: [] })
    return names.includes(name) ? [name] : []
  })
  // What is left speaks of the date alone.
  expect(thin.toSorted()).toEqual([
    'even_day',
    'heart_rate_peak',
    'naps',
    'near_step_goal',
    'sleep_longer_night',
    'sleep_within_recommended',
    'stand_hours',
    'step_goal',
    'workouts',
  ])
})

test('nobody under 18 is given advice', () => {
  const advice = rules.filter(({ kind }) => kind === 'recommendation').map(({ name }) => name)
  expect(advice.length).toBeGreaterThan(5)
  for (const name of advice) {
    const [fires] = cases[name] ?? []
    if (fires !== undefined) expect(said({ ...fires, ageYears: 17 }), name).not.toContain(name)
  }
})

/** Days of a person whose every figure wanders and jumps, some of them absent; a linear congruential series. */
function wandering(seed: number): InsightInput {
  let state = seed
  const next = () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
  const about = (value: number, by: number) => value + by * (next() + next() + next() - 1.5)
  const shift = next() < 0.5 ? about(0, 0.4) : 0
  const input = days((at, each): Part => {
    const trend = at < 7 ? 1 + shift : 1
    const seldom = <T>(value: T) => (next() < 0.15 ? undefined : value)
    const deep = Math.max(0, about(60 * trend, 40))
    const rem = Math.max(0, about(90 * trend, 50))
    return {
      steps: seldom(Math.round(Math.max(0, about(7000 * trend, 5000)))),
      activeMinutes: seldom(Math.max(0, about(25 * trend, 30))),
      vigorousMinutes: seldom(Math.round(Math.max(0, about(8, 12)))),
      distanceMeters: seldom(Math.max(0, about(5000 * trend, 3000))),
      flightsClimbed: seldom(Math.round(Math.max(0, about(8, 8)))),
      caloriesBurned: seldom(about(2100, 400)),
      standHours: seldom(Math.round(Math.max(0, about(11, 4)))),
      sedentary: seldom({ minutes: Math.round(about(550, 200)), longestMinutes: Math.round(Math.max(0, about(150, 160))), bouts: 2 }),
      hourlySteps: seldom(hours((hour) => (hour > 6 && hour < 23 ? Math.round(Math.max(0, about(300, 500))) : 0))),
      heartRateZones: seldom({ minutes: [60, 30, Math.max(0, about(10, 20)), 0, 0], limits: [1, 2, 3, 4, 5] }),
      heartRate: { ...(next() < 0.85 && rest(about(60 / trend, 6))), average: about(74, 8), max: about(150, 40) },
      hrv: seldom(hrv(Math.max(5, about(50 * trend, 25)))),
      respiratoryRate: seldom(about(15, 4)),
      workouts: next() < 0.4 ? [workout(next() < 0.5 ? 'running' : 'traditional_strength_training', about(40, 30))] : [],
      naps: next() < 0.1 ? [{ onset: '', wake: '', asleepMinutes: Math.round(about(40, 20)), source: 'w' }] : [],
      sleep: seldom(
        night(
          each,
          Math.round(about(430 * trend, 140)),
          {
            efficiency: Math.min(1, about(0.86, 0.2)),
            efficiencyBasis: 'time_in_bed',
            awakeMinutes: Math.max(0, about(25, 30)),
            awakenings: Math.round(Math.max(0, about(2, 4))),
            onsetLatencyMinutes: Math.max(0, about(20, 35)),
            stagesMinutes: { light: about(240, 60), deep, rem, unspecified: 0 },
          },
          Math.round(about(1400 + (isWeekend(at) ? 60 : 0), 120)),
        ),
      ),
    }
  })
  return { ...input, ageYears: Math.round(about(45, 40)) }
}

const many = Array.from({ length: 300 }, (_, at) => tellAll(rules, viewOf(wandering(at + 1))))

test('of three hundred wandering days none says two things that contradict each other', () => {
  for (const told of many) {
    for (const one of told) for (const other of told) expect(contradicts(one, other), `${one.text} | ${other.text}`).toBe(false)
  }
})

// Level shifts are found in months and handed in: these days have none.
test('the wandering days make nearly every rule speak, so that this says something', () => {
  const spoken = new Set(many.flat().map(({ rule }) => rule.name))
  const silent = rules.map(({ name }) => name).filter((name) => !spoken.has(name))
  expect(silent.length, silent.join(', ')).toBeLessThan(11)
})

test('every sentence of the wandering days bears its numbers, uses no medical word, and ends as a sentence does', () => {
  for (const { text, evidence } of many.flat()) {
    expect(unsupportedNumbers(text, evidence), text).toEqual([])
    expect(mentionsMedicine(text), text).toBe(false)
    expect(text).toMatch(/^[A-Z0-9][^\n]*\.$/)
    expect(text).not.toMatch(/undefined|NaN| {2}/)
  }
})
