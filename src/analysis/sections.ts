import type { Day, Reason } from '../model/day.ts'
import type { ActivityAnalysis, HeartRateAnalysis, SleepAnalysis } from '../model/insight.ts'
import { halfEven } from './wording.ts'

type Figures<Analysis extends { insights: string[] }> = Omit<Analysis, 'insights'>

/** Hours, to a third of a second. */
export function sleepAnalysis({ sleep }: Day, insights: string[]): SleepAnalysis {
  if (sleep === undefined) return { insights }
  const { asleepMinutes, efficiency, stagesMinutes } = sleep
  const analysis: Figures<SleepAnalysis> = { totalSleep: hours(asleepMinutes) }
  if (efficiency !== undefined) analysis.sleepEfficiency = Math.round(efficiency * 1e4) / 1e4
  if (stagesMinutes !== undefined) analysis.sleepStages = stageHours(stagesMinutes)
  return { ...analysis, insights }
}

/** Whole steps, minutes and kilocalories, half to even. */
export function activityAnalysis({ steps, activeMinutes, caloriesBurned }: Day, insights: string[]): ActivityAnalysis {
  const analysis: Figures<ActivityAnalysis> = {}
  if (steps !== undefined) analysis.totalSteps = halfEven(steps)
  if (activeMinutes !== undefined) analysis.activeMinutes = halfEven(activeMinutes)
  if (caloriesBurned !== undefined) analysis.caloriesBurned = halfEven(caloriesBurned)
  return { ...analysis, insights }
}

/** Whole beats a minute and milliseconds, half to even. */
export function heartRateAnalysis({ heartRate, hrv }: Day, insights: string[]): HeartRateAnalysis {
  const { resting, average } = heartRate
  const analysis: Figures<HeartRateAnalysis> = {}
  if (resting !== undefined) analysis.restingHeartRate = halfEven(resting)
  if (average !== undefined) analysis.averageHeartRate = halfEven(average)
  if (hrv !== undefined) analysis.heartRateVariability = halfEven(hrv.value)
  if (hrv !== undefined) analysis.hrvKind = hrv.kind
  return { ...analysis, insights }
}

/** A reason for each figure that the specification's insight has and this one lacks, where the day itself gives none. */
export function absentFigures(day: Day): Reason[] {
  const explained = new Set(day.reasons.map(({ field }) => field))
  return promised
    .filter(({ read, parents }) => read(day) === undefined && !parents.some((name) => explained.has(name)))
    .map(({ field }) => ({ field, code: 'no_data', have: 0, need: 1 }))
}

interface Promised {
  readonly field: string
  /** What it is a part of, and itself: a reason for one of them is a reason for it. */
  readonly parents: readonly string[]
  readonly read: (day: Day) => unknown
}

const rows: readonly (readonly [field: string, read: (day: Day) => unknown])[] = [
  ['sleep', ({ sleep }) => sleep],
  // Of a night that is absent the parts need no further word.
  ['sleep.efficiency', ({ sleep }) => (sleep === undefined ? true : sleep.efficiency)],
  ['sleep.stagesMinutes', ({ sleep }) => (sleep === undefined ? true : sleep.stagesMinutes)],
  ['steps', ({ steps }) => steps],
  ['activeMinutes', ({ activeMinutes }) => activeMinutes],
  ['caloriesBurned', ({ caloriesBurned }) => caloriesBurned],
  ['heartRate.resting', ({ heartRate }) => heartRate.resting],
  ['heartRate.average', ({ heartRate }) => heartRate.average],
]

const promised: readonly Promised[] = rows.map(([field, read]) => {
  const parents = field.split('.').map((_, at, names) => names.slice(0, at + 1).join('.'))
  return { field, parents, read }
})

/** Sleep without a stage is named only where there is some. */
function stageHours({ deep, light, rem, unspecified }: NonNullable<NonNullable<Day['sleep']>['stagesMinutes']>): Record<string, number> {
  return { deep: hours(deep), light: hours(light), rem: hours(rem), ...(unspecified > 0 ? { unspecified: hours(unspecified) } : {}) }
}

function hours(minutes: number): number {
  return Math.round((minutes / 60) * 1e4) / 1e4
}
