import { cubicSpline } from './cubic-spline.ts'
import { at } from './samples.ts'
import { bandPower, welchSpectrum } from './spectrum.ts'

/** Power of an RR series in the bands of the Task Force, ms². */
export interface RrBands {
  /** 0–0.04 Hz, 0.04–0.15 Hz and 0.15–0.4 Hz. */
  readonly veryLow: number
  readonly low: number
  readonly high: number
}

const perSecond = 4

/**
 * Power by band (Task Force 1996, Circulation 93:1043): the intervals (ms) through a cubic spline, read four times a second, and Welch's
 * spectrum of that. Intervals of 0 are no beats and are left out. Undefined where the series is shorter than one segment of 64 s.
 */
export function rrBands(rrMs: Float64Array): RrBands | undefined {
  const intervals = rrMs.filter((rr) => rr > 0)
  const seconds = new Float64Array(intervals.length)
  for (let i = 1; i < intervals.length; i++) seconds[i] = at(seconds, i - 1) + at(intervals, i) / 1000
  const places = Math.floor((seconds.at(-1) ?? 0) * perSecond) + 1
  if (intervals.length < 4 || places < 256) return undefined
  const even = cubicSpline(
    seconds,
    intervals,
    Float64Array.from({ length: places }, (_, i) => i / perSecond),
  )
  const spectrum = welchSpectrum(even, perSecond)
  return { veryLow: bandPower(spectrum, 0, 0.04), low: bandPower(spectrum, 0.04, 0.15), high: bandPower(spectrum, 0.15, 0.4) }
}
