import { expect, test } from 'vitest'
import { csvOf } from './csv.ts'
import { askedFor, detailFor, piecesOf } from './detail.ts'
import { drawnWithin, type Layer, lineOf, pointsWithin } from './layer.ts'
import { wholeUntil, within } from './span.ts'

const at = (clock: string) => `2026-05-05T${clock}:00.000000Z`
const msAt = (clock: string) => Date.parse(at(clock))
const beat = (clock: string, value: number, more = {}) => ({ startTime: at(clock), value, sources: ['w'], ...more })
const drawnOf = (drawn: Float64Array) =>
  Array.from({ length: drawn.length / 2 }, (_, pair) => [new Date(drawn[2 * pair] ?? 0).toISOString().slice(11, 16), drawn[2 * pair + 1]])

test('a quarter of an hour without a reading is a gap, less is not', () => {
  const { drawn } = lineOf(undefined, [beat('10:00', 60), beat('10:15', 62), beat('10:31', 64)], 'raw', 'discrete')
  expect(drawnOf(drawn)).toEqual([
    ['10:00', 60],
    ['10:15', 62],
    ['10:15', Number.NaN],
    ['10:31', 64],
  ])
})

test('an amount stands over its time and ends where none follows', () => {
  const steps = [
    beat('10:00', 5, { endTime: at('10:01') }),
    beat('10:01', 7, { endTime: at('10:02') }),
    beat('10:05', 9, { endTime: at('10:06') }),
  ]
  expect(drawnOf(lineOf(undefined, steps, '1min', 'cumulative').drawn)).toEqual([
    ['10:00', 5],
    ['10:01', 7],
    ['10:02', 7],
    ['10:02', Number.NaN],
    ['10:05', 9],
    ['10:06', 9],
    ['10:06', Number.NaN],
  ])
})

test('what is handed on to be drawn is what is seen and what leads out of it', () => {
  const line = lineOf(
    undefined,
    ['10:00', '10:05', '10:10', '10:15', '10:20', '10:25'].map((clock, place) => beat(clock, place)),
    'raw',
    'discrete',
  )
  const span = { fromMs: msAt('10:10'), toMs: msAt('10:15') }
  expect(pointsWithin(line, span).map(({ value }) => value)).toEqual([2])
  expect(drawnOf(drawnWithin(line, span)).map(([, value]) => value)).toEqual([0, 1, 2, 3, 4])
})

test('detail follows what is seen, from days to samples, and what is chosen counts unless it were too much', () => {
  const days = (count: number) => ({ fromMs: 0, toMs: count * 86_400_000 })
  const found = [3650, 365, 91, 30, 7, 2, 1].map((count) => detailFor(days(count), undefined))
  expect(found).toEqual(['1day', '1day', '1hour', '15min', '5min', '1min', 'raw'])
  expect(detailFor(days(7), 'raw')).toBe('raw')
  expect(detailFor(days(3650), 'raw')).toBe('1day')
})

test('what is asked for covers what is seen, lies within the whole and comes in pieces that the server gives', () => {
  const whole = wholeUntil(Date.parse('2026-05-06T04:00:00Z'))
  const span = within({ fromMs: Date.parse('2026-05-05T05:00:00Z'), toMs: Date.parse('2026-05-06T05:00:00Z') }, whole)
  expect(new Date(span.toMs).toISOString()).toBe('2026-05-06T04:00:00.000Z')
  const asked = askedFor(span, 'raw', whole)
  expect([asked.fromMs, asked.toMs].map((ms) => new Date(ms).toISOString())).toEqual([
    '2026-05-05T00:00:00.000Z',
    '2026-05-06T04:00:00.000Z',
  ])
  expect(piecesOf(asked, 'raw').map(({ fromMs, toMs }) => (toMs - fromMs) / 3_600_000)).toEqual([24, 4])
})

test('a row of CSV says when by the clock of the zone, what, in which unit, by whom; and a name is no formula', () => {
  const points = [beat('10:00', 61, { sources: ['w', 'x'] }), beat('23:59', -2, { endTime: at('23:59') })]
  const layer: Layer = {
    ...{ fromMs: 0, toMs: msAt('23:59') + 1, detail: 'raw', unit: '/min', kind: 'discrete' },
    lines: [lineOf(undefined, points, 'raw', 'discrete')],
  }
  const names = new Map([
    ['w', '=cmd|"x"'],
    ['x', 'Ring, left'],
  ])
  const text = csvOf({ layer, span: layer, metric: 'heart_rate', zone: 'Asia/Kolkata', nameOf: (id) => names.get(id) ?? id })
  expect(text.split('\r\n')).toEqual([
    'start,end,metric,value,min,max,count,unit,source,resolution,zone',
    `2026-05-05T15:30:00.000+05:30,,heart_rate,61,,,,/min,"'=cmd|""x""; Ring, left",raw,Asia/Kolkata`,
    `2026-05-06T05:29:00.000+05:30,2026-05-06T05:29:00.000+05:30,heart_rate,-2,,,,/min,"'=cmd|""x""",raw,Asia/Kolkata`,
    '',
  ])
})
