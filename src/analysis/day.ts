import type { Day, Provenance } from '../model/day.ts'
import { activityOf } from './activity.ts'
import { coverageOf } from './coverage.ts'
import type { DayInput } from './day-input.ts'
import { methodsOf } from './day-methods.ts'
import { dayMinutesOf } from './day-minutes.ts'
import { doubtsOf } from './doubts.ts'
import { effortOf } from './effort.ts'
import { absent, type Findings, noFindings, soleSource } from './findings.ts'
import { type DayFrame, frameOf, rounded } from './frame.ts'
import { bySource } from './gather.ts'
import { heartRateOf } from './heart.ts'
import { nightSignsOf } from './night-signs.ts'
import { sleepOf } from './sleep.ts'
import { workoutsOf } from './workouts.ts'

/**
 * The merged truth of one local date, from the sessions of that date and the date before (for the night), in any order. Later
 * samples may be among them: they settle whether an evening sleep had ended. Deterministic; the same input gives the same day.
 */
export function analyseDay(input: DayInput): Omit<Day, 'revision'> {
  const frame = frameOf(input)
  const minutes = dayMinutesOf(frame, input)
  const sleep = sleepOf(frame, input)
  const heart = heartRateOf(frame, sleep.main)
  const restingBpm = heart.fields.heartRate?.resting
  const parts: readonly Findings[] = [
    activityOf(frame, minutes, input),
    sleep,
    heart,
    nightSignsOf(frame, sleep.main, input.beats),
    effortOf(frame, { minutes, sleep, restingBpm, ageYears: input.ageYears }),
    weightOf(frame),
    workoutsOf(frame, input.workouts),
    summaryOf(frame, input),
    doubtsOf(frame, input),
  ]
  const fields: Pick<Day, 'heartRate' | 'naps' | 'workouts'> & Partial<Day> = { naps: [], heartRate: {}, workouts: [] }
  const provenance: Record<string, Provenance> = {}
  for (const part of parts) {
    Object.assign(fields, part.fields)
    Object.assign(provenance, part.provenance)
  }
  return Object.assign(fields, {
    userId: input.userId,
    date: input.date,
    zone: frame.zone,
    coverage: coverageOf(frame, minutes),
    provenance,
    methods: methodsOf(fields),
    reasons: parts.flatMap(({ reasons }) => reasons),
    flags: [...lengthFlags(frame), ...parts.flatMap(({ flags }) => flags)],
    algorithm: 'day',
    algorithmVersion: '1.1.0',
    inputHash: input.inputHash,
  })
}

/** A clock change or a journey: the day's totals are not those of 24 hours. */
function lengthFlags({ minutes }: DayFrame): string[] {
  if (minutes === 1440) return []
  return [minutes < 1440 ? 'short_day' : 'long_day']
}

/** The latest weighing of the day, whoever made it, kg. */
function weightOf(frame: DayFrame): Findings {
  const findings = noFindings()
  const latest = bySource(frame.series('body_weight'), frame.fromMs, frame.toMs)
    .sort((a, b) => (b.startMs.at(-1) ?? 0) - (a.startMs.at(-1) ?? 0) || frame.prefer(a.source, b.source))
    .at(0)
  const value = latest?.value.at(-1)
  if (latest === undefined || value === undefined) {
    findings.reasons.push(absent('bodyWeightKg', 'no_data', 0, 1))
    return findings
  }
  findings.fields.bodyWeightKg = rounded(value, 3)
  findings.provenance.bodyWeightKg = soleSource('latest', latest.source, 1)
  return findings
}

/** The best source's own words about the day. Evidence beside our figures, never added to them. */
function summaryOf(frame: DayFrame, { summaries }: DayInput): Findings {
  const findings = noFindings()
  const summary = summaries.filter(({ date }) => date === frame.date).sort((a, b) => frame.prefer(a.source, b.source))[0]
  if (summary === undefined) return findings
  const { source, date, ...figures } = summary
  findings.fields.deviceSummary = { source: source.id, ...figures }
  return findings
}
