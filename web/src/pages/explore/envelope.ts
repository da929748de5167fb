import { type Line, type Point, placesWithin } from './layer.ts'
import type { Span } from './span.ts'

interface Look {
  readonly colour: string
  /** Amounts stand on nothing; of means the least and the most are shown around them. */
  readonly isAmount: boolean
  /** Pixels. */
  readonly width: number
  readonly id: string
}

interface Place {
  coord(at: readonly number[]): readonly number[]
}

/** From the least to the most of spans that are shown as means: one bar for every pixel that has any. */
export function envelopeOf(line: Line, span: Span, { colour, width, id, isAmount }: Look) {
  const bars = barsOf(line, span, width, isAmount)
  if (bars === undefined) return []
  const { least, most, low, high } = bars
  return [
    {
      ...{ type: 'custom', id, silent: true, clip: true, z: 1 },
      encode: { x: 0, y: [1, 2] },
      data: [
        [span.fromMs, low, high],
        [span.toMs, low, high],
      ],
      renderItem: ({ dataIndex }: { readonly dataIndex: number }, place: Place) =>
        dataIndex === 0 ? drawBars(place, span, { least, most }, { fill: colour, opacity: isAmount ? 0.75 : 0.18 }) : undefined,
    },
  ]
}

interface Bars {
  readonly least: Float64Array
  readonly most: Float64Array
  readonly low: number
  readonly high: number
}

/** By pixel columns; NaN where there is none. Undefined where values have no reach. */
function barsOf({ points, startMs }: Line, span: Span, width: number, isAmount: boolean): Bars | undefined {
  const [from, to] = placesWithin(startMs, span)
  if (from >= to || (!isAmount && points[from]?.min === undefined)) return undefined
  const columns = Math.max(1, Math.floor(width))
  const bars = { least: new Float64Array(columns).fill(Number.NaN), most: new Float64Array(columns).fill(Number.NaN) }
  const columnOf = (ms: number) => Math.floor(((ms - span.fromMs) / (span.toMs - span.fromMs)) * columns)
  for (let at = from; at < to; at++) {
    const { value, endTime = '', ...reach } = points[at] as Point
    const { min = value, max = value } = isAmount ? { min: 0 } : reach
    const first = columnOf(startMs[at] as number)
    const last = Math.max(first + 1, endTime === '' ? 0 : columnOf(Date.parse(endTime)))
    widen(bars, [Math.max(0, first), last], [min, max])
  }
  const [low, high] = [smallest(bars.least), -smallest(bars.most.map((value) => -value))]
  return low > high ? undefined : { ...bars, low, high }
}

/** Columns from the first, the last not included, reach from the least to the most. */
function widen(
  { least, most }: Pick<Bars, 'least' | 'most'>,
  [first, last]: readonly [number, number],
  [min, max]: readonly [number, number],
): void {
  const end = Math.min(least.length, last)
  for (let column = first; column < end; column++) {
    if (!(min >= (least[column] as number))) least[column] = min
    if (!(max <= (most[column] as number))) most[column] = max
  }
}

/** Infinity of nothing. */
function smallest(values: Float64Array): number {
  return values.reduce((least, value) => (value < least ? value : least), Number.POSITIVE_INFINITY)
}

interface Fill {
  readonly fill: string
  readonly opacity: number
}

function drawBars(place: Place, { fromMs, toMs }: Span, { least, most }: Pick<Bars, 'least' | 'most'>, style: Fill) {
  const [x0 = 0] = place.coord([fromMs, 0])
  const [x1 = 0] = place.coord([toMs, 0])
  const [, y0 = 0] = place.coord([fromMs, 0])
  const [, y1 = 0] = place.coord([fromMs, 1])
  const across = (x1 - x0) / least.length
  const yOf = (value: number) => y0 + (y1 - y0) * value
  const children: object[] = []
  for (let from = 0; from < least.length; ) {
    if (Number.isNaN(least[from])) {
      from++
      continue
    }
    let to = from
    while (to < least.length && !Number.isNaN(least[to])) to++
    const above: number[][] = []
    const below: number[][] = []
    for (let column = from; column < to; column++) {
      for (const x of [x0 + column * across, x0 + (column + 1) * across]) {
        above.push([x, yOf(most[column] as number)])
        below.push([x, yOf(least[column] as number)])
      }
    }
    children.push({ type: 'polygon', shape: { points: [...above, ...below.reverse()] }, style })
    from = to
  }
  return { type: 'group', children }
}
