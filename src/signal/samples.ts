/** Half-open stretches [start, end) in epoch ms, sorted by start; an instant ends where it starts. */
export interface Intervals {
  readonly startMs: Float64Array
  readonly endMs: Float64Array
}

export interface Samples extends Intervals {
  readonly value: Float64Array
}

/** The value at an index that the caller knows to exist; NaN outside, which costs: once it was asked there, every answer of it is boxed. */
export function at(column: Float64Array, index: number): number {
  return column[index] ?? Number.NaN
}
