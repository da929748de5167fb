import type { EChartsCoreOption } from 'echarts/core'
import type { Palette } from '../../parts/palette.ts'
import { tooltipLook } from '../../parts/tooltip.ts'
import type { Reader } from '../../state/person.ts'
import type { Text } from '../../texts/texts.tsx'
import type { NightRow } from './regularity-nights.ts'

interface NightsData {
  readonly nights: readonly NightRow[]
  readonly usual: { readonly onset: number; readonly wake: number } | undefined
  readonly text: Text
  readonly reader: Reader
}

const LEFT = 62

/** A row a night, the latest at the bottom, over the hours of the clock; lines where sleep usually begins and ends. */
export function drawNights(palette: Palette, width: number, { nights, usual, text, reader }: NightsData): EChartsCoreOption {
  const [min, max] = hoursOf(nights)
  const step = width > 560 ? 120 : 240
  const ticks = Array.from({ length: Math.floor((max - min) / step) + 1 }, (_, at) => Math.ceil(min / step) * step + at * step)
  return {
    textStyle: { fontFamily: palette.font },
    grid: { left: LEFT, right: 12, top: 4, bottom: 28 },
    tooltip: {
      ...tooltipLook(palette),
      formatter: ({ dataIndex }: { readonly dataIndex: number }) => nightText(nights[dataIndex], text, reader),
    },
    xAxis: {
      ...{ type: 'value', min, max },
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        color: palette.quiet,
        customValues: ticks.filter((tick) => tick <= max),
        formatter: (minute: number) => reader.quantity(minute, '{clock}'),
      },
    },
    yAxis: {
      ...{ type: 'category', inverse: true, data: nights.map(({ date }) => reader.shortDate(date)) },
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: palette.quiet, interval: (at: number) => (nights.length - 1 - at) % 7 === 0 },
    },
    series: [rows(palette, nights), ...(usual === undefined ? [] : [usualLines(palette, usual)])],
  }
}

/** Whole hours around all nights. */
function hoursOf(nights: readonly NightRow[]): readonly [from: number, to: number] {
  const times = nights.flatMap(({ onset, wake, stretches }) =>
    [onset ?? [], wake ?? [], ...stretches.map(({ from, to }) => [from, to])].flat(),
  )
  return [Math.floor((Math.min(...times) - 20) / 60) * 60, Math.ceil((Math.max(...times) + 20) / 60) * 60]
}

interface Row {
  readonly dataIndex: number
  readonly coordSys: { readonly x: number; readonly width: number }
}

interface Place {
  coord(at: readonly number[]): readonly number[]
  size(at: readonly number[]): readonly number[]
}

function rows(palette: Palette, nights: readonly NightRow[]) {
  return {
    type: 'custom',
    encode: { x: 0, y: 1 },
    data: nights.map((_, at) => [0, at]),
    renderItem: ({ dataIndex, coordSys }: Row, place: Place) => {
      const [, y = 0] = place.coord([0, dataIndex])
      const height = (place.size([0, 1])[1] ?? 0) - 3
      const bar = (from: number, to: number) => {
        const [x = 0, end = 0] = [place.coord([from, 0])[0], place.coord([to, 0])[0]]
        return { x, y: y - height / 2, width: Math.max(1, end - x), height }
      }
      return {
        type: 'group',
        children: [
          {
            type: 'rect',
            shape: { x: coordSys.x, y: y - height / 2, width: coordSys.width, height, r: 2 },
            style: { fill: palette.line, opacity: 0.45 },
          },
          ...(nights[dataIndex]?.stretches ?? []).map(({ from, to, isAwake }) => ({
            type: 'rect',
            shape: bar(from, to),
            style: { fill: isAwake ? palette.stages.awake : palette.stages.light },
          })),
        ],
      }
    },
  }
}

function usualLines(palette: Palette, { onset, wake }: { readonly onset: number; readonly wake: number }) {
  return {
    type: 'custom',
    silent: true,
    encode: { x: 0 },
    data: [[onset], [wake]],
    renderItem: (
      { coordSys }: { readonly coordSys: { readonly y: number; readonly height: number } },
      place: Place & { value(at: number): number },
    ) => {
      const [x = 0] = place.coord([place.value(0), 0])
      return {
        type: 'line',
        shape: { x1: x, x2: x, y1: coordSys.y, y2: coordSys.y + coordSys.height },
        style: { stroke: palette.ink, lineWidth: 1.2, lineDash: [4, 3], opacity: 0.7 },
      }
    },
  }
}

function nightText(night: NightRow | undefined, text: Text, reader: Reader): string {
  if (night === undefined) return ''
  const { date, onset, wake, asleepMinutes } = night
  if (onset === undefined || wake === undefined) return `${reader.fullDate(date)}\n${text('regularity.notRecorded')}`
  const times = text('night.from', { from: reader.quantity(onset, '{clock}'), to: reader.quantity(wake, '{clock}') })
  return [
    reader.fullDate(date),
    times,
    ...(asleepMinutes === undefined ? [] : [`${text('night.asleep')} ${reader.duration(asleepMinutes)}`]),
  ].join('\n')
}
