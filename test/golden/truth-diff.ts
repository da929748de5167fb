import type { Day } from '../../src/model/day.ts'
import type { TruthDay } from '../../src/synthetic/truth.ts'

interface Comparison {
  readonly field: string
  readonly want: (truth: TruthDay) => unknown
  readonly got: (day: Day, truth: TruthDay) => unknown
  /** Numbers may be so far apart; 0 if absent. */
  readonly within?: number
  /** Only asked of these days; of every day if absent. */
  readonly of?: (truth: TruthDay) => boolean
}

const ms = (instant: string) => Temporal.Instant.from(instant).epochMilliseconds
const byWatch = ({ sleep }: TruthDay) => sleep.recordedBy === 'watch'

/** Days round to two digits, or to three. */
const toHundredths = 0.005 + 1e-9

/** Not a record tells of a zero: it is what is left when nothing was counted, and missing is not zero. */
const counted = (value: number | undefined) => (value === 0 ? undefined : value)

/**
 * A minute counts as worn within 10 minutes of a heartbeat, so each time the watch is off looks up to 20 minutes shorter than it was.
 * It is off at most twice on a date: for its charge and for one occasion. While it is on, no two readings lie 10 minutes apart.
 */
const wornTooMany = 40
const notWorn = ({ wornMinutes }: TruthDay) => wornMinutes === 0

const comparisons: readonly Comparison[] = [
  { field: 'zone', want: ({ zone }) => zone, got: ({ zone }) => zone },
  { field: 'dayMinutes', want: ({ dayMinutes }) => dayMinutes, got: ({ coverage }) => coverage.dayMinutes },
  { field: 'steps', want: ({ steps }) => counted(steps), got: ({ steps }) => steps },
  { field: 'distanceMeters', want: ({ distanceMeters }) => counted(distanceMeters), got: (day) => day.distanceMeters, within: 1 },
  { field: 'flightsClimbed', want: ({ flightsClimbed }) => counted(flightsClimbed), got: (day) => day.flightsClimbed },
  { field: 'activeEnergyKcal', want: (truth) => truth.activeEnergyKcal, got: (day) => day.activeEnergyKcal, within: toHundredths },
  { field: 'basalEnergyKcal', want: (truth) => truth.basalEnergyKcal, got: (day) => day.basalEnergyKcal, within: toHundredths },
  { field: 'exerciseMinutes', want: ({ exerciseMinutes }) => counted(exerciseMinutes), got: (day) => day.exerciseMinutes },
  { field: 'standHours', want: ({ standHours }) => standHours, got: ({ standHours }) => standHours },
  { field: 'sleep.onset', want: ({ sleep }) => ms(sleep.onset), got: ({ sleep }) => sleep && ms(sleep.onset) },
  { field: 'sleep.wake', want: ({ sleep }) => ms(sleep.wake), got: ({ sleep }) => sleep && ms(sleep.wake) },
  { field: 'sleep.bedtimeDate', want: ({ sleep }) => sleep.bedtimeDate, got: ({ sleep }) => sleep?.bedtimeDate },
  { field: 'sleep.asleepMinutes', want: ({ sleep }) => sleep.asleepMinutes, got: ({ sleep }) => sleep?.asleepMinutes },
  { field: 'sleep.awakeMinutes', want: ({ sleep }) => sleep.awakeMinutes, got: ({ sleep }) => sleep?.awakeMinutes, of: byWatch },
  { field: 'sleep.awakenings', want: ({ sleep }) => sleep.awakenings, got: ({ sleep }) => sleep?.awakenings, of: byWatch },
  { field: 'sleep.inBedMinutes', want: ({ sleep }) => sleep.inBedMinutes, got: ({ sleep }) => sleep?.inBedMinutes },
  {
    field: 'sleep.stagesMinutes',
    want: (truth) => (byWatch(truth) ? { ...truth.sleep.stagesMinutes, unspecified: 0 } : undefined),
    got: ({ sleep }) => sleep?.stagesMinutes,
  },
  { field: 'sleep.method', want: (truth) => (byWatch(truth) ? 'device_stages' : 'device_sleep'), got: ({ sleep }) => sleep?.method },
  { field: 'naps', want: ({ naps }) => naps.map(napText), got: ({ naps }) => naps.map(napText) },
  { field: 'heartRate.resting', want: ({ restingHeartRate }) => restingHeartRate, got: ({ heartRate }) => heartRate.resting },
  { field: 'heartRate', want: () => ({}), got: ({ heartRate }) => heartRate, of: notWorn },
  {
    field: 'hrv',
    want: ({ hrvSdnn }) => hrvSdnn,
    got: ({ hrv }) => (hrv?.window === 'night' ? hrv.value : undefined),
    within: toHundredths,
  },
  { field: 'hrv.kind', want: ({ hrvSdnn }) => hrvSdnn && 'sdnn', got: ({ hrv }) => (hrv?.window === 'night' ? hrv.kind : undefined) },
  { field: 'bodyWeightKg', want: ({ bodyWeightKg }) => bodyWeightKg, got: (day) => day.bodyWeightKg, within: toHundredths / 10 },
  { field: 'workouts', want: ({ workouts }) => workouts.map(workoutText), got: workoutsText },
  { field: 'coverage.wornMinutes', want: ({ wornMinutes }) => wornMinutes, got: worn },
  { field: 'who counted the steps', want: () => ['phone'], got: ({ provenance }) => kindsOf(provenance.steps), of: notWorn },
]

