import type { Day } from '../model/day.ts'
import { addActivity } from './activity.ts'
import { coverageOf } from './coverage.ts'
import type { DayInput } from './day-input.ts'
import { methodsOf } from './day-methods.ts'
import { dayMinutesOf } from './day-minutes.ts'
import { addDoubts } from './doubts.ts'
import { addEffort } from './effort.ts'
import { absent, type Findings, soleSource } from './findings.ts'
import { type DayFrame, frameOf, rounded } from './frame.ts'
import { bySource } from './gather.ts'
import { addHeartRate } from './heart.ts'
import { addNightSigns } from './night-signs.ts'
import { addSleep } from './sleep.ts'
import { addWorkouts } from './workouts.ts'

/**
 * The merged truth of one local date, from the sessions of that date and the date before (for the night), in any order. Later
 * samples may be among them: they settle whether an evening sleep had ended. Deterministic; the same input gives the same day.
 */
export function analyseDay(input: DayInput): Omit<Day, 'revision'> {
  const frame = frameOf(input)
  const minutes = dayMinutesOf(frame, input)
  // One after the other they write into one object: joined from nine, V8 would keep it as a dictionary, which all that read it would pay for.
  const fields: Pick<Day, 'heartRate' | 'naps' | 'workouts'> & Partial<Day> = { naps: [], heartRate: {}, workouts: [] }
  const findings: Findings = { fields, provenance: {}, reasons: [], flags: lengthFlags(frame) }
  addActivity(frame, minutes, input, findings)
  const sleep = addSleep(frame, input, findings)
  addHeartRate(frame, sleep.main, findings)
  addNightSigns(frame, sleep.main, input.beats, findings)
  addEffort(frame, { minutes, asleep: sleep.asleep, ageYears: input.ageYears }, findings)
  addWeight(frame, findings)
  addWorkouts(frame, input.workouts, findings)
  addSummary(frame, input, findings)
  addDoubts(frame, input, findings)
  return {
    ...fields,
    userId: input.userId,
    date: input.date,
    zone: frame.zone,
    coverage: coverageOf(frame, minutes),
    provenance: findings.provenance,
    methods: methodsOf(fields),
    reasons: findings.reasons,
    flags: findings.flags,
    algorithm: 'day',
    algorithmVersion: '1.1.0',
    inputHash: input.inputHash,
  }
}

/** A clock change or a journey: the day's totals are not those of 24 hours. */
function lengthFlags({ minutes }: DayFrame): string[] {
  if (minutes === 1440) return []
  return [minutes < 1440 ? 'short_day' : 'long_day']
}

/** The latest weighing of the day, whoever made it, kg. */
function addWeight(frame: DayFrame, { fields, provenance, reasons }: Findings): void {
  const latest = bySource(frame.series('body_weight'), frame.fromMs, frame.toMs)
    .sort((a, b) => (b.startMs.at(-1) ?? 0) - (a.startMs.at(-1) ?? 0) || frame.prefer(a.source, b.source))
    .at(0)
  const value = latest?.value.at(-1)
  if (latest === undefined || value === undefined) {
    reasons.push(absent('bodyWeightKg', 'no_data', 0, 1))
    return
  }
  fields.bodyWeightKg = rounded(value, 3)
  provenance.bodyWeightKg = soleSource('latest', latest.source, 1)
}

/** The best source's own words about the day. Evidence beside our figures, never added to them. */
function addSummary(frame: DayFrame, { summaries }: DayInput, { fields }: Findings): void {
  const summary = summaries.filter(({ date }) => date === frame.date).sort((a, b) => frame.prefer(a.source, b.source))[0]
  if (summary === undefined) return
  const { source, date, ...figures } = summary
  fields.deviceSummary = { source: source.id, ...figures }
}
