import type { Day, Night } from '../model/day.ts'
import type { MetricName } from '../model/metrics.ts'

/** One figure of a day, as other systems take it. */
export interface DayFigure {
  readonly metric: MetricName
  readonly value: number
  /** The whole date, or the night that ended on it. */
  readonly of: 'day' | 'night'
  /** What kind of figure of the date it is. */
  readonly statistic: 'sum' | 'average' | 'maximum' | 'minimum'
}

type Figure = Omit<DayFigure, 'value'> & { readonly read: (day: Day) => number | undefined }

const sum = (metric: MetricName, read: Figure['read']): Figure => ({ metric, read, of: 'day', statistic: 'sum' })
const mean = (metric: MetricName, read: Figure['read']): Figure => ({ metric, read, of: 'day', statistic: 'average' })
const asleep = (metric: MetricName, read: (night: Night) => number | undefined): Figure => ({
  metric,
  read: ({ sleep }) => sleep && read(sleep),
  of: 'night',
  statistic: 'sum',
})

/** What a day says that other vocabularies have a word for. */
const figures: readonly Figure[] = [
  sum('steps', ({ steps }) => steps),
  sum('distance_walking_running', ({ distanceMeters }) => distanceMeters),
  sum('flights_climbed', ({ flightsClimbed }) => flightsClimbed),
  sum('active_energy', ({ activeEnergyKcal }) => activeEnergyKcal),
  sum('exercise_minutes', ({ exerciseMinutes }) => exerciseMinutes),
  mean('resting_heart_rate', ({ heartRate }) => heartRate.resting),
  mean('heart_rate', ({ heartRate }) => heartRate.average),
  { metric: 'max_heart_rate_24h', read: ({ heartRate }) => heartRate.max, of: 'day', statistic: 'maximum' },
  mean('hrv_sdnn', ({ hrv }) => (hrv?.kind === 'sdnn' ? hrv.value : undefined)),
  mean('hrv_rmssd', ({ hrv }) => (hrv?.kind === 'rmssd' ? hrv.value : undefined)),
  mean('respiratory_rate', ({ respiratoryRate }) => respiratoryRate),
  mean('oxygen_saturation', ({ oxygenSaturation }) => oxygenSaturation),
  mean('body_weight', ({ bodyWeightKg }) => bodyWeightKg),
  asleep('sleep_session', ({ asleepMinutes }) => asleepMinutes),
  asleep('sleep_light', ({ stagesMinutes }) => stagesMinutes?.light),
  asleep('sleep_deep', ({ stagesMinutes }) => stagesMinutes?.deep),
  asleep('sleep_rem', ({ stagesMinutes }) => stagesMinutes?.rem),
  asleep('time_in_bed', ({ inBedMinutes }) => inBedMinutes),
]

/** The figures that a day has. */
export function figuresOf(day: Day): DayFigure[] {
  return figures.flatMap(({ read, ...figure }) => {
    const value = read(day)
    return value === undefined ? [] : [{ ...figure, value }]
  })
}

/** From when until when it speaks, RFC 3339 with the offset there was. */
export function spanOf({ date, zone, sleep }: Day, { of }: Pick<DayFigure, 'of'>): { readonly start: string; readonly end: string } {
  if (of === 'night' && sleep !== undefined) return { start: sleep.onset, end: sleep.wake }
  const from = Temporal.PlainDate.from(date)
  return { start: midnight(from, zone), end: midnight(from.add({ days: 1 }), zone) }
}

function midnight(date: Temporal.PlainDate, zone: string): string {
  return date.toZonedDateTime({ timeZone: zone }).toString({ timeZoneName: 'never', smallestUnit: 'second' })
}
