import type { Series } from '../../state/series.ts'
import { type DetailName, details } from './detail.ts'
import type { Span } from './span.ts'

export type Point = Series['data'][number]

/** Values of one source, or of the best of each time, by start. */
export interface Line {
  /** Undefined: the best source of each time. */
  readonly source: string | undefined
  readonly points: readonly Point[]
  readonly startMs: Float64Array
  /** What is drawn: pairs of an instant and a value; NaN makes a gap. */
  readonly drawn: Float64Array
}

/** What was asked for, ready to be drawn. */
export interface Layer extends Span {
  readonly detail: DetailName
  readonly unit: string
  readonly kind: Series['kind']
  readonly lines: readonly Line[]
}

/** Points by start, ready to be drawn. */
export function lineOf(source: string | undefined, points: readonly Point[], detail: DetailName, kind: Series['kind']): Line {
  const startMs = Float64Array.from(points, ({ startTime }) => Date.parse(startTime))
  const drawn = kind === 'cumulative' ? stairs(points, startMs) : readings(points, startMs, details[detail].gapMs)
  return { source, points, startMs, drawn }
}

function readings(points: readonly Point[], startMs: Float64Array, gapMs: number): Float64Array {
  const drawn: number[] = []
  let before = Number.POSITIVE_INFINITY
  for (let at = 0; at < points.length; at++) {
    const start = startMs[at] as number
    if (start - before > gapMs) drawn.push(before + 1, Number.NaN)
    drawn.push(start, (points[at] as Point).value)
    before = start
  }
  return Float64Array.from(drawn)
}

/** An amount stands as high over all of its time; where none follows at once it ends. */
function stairs(points: readonly Point[], startMs: Float64Array): Float64Array {
  const drawn: number[] = []
  for (let at = 0; at < points.length; at++) {
    const { value, endTime } = points[at] as Point
    const start = startMs[at] as number
    const end = endTime === undefined ? start : Date.parse(endTime)
    drawn.push(start, value)
    if (!((startMs[at + 1] as number) <= end)) drawn.push(end, value, end, Number.NaN)
  }
  return Float64Array.from(drawn)
}

/** The places of points that a span touches, the end not included, and one more on either side. */
export function placesWithin(startMs: Float64Array, { fromMs, toMs }: Span): readonly [from: number, to: number] {
  return [Math.max(0, firstFrom(startMs, fromMs) - 1), Math.min(startMs.length, firstFrom(startMs, toMs) + 1)]
}

/** Points that begin within a span. */
export function pointsWithin({ points, startMs }: Line, { fromMs, toMs }: Span): readonly Point[] {
  return points.slice(firstFrom(startMs, fromMs), firstFrom(startMs, toMs))
}

/** Of what is drawn the part that can be seen. */
export function drawnWithin({ drawn }: Line, { fromMs, toMs }: Span): Float64Array {
  return drawn.subarray(2 * Math.max(0, firstFrom(drawn, fromMs, 2) - 2), 2 * Math.min(drawn.length / 2, firstFrom(drawn, toMs, 2) + 2))
}

export function firstFrom(sorted: Float64Array, ms: number, stride = 1): number {
  let low = 0
  let high = sorted.length / stride
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle * stride] as number) < ms) low = middle + 1
    else high = middle
  }
  return low
}
