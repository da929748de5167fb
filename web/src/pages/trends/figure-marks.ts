import type { Palette } from '../../parts/palette.ts'
import type { Baseline, TrendChange } from '../../state/trends.ts'

const DAY_MS = 86_400_000

interface Place {
  coord(at: readonly number[]): number[]
}

interface Box {
  readonly dataIndex: number
  readonly coordSys: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
}

interface Usual {
  readonly ms: number
  readonly low: number
  readonly high: number
}

/** What was usual, as an area; where nothing was usual yet, and over weeks without the figure, there is none. */
export function bandSeries(palette: Palette, course: Baseline['data']) {
  const runs = runsOf(course)
  return {
    type: 'custom',
    silent: true,
    clip: true,
    encode: { x: [0, 1], y: [2, 3] },
    data: runs.map((run) => [run[0]?.ms, run.at(-1)?.ms, Math.min(...run.map(({ low }) => low)), Math.max(...run.map(({ high }) => high))]),
    renderItem: ({ dataIndex }: Box, place: Place) => {
      const run = runs[dataIndex] ?? []
      const points = [
        ...run.map(({ ms, high }) => place.coord([ms, high])),
        ...run.toReversed().map(({ ms, low }) => place.coord([ms, low])),
      ]
      return { type: 'polygon', shape: { points }, style: { fill: palette.accentSoft } }
    },
  }
}

/** A band goes on over at most so many dates without the figure. */
const MOST_BRIDGED = 7

function runsOf(course: Baseline['data']): readonly (readonly Usual[])[] {
  const runs: Usual[][] = []
  let lastMs = Number.NEGATIVE_INFINITY
  for (const { date, usual } of course) {
    if (usual === undefined) continue
    const ms = Date.parse(date) + DAY_MS / 2
    if (ms - lastMs > MOST_BRIDGED * DAY_MS) runs.push([])
    // Half of what is usual may be nothing; less than nothing is not.
    runs.at(-1)?.push({ ms, low: Math.max(0, usual.low), high: usual.high })
    lastMs = ms
  }
  return runs
}

/** A level shift as a line with a step in it, an elevation as the days that it lasted. */
export function changeSeries(palette: Palette, changes: readonly TrendChange[]) {
  return {
    type: 'custom',
    silent: true,
    clip: true,
    encode: { x: 0, y: [1, 2] },
    data: changes.map(({ date, before, after }) => [Date.parse(date), before, after]),
    renderItem: ({ dataIndex, coordSys }: Box, place: Place) => {
      const change = changes[dataIndex]
      if (change === undefined) return undefined
      const [x = 0] = place.coord([Date.parse(change.date), 0])
      const [end = 0] = place.coord([Date.parse(change.until ?? change.date) + DAY_MS, 0])
      const { y, height } = coordSys
      if (change.kind === 'elevation')
        return { type: 'rect', shape: { x, y, width: Math.max(2, end - x), height }, style: { fill: palette.heart, opacity: 0.22 } }
      const [, before = 0] = place.coord([0, change.before])
      const [, after = 0] = place.coord([0, change.after])
      const style = { stroke: palette.warn, lineWidth: 2, fill: 'none' }
      return {
        type: 'group',
        children: [
          { type: 'line', shape: { x1: x, x2: x, y1: y, y2: y + height }, style: { ...style, lineWidth: 1, lineDash: [3, 3] } },
          {
            type: 'polyline',
            shape: {
              points: [
                [x - 16, before],
                [x, before],
                [x, after],
                [x + 16, after],
              ],
            },
            style,
          },
        ],
      }
    },
  }
}
