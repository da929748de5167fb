import type { Provenance } from '../model/day.ts'
import type { MetricName } from '../model/metrics.ts'
import { countTouched, type MinuteGrid } from '../signal/minute-grid.ts'
import type { DayInput } from './day-input.ts'
import type { DayMinutes } from './day-minutes.ts'
import { absent, type Findings, soleSource } from './findings.ts'
import { type DayFrame, rounded } from './frame.ts'
import { minutesByLevel } from './intensity.ts'
import { type Merged, mergeCumulative } from './merge.ts'

/** Totals by time segment and source priority; rounded once, here. */
const totals = [
  { field: 'steps', metric: 'steps', digits: 0 },
  { field: 'distanceMeters', metric: 'distance_walking_running', digits: 2 },
  { field: 'flightsClimbed', metric: 'flights_climbed', digits: 0 },
  { field: 'activeEnergyKcal', metric: 'active_energy', digits: 2 },
  { field: 'basalEnergyKcal', metric: 'basal_energy', digits: 2 },
  { field: 'exerciseMinutes', metric: 'exercise_minutes', digits: 2 },
  { field: 'standHours', metric: 'stand_hours', digits: 0 },
] as const satisfies readonly { field: string; metric: MetricName; digits: number }[]

/** Basal energy runs all day, so half a day of it is the least that may stand for a day. */
const neededBasalMinutes = 720

/** The day's amounts: steps, distance, flights, energy, minutes of exercise, hours stood. */
export function addActivity(
  frame: DayFrame,
  minutes: DayMinutes,
  { priority, ageYears }: Pick<DayInput, 'ageYears' | 'priority'>,
  findings: Findings,
): void {
  for (const { field, metric, digits } of totals) {
    const merged = mergeCumulative(frame.series(metric), priority, frame)
    if (merged === undefined) {
      findings.reasons.push(absent(field, 'no_data', 0, 1))
      continue
    }
    findings.fields[field] = rounded(merged.total, digits)
    findings.provenance[field] = sharesOf(merged)
  }
  addCaloriesBurned(frame, findings)
  addActiveMinutes(minutes, ageYears, findings)
}

function sharesOf({ total, shares }: Merged): Provenance {
  const samples = shares.reduce((sum, share) => sum + share.samples, 0)
  return {
    method: 'segment_merge',
    sources: shares.map(({ source, value, samples: count }) => ({
      id: source.id,
      name: source.name,
      kind: source.kind,
      // Of a total of zero, each source's part of the samples.
      share: Math.min(1, Math.max(0, rounded(total > 0 ? value / total : count / Math.max(1, samples), 4))),
      samples: count,
    })),
  }
}

/** Active plus basal. The energy of workouts is part of the active energy already. */
function addCaloriesBurned(frame: DayFrame, { fields, provenance, reasons }: Findings): void {
  const { activeEnergyKcal, basalEnergyKcal } = fields
  const grid: MinuteGrid = { fromMs: frame.fromMs, minutes: frame.minutes }
  const basalMinutes = countTouched(frame.series('basal_energy'), grid)
  if (activeEnergyKcal === undefined) reasons.push(absent('caloriesBurned', 'no_active_energy', 0, 1))
  else if (basalEnergyKcal === undefined || basalMinutes < neededBasalMinutes) {
    reasons.push(absent('caloriesBurned', 'too_little_basal_energy', basalMinutes, neededBasalMinutes))
  } else {
    fields.caloriesBurned = rounded(activeEnergyKcal + basalEnergyKcal, 2)
    const parts = [
      { sources: provenance.activeEnergyKcal?.sources ?? [], part: activeEnergyKcal / Math.max(1e-9, activeEnergyKcal + basalEnergyKcal) },
      { sources: provenance.basalEnergyKcal?.sources ?? [], part: basalEnergyKcal / Math.max(1e-9, activeEnergyKcal + basalEnergyKcal) },
    ]
    provenance.caloriesBurned = { method: 'active_plus_basal', sources: blended(parts) }
  }
}

type Sources = Provenance['sources']

/** Shares of a sum of two figures, each with its part of the sum. */
function blended(parts: readonly { readonly sources: Sources; readonly part: number }[]): Sources {
  const weighted = parts.flatMap(({ sources, part }) => sources.map((source) => ({ source, part: source.share * part })))
  return [...Map.groupBy(weighted, ({ source }) => source.id).values()].flatMap((same) =>
    same.slice(0, 1).map(({ source }) => ({
      ...source,
      share: Math.min(
        1,
        rounded(
          same.reduce((sum, each) => sum + each.part, 0),
          4,
        ),
      ),
      samples: same.reduce((sum, each) => sum + each.source.samples, 0),
    })),
  )
}

/** The device's exercise minutes; else minutes at a moderate cadence or heart rate. */
function addActiveMinutes({ effort, pulse }: DayMinutes, ageYears: number | undefined, { fields, provenance, reasons }: Findings): void {
  if (fields.exerciseMinutes !== undefined) {
    fields.activeMinutes = fields.exerciseMinutes
    provenance.activeMinutes = { method: 'device_exercise_minutes', sources: provenance.exerciseMinutes?.sources ?? [] }
    return
  }
  if (effort === undefined) {
    reasons.push(absent('activeMinutes', 'no_data', 0, 1))
    return
  }
  const [, moderate, vigorous] = minutesByLevel(effort)
  fields.activeMinutes = moderate + vigorous
  const stepSources = provenance.steps?.sources ?? []
  provenance.activeMinutes =
    pulse === undefined || ageYears === undefined
      ? { method: 'cadence', sources: stepSources }
      : {
          method: 'cadence_or_heart_rate',
          sources: stepSources.length > 0 ? stepSources : soleSource('', pulse.source, pulse.value.length).sources,
        }
}
