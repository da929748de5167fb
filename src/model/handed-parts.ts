import type { ReadTime } from './handed-samples.ts'
import type { HandedSleep, HandedStage } from './handed-session.ts'
import type { FlatActivity, HandedValue, NestedActivity } from './handed-value.ts'
import type { SessionActivity } from './session.ts'
import { sleepWordOf } from './sleep-words.ts'

export function activityOf(activity: NestedActivity | FlatActivity | null | undefined): SessionActivity | undefined {
  if (!activity) return undefined
  const said = isFlatForm(activity) ? nested(activity) : activity
  const { steps, distance, activeEnergy, workout } = said
  return {
    ...(steps && { steps: { total: steps.total, ...defined({ cadence: steps.cadence, confidence: steps.confidence }) } }),
    ...(distance && { distance: { value: distance.value, unit: distance.unit } }),
    ...(activeEnergy && { activeEnergy: { value: activeEnergy.value, unit: activeEnergy.unit } }),
    ...(workout && { workout: { type: workout.type, ...defined({ intensity: workout.intensity, duration: workout.duration }) } }),
  }
}

function isFlatForm(activity: NestedActivity | FlatActivity): activity is FlatActivity {
  return 'timestamp' in activity
}

function nested({ steps, distance, activeEnergy, workoutType }: FlatActivity): NestedActivity {
  return {
    ...(typeof steps === 'number' && { steps: { total: steps } }),
    ...(typeof distance === 'number' && { distance: { value: distance, unit: 'meters' } }),
    ...(typeof activeEnergy === 'number' && { activeEnergy: { value: activeEnergy, unit: 'kcal' } }),
    ...(typeof workoutType === 'string' && { workout: { type: workoutType } }),
  }
}

/** What is said; null is as absent. */
type Defined<T> = { [K in keyof T]?: NonNullable<T[K]> }

export function defined<T extends object>(of: T): Defined<T> {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined && value !== null)) as Defined<T>
}

export function sleepOf(sleep: HandedValue['sleep'], time: ReadTime): HandedSleep | undefined {
  if (!sleep) return undefined
  const { stages, quality } = sleep
  return {
    stages: (stages ?? []).map(({ startTime, endTime, stage, confidence }, at): HandedStage => {
      const startMs = time(startTime, `/sleep/stages/${at}/startTime`)?.ms ?? Number.NaN
      const endMs = time(endTime, `/sleep/stages/${at}/endTime`)?.ms ?? Number.NaN
      return { said: stage, word: sleepWordOf('spoken', stage) ?? 'unknown', startMs, endMs, ...defined({ confidence }) }
    }),
    ...defined({ score: quality?.score, efficiency: quality?.efficiency, disturbances: quality?.disturbances }),
  }
}
