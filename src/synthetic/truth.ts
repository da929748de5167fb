import type { ZoneTimeline } from '../model/zone.ts'
import type { ExerciseKind } from './movement.ts'
import type { Occasion } from './occasions.ts'
import type { Totals } from './totals.ts'
import type { Part } from './writer.ts'

/** The main sleep that ends on the date. Instants are ISO strings in UTC, minutes are whole. */
export interface TruthSleep {
  readonly onset: string
  readonly wake: string
  readonly bedtimeDate: string
  readonly asleepMinutes: number
  /** Awake between onset and wake. */
  readonly awakeMinutes: number
  /** Wakings of five minutes and more. */
  readonly awakenings: number
  readonly inBedMinutes: number
  readonly stagesMinutes: { readonly light: number; readonly deep: number; readonly rem: number }
  /** `watch`: all of the above can be known. `app`: sleep and wake, but no stages. */
  readonly recordedBy: 'watch' | 'app'
}

export interface TruthWorkout {
  readonly type: ExerciseKind
  readonly start: string
  readonly end: string
  readonly durationMinutes: number
  readonly energyKcal: number
  readonly distanceMeters?: number
  readonly averageHeartRate: number
}

export interface TruthDay {
  readonly date: string
  /** Where the day ended. */
  readonly zone: string
  /** First instant of the date, and the first after it. */
  readonly start: string
  readonly end: string
  readonly dayMinutes: number
  readonly steps: number
  readonly distanceMeters: number
  readonly flightsClimbed: number
  /** This and the next three are the watch's own: absent on a day without it. */
  readonly activeEnergyKcal?: number
  readonly basalEnergyKcal?: number
  readonly exerciseMinutes?: number
  readonly standHours?: number
  readonly sleep: TruthSleep
  readonly naps: readonly { readonly onset: string; readonly wake: string; readonly asleepMinutes: number }[]
  /** The watch's own figure; absent where it was hardly worn. */
  readonly restingHeartRate?: number
  /** Mean of the SDNN readings of the main sleep, ms; absent with fewer than three. */
  readonly hrvSdnn?: number
  readonly bodyWeightKg?: number
  readonly wornMinutes: number
  readonly workouts: readonly TruthWorkout[]
  readonly occasions: readonly Occasion[]
}

/** What a right reading of the export gives: the ground truth as far as a device recorded it. */
export interface Truth {
  readonly format: 'clarity-synthetic-truth-1'
  readonly seed: number
  readonly part: Part
  readonly exportedAt: string
  readonly birthDate: string
  readonly sex: 'female'
  readonly home: string
  readonly zones: ZoneTimeline
  readonly sources: readonly { readonly name: string; readonly kind: string }[]
  readonly days: readonly TruthDay[]
  readonly totals: Totals
}
