import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hour, minute, series, source } from '../../test/fixtures/day-input.ts'
import type { Series } from '../model/series.ts'
import { defaultSourcePriority, type SourceKind, type SourceOrder } from '../model/source.ts'
import { mergeCumulative } from './merge.ts'

const day = { fromMs: 0, toMs: 24 * hour }
const phone = source('phone')
const watch = source('watch')
const merge = (blocks: readonly Series[], priority: SourceOrder = defaultSourcePriority) => mergeCumulative(blocks, priority, day)

/** `total` spread over the minutes of a stretch of hours, as devices write it. */
function minutely(fromHour: number, toHour: number, total: number): [number, number, number][] {
  const minutes = (toHour - fromHour) * 60
  return Array.from({ length: minutes }, (_, i) => [fromHour * hour + i * minute, fromHour * hour + (i + 1) * minute, total / minutes])
}

test('phone and watch worn in turns give 14,079 steps, in one sample a stretch', () => {
  const merged = merge([
    series('steps', phone, [
      [8 * hour, 10 * hour, 10_000],
      [10 * hour, 11 * hour, 1900],
    ]),
    series('steps', watch, [
      [10 * hour, 11 * hour, 2000],
      [11 * hour, 12 * hour, 2079],
    ]),
  ])
  expect(merged?.total).toBe(14_079)
  expect(merged?.shares.map(({ source: { kind }, value, samples }) => ({ kind, value, samples }))).toEqual([
    { kind: 'watch', value: 4079, samples: 2 },
    { kind: 'phone', value: 10_000, samples: 1 },
  ])
})

test('phone and watch worn in turns give 14,079 steps, in samples of a minute', () => {
  const merged = merge([
    series('steps', phone, [...minutely(8, 10, 10_000), ...minutely(10, 11, 1900)]),
    series('steps', watch, [...minutely(10, 11, 2000), ...minutely(11, 12, 2079)]),
  ])
  expect(merged?.total).toBeCloseTo(14_079, 6)
})

test('a long phone sample gives only the time that the watch leaves free', () => {
  // 08–12 is 4 h of 4,000; the watch takes one hour of it with 700.
  const merged = merge([series('steps', phone, [[8 * hour, 12 * hour, 4000]]), series('steps', watch, [[9 * hour, 10 * hour, 700]])])
  expect(merged?.total).toBeCloseTo(3700, 9)
})

test('the watch covers only what it has samples for, a sample of zero included', () => {
  const walked = series('steps', phone, [[9 * hour, 9 * hour + 5 * minute, 300]])
  expect(merge([walked, series('steps', watch, [[8 * hour, 9 * hour, 50]])])?.total).toBe(350)
  expect(merge([walked, series('steps', watch, [[9 * hour, 10 * hour, 0]])])?.total).toBe(0)
})

test('what the person typed in comes before every device', () => {
  const typed = series('steps', phone, [[10 * hour, 11 * hour, 500]], 1)
  expect(merge([typed, series('steps', watch, [[10 * hour, 11 * hour, 2000]])])?.total).toBe(500)
})

test('the person may put the phone before the watch', () => {
  const blocks = [series('steps', phone, [[10 * hour, 11 * hour, 1900]]), series('steps', watch, [[10 * hour, 11 * hour, 2000]])]
  expect(merge(blocks, ['phone', 'watch'])?.total).toBe(1900)
})

test('overlapping samples of one source add up', () => {
  expect(
    merge([
      series('active_energy', watch, [
        [0, 10 * minute, 4],
        [5 * minute, 15 * minute, 6],
      ]),
    ])?.total,
  ).toBe(10)
})

test('a sample over midnight gives each day its part', () => {
  const crossing = [series('steps', phone, [[-10 * minute, 20 * minute, 300]])]
  expect(merge(crossing)?.total).toBeCloseTo(200, 9)
  expect(mergeCumulative(crossing, defaultSourcePriority, { fromMs: -24 * hour, toMs: 0 })?.total).toBeCloseTo(100, 9)
})

test('an instant counts unless a better source covers the moment', () => {
  const glass = (at: number) => series('water_intake', phone, [[at, at, 250]])
  const better = series('water_intake', watch, [
    [hour, 2 * hour, 100],
    [3 * hour, 3 * hour, 200],
  ])
  expect(merge([glass(hour), better])?.total).toBe(300)
  expect(merge([glass(2 * hour), better])?.total).toBe(550)
  expect(merge([glass(3 * hour), better])?.total).toBe(300)
  expect(merge([glass(0)])?.total).toBe(250)
  expect(merge([glass(24 * hour)])).toBeUndefined()
})

