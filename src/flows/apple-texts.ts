import type { MetricName } from '../model/metrics.ts'
import type { WorkoutInterval } from '../model/series.ts'
import type { StoredSession } from '../model/session.ts'
import { conversion } from '../model/units.ts'

type Attributes = Readonly<Record<string, string>>

interface WorkoutText {
  readonly attributes: Attributes
  readonly statistics?: readonly Attributes[]
}

/** What an insight needs of a workout, from the text in which all of it is kept. */
export function readWorkout(
  text: string | undefined,
): Pick<WorkoutInterval, 'type' | 'energyKcal' | 'distanceM' | 'averageHeartRate'> | undefined {
  if (text === undefined) return undefined
  const { attributes, statistics = [] } = JSON.parse(text) as WorkoutText
  const statistic = (type: string) => statistics.find((entry) => entry.type?.endsWith(type))
  const energyKcal =
    inUnit('active_energy', statistic('ActiveEnergyBurned')?.sum, statistic('ActiveEnergyBurned')?.unit) ??
    inUnit('active_energy', attributes.totalEnergyBurned, attributes.totalEnergyBurnedUnit)
  const far = statistics.find((entry) => /Distance/.test(entry.type ?? ''))
  const distanceM =
    inUnit('distance_walking_running', far?.sum, far?.unit) ??
    inUnit('distance_walking_running', attributes.totalDistance, attributes.totalDistanceUnit)
  const averageHeartRate = inUnit('heart_rate', statistic('IdentifierHeartRate')?.average, statistic('IdentifierHeartRate')?.unit)
  return {
    type: activityName(attributes.workoutActivityType ?? ''),
    ...(energyKcal !== undefined && { energyKcal }),
    ...(distanceM !== undefined && { distanceM }),
    ...(averageHeartRate !== undefined && averageHeartRate >= 30 && averageHeartRate <= 220 && { averageHeartRate }),
  }
}

/** `HKWorkoutActivityTypeTraditionalStrengthTraining` is `traditional_strength_training` here. */
function activityName(type: string): string {
  const name = type.replace(/^HKWorkoutActivityType/, '')
  return name === '' ? 'other' : name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase()
}

function inUnit(metric: MetricName, text: string | undefined, unit: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text)
  const convert = unit === undefined ? undefined : conversion(metric, unit, 'healthkit')
  return convert === undefined || !(value >= 0) ? undefined : value * convert.factor + convert.offset
}

/** The rings of one day. Nothing where every ring is empty: Apple writes zeros for days without a watch. */
export function readSummary(text: string | undefined): StoredSession['summary'] | undefined {
  if (text === undefined) return undefined
  const attributes = JSON.parse(text) as Attributes
  const date = attributes.dateComponents
  if (date === undefined) return undefined
  const activeEnergyKcal = inUnit('active_energy', attributes.activeEnergyBurned, attributes.activeEnergyBurnedUnit ?? 'kcal')
  const exerciseMinutes = countOf(attributes.appleExerciseTime)
  const standHours = countOf(attributes.appleStandHours)
  if (!activeEnergyKcal && !exerciseMinutes && !standHours) return undefined
  return {
    date,
    ...(activeEnergyKcal !== undefined && { activeEnergyKcal }),
    ...(exerciseMinutes !== undefined && { exerciseMinutes }),
    ...(standHours !== undefined && { standHours }),
  }
}

function countOf(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text)
  return value >= 0 ? value : undefined
}