/** Every date and field on which the days say something else than the truth, a line each; empty when they agree. */
export function differences(truth: readonly TruthDay[], days: readonly Day[]): string[] {
  const found = new Map(days.map((day) => [day.date, day]))
  const told = new Set(truth.map(({ date }) => date))
  const extra = days.filter(({ date }) => !told.has(date)).map(({ date }) => `${date} is a day that never was`)
  return [
    ...extra,
    ...truth.flatMap((each) => {
      const day = found.get(each.date)
      return day === undefined ? [`${each.date} is no day`] : differencesOf(each, day)
    }),
  ]
}

function differencesOf(truth: TruthDay, day: Day): string[] {
  return comparisons.flatMap(({ field, want, got, within = 0, of }) => {
    if (of !== undefined && !of(truth)) return []
    const [wanted, given] = [want(truth), got(day, truth)]
    if (isSame(wanted, given, within)) return []
    const occasions = truth.occasions.length === 0 ? '' : ` (${truth.occasions.join(', ')})`
    return [`${truth.date}${occasions} ${field}: truly ${JSON.stringify(wanted)}, told ${JSON.stringify(given)}`]
  })
}

function isSame(a: unknown, b: unknown, within: number): boolean {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= within
  return JSON.stringify(a) === JSON.stringify(b)
}

/** The true minutes where what was told is as near as it can be, else what was told. */
function worn({ coverage }: Day, { wornMinutes, dayMinutes }: TruthDay): number {
  const most = wornMinutes === 0 ? 0 : Math.min(wornTooMany, dayMinutes - wornMinutes)
  const tooMany = coverage.wornMinutes - wornMinutes
  return tooMany >= 0 && tooMany <= most ? wornMinutes : coverage.wornMinutes
}

function kindsOf(provenance: Day['provenance'][string] | undefined): string[] | undefined {
  return provenance?.sources.filter(({ share }) => share > 0).map(({ kind }) => kind)
}

function napText({
  onset,
  wake,
  asleepMinutes,
}: {
  readonly onset: string
  readonly wake: string
  readonly asleepMinutes: number
}): string {
  return `${Temporal.Instant.from(onset)} to ${Temporal.Instant.from(wake)}, ${asleepMinutes} min asleep`
}

function workoutsText({ workouts }: Day): string[] {
  return workouts.map(({ startTime, endTime, ...rest }) => workoutText({ ...rest, start: startTime, end: endTime }))
}

interface Workout {
  readonly type: string
  readonly start: string
  readonly end: string
  readonly durationMinutes: number
  readonly energyKcal?: number | undefined
  readonly distanceMeters?: number | undefined
  readonly averageHeartRate?: number | undefined
}

/** Energy to a tenth of a kilocalorie, distance to the metre. */
function workoutText({ type, start, end, durationMinutes, energyKcal, distanceMeters, averageHeartRate }: Workout): string {
  const far = distanceMeters === undefined ? 'nowhere' : `${distanceMeters.toFixed(0)} m`
  return `${type} ${Temporal.Instant.from(start)} to ${Temporal.Instant.from(end)}, ${durationMinutes} min, ${energyKcal?.toFixed(1)} kcal, ${far}, ${averageHeartRate}/min`
}