test('no sample in the day is no total, not zero', () => {
  expect(merge([])).toBeUndefined()
  expect(merge([series('steps', phone, [[-2 * hour, -hour, 100]])])).toBeUndefined()
})

const rows = fc.array(
  fc
    .tuple(fc.integer({ min: -120, max: 1500 }), fc.nat(120), fc.nat(500))
    .map(([at, length, value]): [number, number, number] => [at * minute, (at + length) * minute, value]),
  { maxLength: 25 },
)
const block = fc
  .tuple(fc.constantFrom<SourceKind>('watch', 'phone', 'ring', 'app'), rows, fc.constantFrom<0 | 1>(0, 0, 0, 1))
  .map(([kind, samples, manual]) =>
    series(
      'steps',
      source(kind),
      samples.toSorted((a, b) => a[0] - b[0]),
      manual,
    ),
  )
const blocks = fc.array(block, { maxLength: 6 })
const clipped = ([start, end, value]: [number, number, number]) =>
  end > start
    ? (value * Math.max(0, Math.min(end, day.toMs) - Math.max(start, 0))) / (end - start)
    : start >= 0 && start < day.toMs
      ? value
      : 0
const sum = (some: readonly Series[]) =>
  some
    .flatMap(({ startMs, endMs, value }) => [...value].map((each, i) => clipped([startMs[i] ?? 0, endMs[i] ?? 0, each])))
    .reduce((a, b) => a + b, 0)

test('one source alone is the sum of its samples', () => {
  fc.assert(
    fc.property(rows, (samples) => {
      const alone = series(
        'steps',
        watch,
        samples.toSorted((a, b) => a[0] - b[0]),
      )
      expect(merge([alone])?.total ?? 0).toBeCloseTo(sum([alone]), 6)
    }),
  )
})

test('the total lies between the best source and the sum, and the shares add up to it', () => {
  fc.assert(
    fc.property(blocks, (some) => {
      const merged = merge(some)
      const total = merged?.total ?? 0
      const best =
        defaultSourcePriority
          .map((kind) => some.filter((one) => (one.manual[0] === 1 ? 'manual' : one.source.kind) === kind))
          .find((same) => merge(same) !== undefined) ?? []
      // Typed-in samples of two sources rank alike; then the bound is that of the first of them only.
      const oneSource = best.filter((one) => one.source.id === best.map((each) => each.source.id).toSorted()[0])
      expect(total).toBeLessThanOrEqual(sum(some) + 1e-6)
      if (merge(oneSource) !== undefined) expect(total).toBeGreaterThanOrEqual(sum(oneSource) - 1e-6)
      expect((merged?.shares ?? []).reduce((all, share) => all + share.value, 0)).toBeCloseTo(total, 6)
    }),
  )
})

test('the order of the blocks does not matter, to the last bit', () => {
  fc.assert(
    fc.property(blocks, (some) => {
      expect(merge(some.toReversed())).toEqual(merge(some))
    }),
  )
})

test('a sample cut in two by time gives the same total', () => {
  fc.assert(
    fc.property(blocks, fc.integer({ min: 1, max: 99 }), (some, percent) => {
      const halved = some.map((one) =>
        series(
          'steps',
          one.source,
          cut(one, percent / 100).toSorted((a, b) => a[0] - b[0]),
          one.manual[0] === 1 ? 1 : 0,
        ),
      )
      expect(merge(halved)?.total ?? 0).toBeCloseTo(merge(some)?.total ?? 0, 5)
    }),
  )
})

function cut({ startMs, endMs, value }: Series, part: number): [number, number, number][] {
  return [...value].flatMap((each, i): [number, number, number][] => {
    const start = startMs[i] ?? 0
    const end = endMs[i] ?? 0
    const middle = start + (end - start) * part
    return end > start
      ? [
          [start, middle, each * part],
          [middle, end, each * (1 - part)],
        ]
      : [[start, end, each]]
  })
}

test('a person may put a kind, or one source of it, before or after the others', () => {
  const old = source('watch', 'old')
  const blocks = [phone, watch, old].map((from, index) => series('steps', from, [[10 * hour, 11 * hour, 100 + index]]))
  expect(merge(blocks)?.total).toBe(102)
  expect(merge(blocks, ['phone'])?.total).toBe(100)
  expect(merge(blocks, [`id:${watch.id}`])?.total).toBe(101)
  expect(merge(blocks, ['watch', `id:${old.id}`])?.total).toBe(101)
})
