/**
 * What instants have beyond the millisecond, as hardly any device tells, in one whole number: the microseconds of `start`, 1,000 times those
 * of `end` and 1,000,000 times those of `created`. In milliseconds the deltas of instants take 10 bits less.
 */
export const MICROS = 'micros'

/** The millisecond that an instant of whole microseconds lies in. */
export function wholeMs(ms: number): number {
  return Number.isInteger(ms) ? ms : Math.floor(Math.round(ms * 1000) / 1000)
}

/** 0 for instants of whole milliseconds. An `end` that is `start`, and a `created` of NaN, add nothing. */
export function microsOf(start: number, end: number, created: number): number {
  if (Number.isInteger(start) && end === start && (Number.isInteger(created) || Number.isNaN(created))) return 0
  return beyondMs(start) + (end === start ? 0 : 1000 * beyondMs(end)) + (Number.isNaN(created) ? 0 : 1_000_000 * beyondMs(created))
}

function beyondMs(ms: number): number {
  return Math.round(ms * 1000) - wholeMs(ms) * 1000
}

/** Instants of milliseconds, in place, as they were; an `end` of NaN is `start`. */
export function refine(
  {
    start,
    end,
    created,
  }: { readonly start: Float64Array; readonly end?: Float64Array | undefined; readonly created?: Float64Array | undefined },
  micros: ArrayLike<number> | undefined,
): void {
  for (let row = 0; row < start.length; row++) {
    const finer = micros?.[row] ?? 0
    if (finer > 0) {
      addMicros(start, row, finer % 1000)
      addMicros(end, row, Math.floor(finer / 1000) % 1000)
      addMicros(created, row, Math.floor(finer / 1_000_000))
    }
    if (end && Number.isNaN(end[row] as number)) end[row] = start[row] as number
  }
}

function addMicros(column: Float64Array | undefined, row: number, micros: number): void {
  if (column) column[row] = ((column[row] as number) * 1000 + micros) / 1000
}
