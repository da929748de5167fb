import { expect, test } from 'vitest'
import type { Series } from '../model/series.ts'
import { bySource, gathered } from './gather.ts'

type Row = readonly [startMs: number, endMs: number, value: number, manual?: 0 | 1]

function series(rows: readonly Row[], id = 'watch'): Series {
  return {
    metric: 'steps',
    source: { id, name: id, kind: 'watch' },
    startMs: Float64Array.from(rows, ([start]) => start),
    endMs: Float64Array.from(rows, ([, end]) => end),
    value: Float64Array.from(rows, ([, , value]) => value),
    manual: Uint8Array.from(rows, ([, , , manual = 0]) => manual),
  }
}

const rowsOf = ({ startMs, endMs, value }: ReturnType<typeof gathered>) =>
  Array.from(startMs, (start, at) => [start, endMs[at] as number, value[at] as number])

const all = { fromMs: -Infinity, toMs: Infinity }

test('samples of several blocks come in one order whatever that of the blocks, and what stands in two is there once', () => {
  const early = series([
    [0, 5, 1],
    [10, 15, 2],
    [20, 25, 3],
  ])
  const late = series([
    [10, 12, 9],
    [10, 15, 2],
    [30, 35, 4],
  ])
  const expected = [
    [0, 5, 1],
    [10, 12, 9],
    [10, 15, 2],
    [20, 25, 3],
    [30, 35, 4],
  ]
  expect(rowsOf(gathered([early, late], all))).toEqual(expected)
  expect(rowsOf(gathered([late, early], all))).toEqual(expected)
})

test('a window takes what starts in it, and what reaches in where that is asked for', () => {
  const block = series([
    [0, 100, 1],
    [5, 10, 2],
    [10, 10, 3],
    [19, 30, 4],
    [20, 25, 5],
  ])
  const window = { fromMs: 10, toMs: 20 }
  expect(rowsOf(gathered([block], window)).map(([, , value]) => value)).toEqual([3, 4])
  expect(rowsOf(gathered([block], { ...window, isReaching: true })).map(([, , value]) => value)).toEqual([1, 3, 4])
})

test('what was typed in is told apart from what was measured', () => {
  const block = series([
    [0, 1, 1],
    [1, 2, 2, 1],
    [2, 3, 3],
  ])
  expect(rowsOf(gathered([block], { ...all, manual: 0 })).map(([, , value]) => value)).toEqual([1, 3])
  expect(rowsOf(gathered([block], { ...all, manual: 1 })).map(([, , value]) => value)).toEqual([2])
})

test('sources are apart, in the order of their ids, and one without a sample in the window is left out', () => {
  const blocks = [series([[5, 6, 1]], 'b'), series([[50, 60, 2]], 'c'), series([[7, 8, 3]], 'a'), series([[1, 2, 4]], 'b')]
  expect(bySource(blocks, 0, 10).map(({ source, value }) => [source.id, ...value])).toEqual([
    ['a', 3],
    ['b', 4, 1],
  ])
})
