import type { Day } from '../model/day.ts'
import { clockMinute } from './night-clock.ts'

/** One figure of a day that is compared with the person's own past. */
export interface Figure {
  readonly metric: string
  /** Where the figure stands in a Day; reasons name it so. */
  readonly field: string
  /** UCUM; `{clock}` is minutes after local midnight. */
  readonly unit: '%' | '/min' | '{awakenings}' | '{breaths}/min' | '{clock}' | '{flights}' | '{steps}' | 'kcal' | 'm' | 'min' | 'ms'
  readonly per: 'days' | 'nights'
  /** The smallest difference worth a sentence, in `unit`; for `ln` a share of the median. Sources: docs/insights.md. */
  readonly usefulChange: number
  /** Heart rate variability is compared on its logarithm (Plews 2013, Sports Med 43:773); bedtimes go round the clock. */
  readonly scale: 'clock' | 'ln' | 'plain'
  /** Grows through the day, so that half a day or half a day's wear says too little. */
  readonly cumulative: boolean
  read(day: Day): number | undefined
  /** Days are compared only where this text is equal. */
  kind(day: Day): string
}

export const figures = {
  totalSleep: night('total_sleep_time', 'sleep.asleepMinutes', 'min', 30, (day) => day.sleep?.asleepMinutes),
  bedtime: { ...night('bedtime', 'sleep.onset', '{clock}', 30, bedtime), scale: 'clock' },
  wakeTime: { ...night('wake_time', 'sleep.wake', '{clock}', 30, wakeTime), scale: 'clock' },
  sleepEfficiency: {
    ...night('sleep_efficiency', 'sleep.efficiency', '%', 5, (day) => hundredfold(day.sleep?.efficiency)),
    kind: (day) => `${sleepKind(day)} ${day.sleep?.efficiencyBasis}`,
  },
  deepSleep: night('sleep_deep', 'sleep.stagesMinutes.deep', 'min', 20, (day) => day.sleep?.stagesMinutes?.deep),
  remSleep: night('sleep_rem', 'sleep.stagesMinutes.rem', 'min', 20, (day) => day.sleep?.stagesMinutes?.rem),
  lightSleep: night('sleep_light', 'sleep.stagesMinutes.light', 'min', 30, (day) => day.sleep?.stagesMinutes?.light),
  awakenings: night('awakenings', 'sleep.awakenings', '{awakenings}', 2, (day) => day.sleep?.awakenings),
  sleepLatency: night('sleep_latency', 'sleep.onsetLatencyMinutes', 'min', 15, (day) => day.sleep?.onsetLatencyMinutes),
  breathing: { ...night('respiratory_rate', 'respiratoryRate', '{breaths}/min', 2, (day) => day.respiratoryRate), kind: breathingKind },
  timeAwake: night('time_awake', 'sleep.awakeMinutes', 'min', 20, (day) => day.sleep?.awakeMinutes),
  steps: amount('steps', 'steps', '{steps}', 1000, (day) => day.steps),
  activeMinutes: amount('active_minutes', 'activeMinutes', 'min', 10, (day) => day.activeMinutes),
  distance: amount('distance_walking_running', 'distanceMeters', 'm', 1000, (day) => day.distanceMeters),
  caloriesBurned: amount('calories_burned', 'caloriesBurned', 'kcal', 200, (day) => day.caloriesBurned),
  flights: amount('flights_climbed', 'flightsClimbed', '{flights}', 5, (day) => day.flightsClimbed),
  sitting: amount('sedentary_minutes', 'sedentary.minutes', 'min', 60, (day) => day.sedentary?.minutes),
  longestSitting: amount('longest_sedentary_bout', 'sedentary.longestMinutes', 'min', 45, (day) => day.sedentary?.longestMinutes),
  hardMinutes: amount('hard_heart_rate_minutes', 'heartRateZones', 'min', 10, hardMinutes),
  restingHeartRate: {
    ...figure('resting_heart_rate', 'heartRate.resting', '/min', 3, (day) => day.heartRate.resting),
    kind: (day) => day.heartRate.method ?? '',
  },
  averageHeartRate: figure('heart_rate', 'heartRate.average', '/min', 5, (day) => day.heartRate.average),
  hrvSdnn: variability('sdnn'),
  hrvRmssd: variability('rmssd'),
} as const satisfies Record<string, Figure>

export type FigureName = keyof typeof figures

export const figureNames: readonly FigureName[] = Object.keys(figures).filter((name): name is FigureName => name in figures)

function figure(metric: string, field: string, unit: Figure['unit'], usefulChange: number, read: Figure['read']): Figure {
  return { metric, field, unit, usefulChange, read, per: 'days', scale: 'plain', cumulative: false, kind: () => '' }
}

function amount(...definition: Parameters<typeof figure>): Figure {
  return { ...figure(...definition), cumulative: true }
}

function night(...definition: Parameters<typeof figure>): Figure {
  return { ...figure(...definition), per: 'nights', kind: sleepKind }
}

/** Never across kinds (Task Force 1996, Circulation 93:1043), windows (Shaffer & Ginsberg 2017, Front Public Health 5:258) or devices. */
function variability(kind: 'rmssd' | 'sdnn'): Figure {
  const read: Figure['read'] = ({ hrv }) => (hrv?.kind === kind && hrv.value > 0 ? hrv.value : undefined)
  return {
    ...figure(`hrv_${kind}`, 'hrv', 'ms', 0.1, read),
    scale: 'ln',
    kind: (day) => `${day.hrv?.window} ${mainSource(day, 'hrv')}`,
  }
}

/** What a device says and what we estimate from movement are not one series. */
function sleepKind({ sleep }: Day): string {
  return sleep?.method.startsWith('device') === true ? 'device' : (sleep?.method ?? '')
}

function mainSource(day: Day, field: string): string {
  const sources = day.provenance[field]?.sources ?? []
  return sources.reduce((best, source) => (source.share > best.share ? source : best), { id: '', share: 0 }).id
}

function breathingKind(day: Day): string {
  return mainSource(day, 'respiratoryRate')
}

/** Wall-clock minute at which the person fell asleep, and woke up. */
function bedtime({ sleep, zone }: Day): number | undefined {
  return sleep === undefined ? undefined : clockMinute(sleep.onset, zone)
}

function wakeTime({ sleep, zone }: Day): number | undefined {
  return sleep === undefined ? undefined : clockMinute(sleep.wake, zone)
}

/** From 70 % of the heart rate reserve on. */
function hardMinutes({ heartRateZones }: Day): number | undefined {
  return heartRateZones?.minutes.slice(2).reduce((sum, minutes) => sum + minutes, 0)
}

function hundredfold(share: number | undefined): number | undefined {
  return share === undefined ? undefined : share * 100
}
