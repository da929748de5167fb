import { bytes } from '../signal/memory.ts'
import { runsOf } from '../signal/runs.ts'

/** Moderate and vigorous from so many steps a minute (CADENCE-Adults: Tudor-Locke 2018, BJSM 52:776; 2019, IJBNPA 16:8). */
const cadence = { moderate: 100, vigorous: 130 }
/** The same as shares of the highest heart rate (American College of Sports Medicine; Garber 2011, MSSE 43:1334). */
const ofHighest = { moderate: 0.64, vigorous: 0.77 }
/** Sums of parts of samples come out a little under the whole. */
const rounding = 1e-6

export interface IntensityInput {
  /** Steps in each minute. */
  readonly steps: Float64Array
  /** Mean heart rate of each minute, /min; NaN where there was none. */
  readonly bpm?: Float64Array
  /** /min; without it heart rate says nothing. */
  readonly highestBpm?: number
}

/** Each minute by its cadence or its heart rate, whichever says more: 0 less than moderate, 1 moderate, 2 vigorous. */
export function intensityOf({ steps, bpm, highestBpm = Infinity }: IntensityInput): Uint8Array {
  const levels = bytes(steps.length)
  for (let minute = 0; minute < steps.length; minute++) {
    const count = steps[minute] as number
    const rate = bpm === undefined ? Number.NaN : (bpm[minute] as number) / highestBpm
    if (count >= cadence.vigorous - rounding || rate >= ofHighest.vigorous) levels[minute] = 2
    else if (count >= cadence.moderate - rounding || rate >= ofHighest.moderate) levels[minute] = 1
  }
  return levels
}

/** Minutes at each level, least first. */
export function minutesByLevel(levels: Uint8Array): [number, number, number] {
  let moderate = 0
  let vigorous = 0
  for (let minute = 0; minute < levels.length; minute++) {
    if (levels[minute] === 1) moderate++
    else if (levels[minute] === 2) vigorous++
  }
  return [levels.length - moderate - vigorous, moderate, vigorous]
}

export interface SedentaryFigures {
  readonly minutes: number
  readonly longestMinutes: number
  /** Stretches of at least an hour (Diaz 2017, Ann Intern Med 167:465, looks at 30, 60 and 90 minutes). */
  readonly bouts: number
}

const boutMinutes = 60

/**
 * Minutes known to be spent awake without a step and without effort, and their unbroken stretches: the lowest of the cadence bands
 * (Tudor-Locke 2011, Prev Med 53:178: 0 steps a minute). `still` is 1 for such a minute.
 */
export function sedentaryBouts(still: Uint8Array): SedentaryFigures {
  const lengths = runsOf(still, 1).map(({ from, to }) => to - from)
  return {
    minutes: lengths.reduce((sum, length) => sum + length, 0),
    longestMinutes: Math.max(0, ...lengths),
    bouts: lengths.filter((length) => length >= boutMinutes).length,
  }
}
