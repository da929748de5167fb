import type { EChartsCoreOption } from 'echarts/core'
import type { Palette } from '../../parts/palette.ts'
import type { Reader } from '../../state/person.ts'
import type { Text } from '../../texts/texts.tsx'

export interface StepHour {
  readonly startMs: number
  /** Undefined where too little is known. */
  readonly steps: number | undefined
  /** By name. */
  readonly source: string | undefined
}

interface StepsData {
  readonly hours: readonly StepHour[]
  readonly text: Text
  readonly reader: Reader
}

/** A column an hour, coloured by the source that counted; a hatched one where nothing is known. */
export function drawSteps(palette: Palette, width: number, { hours, text, reader }: StepsData): EChartsCoreOption {
  const names = [...new Set(hours.flatMap(({ source }) => source ?? []))].sort()
  const most = Math.max(1, ...hours.map(({ steps = 0 }) => steps))
  const every = width > 560 ? 3 : 6
  return {
    textStyle: { fontFamily: palette.font },
    grid: { left: 52, right: 12, top: 12, bottom: 28 },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      axisPointer: { type: 'shadow', shadowStyle: { color: palette.accentSoft } },
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.ink, fontFamily: palette.font },
      formatter: (points: readonly { readonly dataIndex: number }[]) => hourText(hours[points[0]?.dataIndex ?? 0], text, reader),
    },
    xAxis: {
      type: 'category',
      data: hours.map(({ startMs }) => reader.clock(startMs)),
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: { color: palette.quiet, interval: (at: number) => at % every === 0 },
    },
    yAxis: {
      type: 'value',
      axisLabel: { color: palette.quiet, formatter: (value: number) => reader.number(value) },
      splitNumber: 3,
      splitLine: { lineStyle: { color: palette.line } },
    },
    series: [
      {
        type: 'bar',
        stack: 'hours',
        barCategoryGap: '28%',
        data: hours.map(({ steps, source }) => ({
          value: steps ?? 0,
          itemStyle: {
            color: palette.sources[names.indexOf(source ?? '') % palette.sources.length] ?? palette.accent,
            borderRadius: [3, 3, 0, 0],
          },
        })),
      },
      {
        type: 'bar',
        stack: 'hours',
        silent: true,
        data: hours.map(({ steps }) => (steps === undefined ? most : 0)),
        itemStyle: {
          color: palette.line,
          opacity: 0.45,
          decal: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4, color: palette.surface },
        },
      },
    ],
  }
}

function hourText(hour: StepHour | undefined, text: Text, reader: Reader): string {
  if (hour === undefined) return ''
  const { startMs, steps, source } = hour
  const said = steps === undefined ? text('steps.notMeasured') : `${reader.number(steps)} ${text('steps.steps')}`
  return [reader.clock(startMs), said, ...(source === undefined ? [] : [`${text('steps.source')}: ${source}`])].join('\n')
}
