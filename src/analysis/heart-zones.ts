import { at } from '../signal/samples.ts'

/** Highest heart rate to be expected at an age, /min: 208 − 0.7 · age (Tanaka 2001, JACC 37:153); single people lie 10 to either side. */
export function highestHeartRate(ageYears: number): number {
  return 208 - 0.7 * ageYears
}

const zoneStarts = [0.5, 0.6, 0.7, 0.8, 0.9]

/** Lower limits of five zones, /min: 50, 60, 70, 80 and 90 % of the reserve between resting and highest (Karvonen 1957, Ann Med Exp Biol Fenn 35:307). */
export function reserveZones(restingBpm: number, highestBpm: number): number[] {
  return zoneStarts.map((share) => restingBpm + share * (highestBpm - restingBpm))
}

/** Lower limits of five zones, /min: 50, 60, 70, 80 and 90 % of the highest heart rate (Edwards 1993, The Heart Rate Monitor Book). */
export function highestZones(highestBpm: number): number[] {
  return zoneStarts.map((share) => share * highestBpm)
}

/** Minutes in each zone, from heart rates (/min) that hold for so many ms each; below the first limit none count. */
export function minutesInZones(bpm: Float64Array, holdMs: Float64Array, limits: readonly number[]): number[] {
  const minutes = limits.map(() => 0)
  for (let i = 0; i < bpm.length; i++) {
    let zone = limits.length - 1
    while (zone >= 0 && !((bpm[i] as number) >= (limits[zone] as number))) zone--
    if (zone >= 0) minutes[zone] = (minutes[zone] as number) + (holdMs[i] as number) / 60_000
  }
  return minutes
}

/** Training load: minutes in each of Edwards' zones times 1 to 5, summed (Edwards 1993). */
export function edwardsLoad(zoneMinutes: readonly number[]): number {
  return zoneMinutes.reduce((sum, minutes, zone) => sum + (zone + 1) * minutes, 0)
}

export interface Reserve {
  readonly restingBpm: number
  readonly highestBpm: number
  /** Whose blood lactate the weights were fitted to. */
  readonly weights: 'men' | 'women'
}

const banisterWeights = { men: { factor: 0.64, power: 1.92 }, women: { factor: 0.86, power: 1.67 } } as const

/**
 * Training impulse (TRIMP): minutes × r × 0.64·e^(1.92·r) for men, 0.86·e^(1.67·r) for women, r being the share of the reserve, 0–1
 * (Banister 1991; Morton 1990, J Appl Physiol 69:1171). Meant for the time of an exercise, not of a day.
 */
export function banisterLoad(bpm: Float64Array, holdMs: Float64Array, { restingBpm, highestBpm, weights }: Reserve): number {
  const { factor, power } = banisterWeights[weights]
  return bpm.reduce((sum, value, i) => {
    const share = Math.min(1, Math.max(0, (value - restingBpm) / (highestBpm - restingBpm)))
    return sum + (at(holdMs, i) / 60_000) * share * factor * Math.exp(power * share)
  }, 0)
}
