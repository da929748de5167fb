import type { EChartsCoreOption } from 'echarts/core'
import type { Palette } from '../../parts/palette.ts'
import { tooltipLook } from '../../parts/tooltip.ts'
import type { Reader } from '../../state/person.ts'
import type { Baseline } from '../../state/trends.ts'
import type { Text } from '../../texts/texts.tsx'
import { figureText } from './trend-figures.ts'

const STEPS = 5

interface CalendarData extends Pick<Baseline, 'data' | 'unit'> {
  readonly year: string
  /** Limits between steps, with the least and the most. */
  readonly steps: readonly number[]
  readonly text: Text
  readonly reader: Reader
}

/** So narrow that a year is told in two halves, one below the other. */
const NARROW = 640
const HALF = 178

export function calendarHeight(width: number): number {
  return width < NARROW ? 2 * HALF : 190
}

/** Fifths of the values: each colour stands for as many days. */
export function stepsOf(values: readonly number[]): readonly number[] {
  const sorted = values.toSorted((one, other) => one - other)
  if (sorted.length === 0) return []
  return Array.from({ length: STEPS + 1 }, (_, step) => sorted[Math.round((step / STEPS) * (sorted.length - 1))] ?? 0)
}

/** A field for each day of a year; what was not measured is an empty one. */
export function drawCalendar(palette: Palette, width: number, data: CalendarData): EChartsCoreOption {
  const { year, unit, text, reader } = data
  const isNarrow = calendarHeight(width) > HALF * 1.5
  const ranges = isNarrow
    ? [
        [`${year}-01-01`, `${year}-06-30`],
        [`${year}-07-01`, `${year}-12-31`],
      ]
    : [[`${year}-01-01`, `${year}-12-31`]]
  const said = new Map(data.data.map(({ date, value }) => [date, figureText(value, unit, reader)]))
  return {
    textStyle: { fontFamily: palette.font },
    tooltip: {
      ...tooltipLook(palette),
      formatter: ({ value: [date] }: { readonly value: readonly [string] }) =>
        `${reader.fullDate(date)}\n${said.get(date) ?? text('trends.notMeasured')}`,
    },
    calendar: ranges.map((range, at) => ({
      range,
      ...{ top: 22 + at * HALF, left: 34, right: 4, height: (isNarrow ? 18 : 21) * 7, cellSize: ['auto', 'auto'] },
      splitLine: { show: false },
      itemStyle: { color: 'transparent', borderWidth: 0 },
      yearLabel: { show: false },
      dayLabel: { firstDay: 1, nameMap: sundayFirst(reader.weekdays), color: palette.quiet, fontFamily: palette.font, fontSize: 11 },
      monthLabel: { nameMap: [...reader.months], color: palette.quiet, fontFamily: palette.font, fontSize: 11 },
    })),
    series: ranges.map((range, at) => fields(palette, data, range, at)),
  }
}

function sundayFirst(weekdays: readonly string[]): string[] {
  return [weekdays[6] ?? '', ...weekdays.slice(0, 6)]
}

interface Field {
  readonly dataIndex: number
  readonly coordSys: { readonly cellWidth: number; readonly cellHeight: number }
}

function fields(palette: Palette, { data, steps }: CalendarData, [from = '', to = '']: readonly string[], calendarIndex: number) {
  const byDate = new Map(data.map(({ date, value }) => [date, value]))
  const dates = datesWithin(from, to)
  return {
    type: 'custom',
    coordinateSystem: 'calendar',
    calendarIndex,
    data: dates.map((date) => [date, byDate.get(date) ?? '-']),
    renderItem: ({ dataIndex, coordSys }: Field, place: { coord(date: string): readonly number[] }) => {
      const date = dates[dataIndex] ?? ''
      const value = byDate.get(date)
      const [x = 0, y = 0] = place.coord(date)
      const [width, height] = [coordSys.cellWidth - 2, coordSys.cellHeight - 2]
      const style =
        value === undefined
          ? { fill: 'transparent', stroke: palette.line, lineWidth: 1 }
          : { fill: palette.accent, opacity: opacities[stepOf(value, steps)] ?? 1 }
      return { type: 'rect', shape: { x: x - width / 2, y: y - height / 2, width, height, r: 2 }, style }
    },
  }
}

/** Of the accent: five steps that the eye tells apart. */
const opacities = [0.16, 0.36, 0.56, 0.78, 1]

function stepOf(value: number, steps: readonly number[]): number {
  const above = steps.slice(1, -1).filter((limit) => value > limit).length
  return Math.min(STEPS - 1, above)
}

function datesWithin(from: string, to: string): readonly string[] {
  const days = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1
  return Array.from({ length: days }, (_, day) => new Date(Date.parse(from) + day * 86_400_000).toISOString().slice(0, 10))
}
