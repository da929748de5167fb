import { doubles } from './memory.ts'
import { at } from './samples.ts'
import { mean } from './statistics.ts'

/**
 * Interdaily stability, 0 (noise) to 1 (every day alike): the variance of the mean day ÷ the variance of all values (Witting 1990, Biol
 * Psychiatry 27:563; Van Someren 1999, Chronobiol Int 16:505). `perDay` values a day, hourly means as a rule; gaps skipped, each hour
 * weighted by the values it has. NaN where nothing varies.
 */
export function interdailyStability(values: Float64Array, perDay: number): number {
  const whole = mean(values)
  const profile = meanDay(values, perDay)
  let ofProfile = 0
  let ofAll = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (Number.isNaN(value)) continue
    ofProfile += ((profile[i % perDay] as number) - whole) ** 2
    ofAll += (value - whole) ** 2
  }
  return ofProfile / ofAll
}

/**
 * Intradaily variability, 0 (a sine) to about 2 (noise): the mean square of the differences from one value to the next ÷ the variance
 * (Witting 1990; Van Someren 1999). Differences over a gap are skipped. NaN where nothing varies.
 */
export function intradailyVariability(values: Float64Array): number {
  const whole = mean(values)
  let steps = 0
  let pairs = 0
  let spread = 0
  let count = 0
  let before = Number.NaN
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (!Number.isNaN(value)) {
      count++
      spread += (value - whole) ** 2
      if (!Number.isNaN(before)) {
        pairs++
        steps += (value - before) ** 2
      }
    }
    before = value
  }
  return (count * steps) / (pairs * spread)
}

/** The mean of each of the `perDay` times of day; NaN for one that has no value. */
export function meanDay(values: Float64Array, perDay: number): Float64Array {
  const sums = doubles(perDay)
  const counts = doubles(perDay)
  for (let start = 0; start < values.length; start += perDay) {
    const end = Math.min(perDay, values.length - start)
    for (let time = 0; time < end; time++) {
      const value = values[start + time] as number
      if (Number.isNaN(value)) continue
      sums[time] = (sums[time] as number) + value
      counts[time] = (counts[time] as number) + 1
    }
  }
  for (let time = 0; time < perDay; time++) sums[time] = (sums[time] as number) / (counts[time] as number)
  return sums
}

export interface Stretch {
  /** Mean of the values in it. */
  readonly mean: number
  /** Place of its first value in the day. */
  readonly from: number
}

/** L5 and M10 (Witting 1990): the `length` values in a row, round midnight too, with the lowest mean of the mean day; the first of equals. */
export function leastActive(day: Float64Array, length: number): Stretch {
  return extreme(day, length, -1)
}

export function mostActive(day: Float64Array, length: number): Stretch {
  return extreme(day, length, 1)
}

/** Relative amplitude, (M10 − L5) ÷ (M10 + L5): 0 where day and night are alike, 1 where the quietest time is without movement (Van Someren 1999). */
export function relativeAmplitude(mostActiveMean: number, leastActiveMean: number): number {
  return (mostActiveMean - leastActiveMean) / (mostActiveMean + leastActiveMean)
}

/** 1 for the highest mean, −1 for the lowest. */
function extreme(day: Float64Array, length: number, side: -1 | 1): Stretch {
  let sum = 0
  for (let i = 0; i < length; i++) sum += at(day, i)
  let best = sum
  let from = 0
  for (let start = 1; start < day.length; start++) {
    sum += at(day, (start + length - 1) % day.length) - at(day, start - 1)
    if (side * (sum - best) > 0) {
      best = sum
      from = start
    }
  }
  return { mean: best / length, from }
}
