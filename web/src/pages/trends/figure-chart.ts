import type { EChartsCoreOption } from 'echarts/core'
import type { TrendFigure, TrendType } from '../../../../src/model/user-trend.ts'
import type { Palette } from '../../parts/palette.ts'
import { tooltipLook } from '../../parts/tooltip.ts'
import type { Reader } from '../../state/person.ts'
import type { Baseline, TrendChange } from '../../state/trends.ts'
import type { Text } from '../../texts/texts.tsx'
import { bandSeries, changeSeries } from './figure-marks.ts'
import { type Dates, periods } from './period.ts'
import { axisText, figureText } from './trend-figures.ts'

/** A figure over one period. Dates both included. */
export interface PeriodFigure extends Dates {
  readonly figure: TrendFigure
}

export interface FigureData {
  readonly course: Baseline['data']
  readonly unit: string
  readonly figures: readonly PeriodFigure[]
  readonly changes: readonly TrendChange[]
  readonly type: TrendType
  readonly dates: Dates
  readonly text: Text
  readonly reader: Reader
}

const DAY_MS = 86_400_000

/** Days, what was usual before each, the medians of periods and those of a year before, and where the level changed. Dates as UTC. */
export function drawFigure(palette: Palette, width: number, data: FigureData): EChartsCoreOption {
  const { course, figures, type, dates, unit, reader } = data
  const [min, max] = [Date.parse(dates.from), Date.parse(dates.to) + DAY_MS]
  return {
    textStyle: { fontFamily: palette.font },
    grid: { left: 56, right: 10, top: 12, bottom: 26 },
    tooltip: { ...tooltipLook(palette), trigger: 'axis', formatter: (at: readonly { readonly axisValue: number }[]) => told(at, data) },
    xAxis: {
      ...{ type: 'value', min, max },
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: { color: palette.quiet, customValues: firstsOf(type, min, max, width), formatter: (ms: number) => monthText(ms, reader) },
      axisPointer: { show: true, snap: false, label: { show: false }, lineStyle: { color: palette.quiet, type: 'solid', width: 1 } },
    },
    yAxis: {
      ...{ type: 'value', scale: true, splitNumber: 3 },
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: palette.quiet, formatter: (value: number) => axisText(value, unit, reader) },
      splitLine: { lineStyle: { color: palette.line } },
    },
    series: [
      bandSeries(palette, course),
      changeSeries(palette, data.changes),
      daySeries(palette, course, type),
      lineSeries(figures, ({ yearBefore }) => yearBefore?.median, { color: palette.quiet, width: 1.5, type: [4, 4] }),
      lineSeries(figures, ({ median }) => median, { color: palette.accent, width: 2.4, type: 'solid' }),
    ],
  }
}

/** Single days as points, or, where they are many, as a thread. */
function daySeries(palette: Palette, course: Baseline['data'], type: TrendType) {
  const { isDaily } = periods[type]
  return {
    type: 'line',
    data: course.map(({ date, value }) => [Date.parse(date) + DAY_MS / 2, value]),
    showSymbol: isDaily,
    symbol: 'circle',
    symbolSize: 3.5,
    sampling: 'lttb',
    silent: true,
    itemStyle: { color: palette.quiet, opacity: 0.6 },
    lineStyle: { color: palette.quiet, width: 1, opacity: isDaily ? 0 : 0.22 },
  }
}

interface Stroke {
  readonly color: string
  readonly width: number
  readonly type: 'solid' | readonly number[]
}

/** A point for each period at its middle; one without the figure is a gap. */
function lineSeries(figures: readonly PeriodFigure[], read: (figure: TrendFigure) => number | undefined, lineStyle: Stroke) {
  return {
    type: 'line',
    data: figures.map(({ from, to, figure }) => [middleOf({ from, to }), read(figure) ?? '-']),
    showSymbol: figures.length <= 40 && lineStyle.type === 'solid',
    symbol: 'circle',
    symbolSize: 5,
    silent: true,
    itemStyle: { color: lineStyle.color },
    lineStyle,
  }
}

function middleOf({ from, to }: Dates): number {
  return (Date.parse(from) + Date.parse(to) + DAY_MS) / 2
}

/** Firsts of months or years, as many as have room. */
function firstsOf(type: TrendType, minMs: number, maxMs: number, width: number): readonly number[] {
  const steps = type === 'quarterly' ? [12, 24, 60] : [1, 2, 3, 6, 12]
  const months = (maxMs - minMs) / (30.44 * DAY_MS)
  const step = steps.find((each) => months / each <= width / 72) ?? 60
  const first = new Date(minMs)
  const found: number[] = []
  for (let month = Math.ceil((first.getUTCFullYear() * 12 + first.getUTCMonth() + 0.01) / step) * step; ; month += step) {
    const ms = Date.UTC(Math.floor(month / 12), month % 12, 1)
    if (ms >= maxMs) return found
    found.push(ms)
  }
}

function monthText(ms: number, reader: Reader): string {
  const date = new Date(ms)
  return date.getUTCMonth() === 0 ? String(date.getUTCFullYear()) : reader.month(ms)
}

function told(at: readonly { readonly axisValue: number }[], { course, figures, unit, type, text, reader }: FigureData): string {
  const ms = Number(at[0]?.axisValue)
  const date = new Date(ms).toISOString().slice(0, 10)
  const day = course.find((point) => point.date === date)
  const period = figures.find(({ from, to }) => from <= date && date <= to)
  const said = (value: number) => figureText(value, unit, reader)
  return [
    `${reader.fullDate(date)}: ${day === undefined ? text('trends.notMeasured') : said(day.value)}`,
    ...(day?.usual === undefined ? [] : [text('trends.usualRange', { low: said(day.usual.low), high: said(day.usual.high) })]),
    ...(period === undefined ? [] : [text(`trends.medianOf.${type}`, { value: said(period.figure.median) })]),
    ...(period?.figure.yearBefore === undefined ? [] : [text('trends.yearBeforeWas', { value: said(period.figure.yearBefore.median) })]),
  ].join('\n')
}
