import type { EChartsCoreOption } from 'echarts/core'
import type { Night, StageSpan } from '../../../../src/model/day.ts'
import { hoursWithin } from '../../format/zoned.ts'
import type { Palette } from '../../parts/palette.ts'
import type { Reader } from '../../state/person.ts'
import type { Series } from '../../state/series.ts'
import type { Text } from '../../texts/texts.tsx'

interface NightData {
  readonly sleep: Night
  readonly beats: Series['data']
  readonly text: Text
  readonly reader: Reader
}

/** From below: the deeper the lower. */
const rows = ['deep', 'light', 'rem', 'awake'] as const

const LEFT = 64
const RIGHT = 12
const STAGES = { top: 8, height: 168 }
const HEART_HEIGHT = 84
const BAR = 16

/** A hypnogram over the heart rate, on one axis of time. */
export function drawNight(palette: Palette, width: number, data: NightData): EChartsCoreOption {
  const { sleep, beats, reader } = data
  const spans = sleep.spans ?? []
  const heartTop = spans.length > 0 ? STAGES.top + STAGES.height + 30 : 16
  const [min, max] = [Date.parse(sleep.onset), Date.parse(sleep.wake)]
  const ticks = hoursWithin(min, max).filter((_, at) => width > 560 || at % 2 === 0)
  const time = (gridIndex: number, isLabelled: boolean) => ({
    ...{ type: 'value', gridIndex, min, max },
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: { show: isLabelled, color: palette.quiet, customValues: ticks, formatter: (ms: number) => reader.clock(ms) },
    axisPointer: { show: true, snap: false, label: { show: false }, lineStyle: { color: palette.line } },
  })
  return {
    textStyle: { fontFamily: palette.font },
    grid: [
      { left: LEFT, right: RIGHT, top: STAGES.top, height: spans.length > 0 ? STAGES.height : 0 },
      { left: LEFT, right: RIGHT, top: heartTop, height: HEART_HEIGHT },
    ],
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    tooltip: tooltip(palette, data),
    xAxis: [time(0, false), time(1, true)],
    yAxis: [stageAxis(palette, data), heartAxis(palette, beats)],
    series: [stageSeries(palette, spans), heartSeries(palette, beats)],
  }
}

function stageAxis(palette: Palette, { text, sleep }: NightData) {
  return {
    type: 'category',
    show: (sleep.spans ?? []).length > 0,
    gridIndex: 0,
    data: rows.map((stage) => text(`stage.${stage}`)),
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: palette.quiet, margin: 12 },
    splitLine: { show: false },
  }
}

function heartAxis(palette: Palette, beats: Series['data']) {
  const values = beats.map(({ value }) => value)
  const [low, high] = [Math.floor((Math.min(...values) - 2) / 5) * 5, Math.ceil((Math.max(...values) + 2) / 5) * 5]
  return {
    type: 'value',
    show: beats.length > 0,
    gridIndex: 1,
    ...(beats.length > 0 && { min: low, max: high, interval: high - low }),
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: palette.quiet, margin: 12 },
    splitLine: { lineStyle: { color: palette.line } },
  }
}

/** Each span a rounded bar in its row, and a thread from it to the next. */
function stageSeries(palette: Palette, spans: readonly StageSpan[]) {
  return {
    type: 'custom',
    xAxisIndex: 0,
    yAxisIndex: 0,
    encode: { x: [0, 1], y: 2 },
    data: spans.map((span, at) => [
      Date.parse(span.startTime),
      Date.parse(span.endTime),
      rowOf(span),
      spans[at + 1] === undefined ? rowOf(span) : rowOf(spans[at + 1] as StageSpan),
    ]),
    renderItem: (params: { readonly dataIndex: number }, point: { coord(at: readonly number[]): number[]; value(at: number): number }) => {
      const [x = 0, y = 0] = point.coord([point.value(0), point.value(2)])
      const [end = 0, next = 0] = point.coord([point.value(1), point.value(3)])
      const { stage = 'unspecified' } = spans[params.dataIndex] ?? {}
      return {
        type: 'group',
        children: [
          {
            type: 'rect',
            shape: { x: end - 0.5, y: Math.min(y, next), width: 1, height: Math.abs(next - y) },
            style: { fill: palette.line },
          },
          {
            type: 'rect',
            shape: { x, y: y - BAR / 2, width: Math.max(1.5, end - x), height: BAR, r: 3 },
            style: { fill: palette.stages[stage] },
          },
        ],
      }
    },
    silent: true,
  }
}

/** Sleep without a stage lies where light sleep does. */
function rowOf({ stage }: StageSpan): number {
  return stage === 'unspecified' ? rows.indexOf('light') : rows.indexOf(stage)
}

function heartSeries(palette: Palette, beats: Series['data']) {
  return {
    type: 'line',
    xAxisIndex: 1,
    yAxisIndex: 1,
    data: beats.map(({ startTime, value }) => [Date.parse(startTime), value]),
    showSymbol: false,
    smooth: 0.2,
    lineStyle: { width: 2, color: palette.heart },
    itemStyle: { color: palette.heart },
  }
}

/** Drawn on the canvas and never as markup: a name cannot become a part of the page. */
function tooltip(palette: Palette, { sleep, beats, text, reader }: NightData) {
  return {
    trigger: 'axis',
    renderMode: 'richText',
    backgroundColor: palette.surface,
    borderColor: palette.line,
    textStyle: { color: palette.ink, fontFamily: palette.font },
    formatter: (points: readonly { readonly axisValue: number }[]) => {
      const ms = Number(points[0]?.axisValue)
      const span = (sleep.spans ?? []).find(({ startTime, endTime }) => Date.parse(startTime) <= ms && ms < Date.parse(endTime))
      const beat = beats.findLast(({ startTime }) => Date.parse(startTime) <= ms)
      return [
        reader.clock(ms),
        ...(span === undefined ? [] : [text(`stage.${span.stage}`)]),
        ...(beat === undefined ? [] : [`${text('night.heart')} ${reader.quantity(beat.value, '/min')}`]),
      ].join('\n')
    },
  }
}
