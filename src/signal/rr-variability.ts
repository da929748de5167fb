import { at } from './samples.ts'

/** Root mean square of successive differences, in the unit of the intervals (Task Force 1996, Circulation 93:1043); NaN with fewer than two. */
export function rmssd(rrMs: Float64Array): number {
  let squares = 0
  for (let i = 1; i < rrMs.length; i++) squares += (at(rrMs, i) - at(rrMs, i - 1)) ** 2
  return rrMs.length < 2 ? Number.NaN : Math.sqrt(squares / (rrMs.length - 1))
}

/** Sample standard deviation of the intervals (Task Force 1996); NaN with fewer than two. */
export function sdnn(rrMs: Float64Array): number {
  if (rrMs.length < 2) return Number.NaN
  const mean = rrMs.reduce((sum, rr) => sum + rr, 0) / rrMs.length
  return Math.sqrt(rrMs.reduce((sum, rr) => sum + (rr - mean) ** 2, 0) / (rrMs.length - 1))
}

/** Successive differences of more than `overMs`, % of all differences (Task Force 1996; pNN50 with 50, pNN20 with 20); NaN with fewer than two. */
export function pnnOver(rrMs: Float64Array, overMs = 50): number {
  let over = 0
  for (let i = 1; i < rrMs.length; i++) if (Math.abs(at(rrMs, i) - at(rrMs, i - 1)) > overMs) over++
  return rrMs.length < 2 ? Number.NaN : (100 * over) / (rrMs.length - 1)
}
