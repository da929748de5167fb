import type { MetricName } from '../../../../src/model/metrics.ts'
import { wallOf } from '../../format/zoned.ts'
import { type Layer, pointsWithin } from './layer.ts'
import type { Span } from './span.ts'

interface Seen {
  readonly layer: Layer
  readonly span: Span
  readonly metric: MetricName
  readonly zone: string
  readonly nameOf: (source: string) => string
}

const head = ['start', 'end', 'metric', 'value', 'min', 'max', 'count', 'unit', 'source', 'resolution', 'zone']

/** What is seen as RFC 4180: a row for each value, by line and start, in the metric's own unit (UCUM), times with the offset of the zone. */
export function csvOf({ layer, span, metric, zone, nameOf }: Seen): string {
  const rows = layer.lines.flatMap((line) =>
    pointsWithin(line, span).map(({ startTime, endTime, value, min, max, count, sources }) => [
      zonedText(startTime, zone),
      endTime === undefined ? '' : zonedText(endTime, zone),
      metric,
      String(value),
      ...[min, max, count].map((figure) => (figure === undefined ? '' : String(figure))),
      layer.unit,
      sources.map(nameOf).join('; '),
      layer.detail,
      zone,
    ]),
  )
  return `${[head, ...rows].map((row) => row.map(fieldOf).join(',')).join('\r\n')}\r\n`
}

/** `2026-11-14T22:36:05.000-05:00` */
function zonedText(instant: string, zone: string): string {
  const ms = Date.parse(instant)
  const wall = wallOf(ms, zone)
  const minutes = Math.round((wall - ms) / 60_000)
  const two = (value: number) => String(value).padStart(2, '0')
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`
  return `${new Date(wall).toISOString().slice(0, -1)}${offset}`
}

/** A name that a spreadsheet would take for a formula is made a text; numbers are ours. */
function fieldOf(text: string): string {
  const isFormula = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text))
  const plain = isFormula ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
