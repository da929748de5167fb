import type { EChartsCoreOption } from 'echarts/core'
import { ticksWithin } from '../../format/ticks.ts'
import type { Palette } from '../../parts/palette.ts'
import { tooltipLook } from '../../parts/tooltip.ts'
import type { Reader } from '../../state/person.ts'
import { envelopeOf } from './envelope.ts'
import { drawnWithin, firstFrom, type Layer, type Line } from './layer.ts'
import type { Span } from './span.ts'

export interface ExploreData {
  readonly layer: Layer
  readonly span: Span
  readonly locale: string
  readonly reader: Reader
  readonly nameOf: (source: string) => string
}

export const PLOT = { left: 64, right: 14, top: 14, bottom: 30 } as const

/** What is seen of a layer. What is outside is not handed on, so that the thinning out is that of what is seen. */
export function drawExplore(palette: Palette, width: number, data: ExploreData): EChartsCoreOption {
  const { layer, span, locale, reader } = data
  const ticks = ticksWithin(span.fromMs, span.toMs, { locale, zone: reader.zone, most: Math.max(2, (width - PLOT.left) / 84) })
  const isAmount = layer.kind === 'cumulative'
  return {
    animation: false,
    textStyle: { fontFamily: palette.font },
    grid: PLOT,
    tooltip: {
      ...tooltipLook(palette),
      ...{ trigger: 'axis', transitionDuration: 0 },
      formatter: (at: readonly { readonly axisValue: number }[]) => told(Number(at[0]?.axisValue), data),
    },
    xAxis: {
      ...{ type: 'value', min: span.fromMs, max: span.toMs },
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: { color: palette.quiet, customValues: ticks.at, formatter: ticks.label },
      axisPointer: { show: true, snap: false, label: { show: false }, lineStyle: { color: palette.quiet, type: 'solid', width: 1 } },
    },
    yAxis: {
      ...{ type: 'value', scale: !isAmount, splitNumber: 4 },
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: palette.quiet, formatter: (value: number) => reader.quantity(value, layer.unit) },
      splitLine: { lineStyle: { color: palette.line } },
    },
    series: layer.lines.flatMap((line, at) => {
      const colour = palette.sources[at % palette.sources.length] ?? palette.accent
      return [
        ...envelopeOf(line, span, { colour, width: width - PLOT.left - PLOT.right, isAmount, id: `reach ${at}` }),
        lineSeries(line, at),
      ]
      function lineSeries(of: Line, place: number) {
        return {
          ...{ type: 'line', id: `line ${place}` },
          dimensions: ['at', 'value'],
          encode: { x: 'at', y: 'value' },
          data: drawnWithin(of, span),
          sampling: 'lttb',
          silent: true,
          showSymbol: drawnWithin(of, span).length / 2 <= width / 8,
          symbol: 'circle',
          symbolSize: isAmount ? 0 : 4,
          itemStyle: { color: colour },
          // Amounts are bars; their line only says where a value is.
          lineStyle: { color: colour, width: isAmount ? 0 : 1.6 },
        }
      }
    }),
  }
}

/** The value of each line at an instant; further away than what is between two points there is none. */
function told(ms: number, { layer, reader, nameOf }: ExploreData): string {
  const lines = layer.lines.flatMap((line) => {
    const place = Math.max(0, firstFrom(line.startMs, ms + 1) - 1)
    const point = line.points[place]
    if (point === undefined || ms < (line.startMs[place] as number)) return []
    const { value, min, max, sources } = point
    const reach =
      min === undefined || max === undefined || min === max
        ? ''
        : ` (${reader.quantity(min, layer.unit)}–${reader.quantity(max, layer.unit)})`
    return [
      `${reader.moment(line.startMs[place] as number)}  ${reader.quantity(value, layer.unit)}${reach}`,
      sources.map(nameOf).join(', '),
    ]
  })
  return lines.length === 0 ? reader.moment(ms) : lines.join('\n')
}
