import { expect, test } from 'vitest'
import { hasVectors, vectorRows } from '../../test/fixtures/vectors.ts'
import { coleKripke, sadeh, websterRescored } from './sleep-wake.ts'

/** ActiLife's own labels: axis-1 counts of 1,500 minutes and sleep or wake for each. */
function scoredByActiLife(name: string): { counts: Float64Array; sleep: number[] } {
  const rows = vectorRows(name)
  return { counts: Float64Array.from(rows, (row) => Number(row.Axis1)), sleep: rows.map((row) => (row['Sleep or Awake?'] === 'S' ? 1 : 0)) }
}

function labels(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => (letter === 'S' ? 1 : 0))
}

test.skipIf(!hasVectors)('Cole–Kripke gives ActiLife’s label in all 1,500 minutes of its vector (needs the real data folder)', () => {
  const { counts, sleep } = scoredByActiLife('GT3XPlus-RawData-Day01-ColeKripke.csv')
  expect(counts.length).toBe(1500)
  expect([...coleKripke(counts)]).toEqual(sleep)
})

test.skipIf(!hasVectors)('Sadeh gives ActiLife’s label in all 1,500 minutes of its vector (needs the real data folder)', () => {
  const { counts, sleep } = scoredByActiLife('GT3XPlus-RawData-Day01-Sadeh.csv')
  expect(counts.length).toBe(1500)
  expect([...sadeh(counts)]).toEqual(sleep)
})

test('Cole–Kripke wakes at D = 1 and weighs the minutes around by the published weights', () => {
  // 0.001 · 230 · c/100 = 1 at c = 434.78; the same count two minutes later weighs 67, four minutes before weighs 106.
  expect([...coleKripke(Float64Array.of(434))]).toEqual([1])
  expect([...coleKripke(Float64Array.of(435))]).toEqual([0])
  expect([...coleKripke(Float64Array.of(0, 0, 1492, 0, 0, 0, 0))]).toEqual([1, 0, 0, 0, 1, 1, 0])
})

test('Sadeh follows a score worked out by hand', () => {
  // One count c in a minute alone: mean c/11, SD of six c/√6: 7.601 − 0.065·c/11 − 0.056·c/√6 − 0.703·ln(c+1) with c = 300 is −5.04.
  expect([...sadeh(Float64Array.of(300))]).toEqual([0])
  expect([...sadeh(Float64Array.of(200))]).toEqual([1])
  expect([...sadeh(Float64Array.of(200), 0)]).toEqual([0])
})

test('Webster rescoring turns every sleep minute of the published pattern into waking', () => {
  const pattern: [string, number][] = [
    ['W', 4],
    ['S', 1],
    ['W', 10],
    ['S', 3],
    ['W', 15],
    ['S', 4],
    ['W', 10],
    ['S', 6],
    ['W', 10],
    ['W', 20],
    ['S', 10],
    ['W', 20],
  ]
  const text = pattern.map(([letter, count]) => letter.repeat(count)).join('')
  expect(websterRescored(labels(text)).includes(1)).toBe(false)
})

test('Webster rescoring leaves long sleep but for the minutes after waking', () => {
  expect(websterRescored(labels(`${'W'.repeat(15)}${'S'.repeat(30)}WWW${'S'.repeat(8)}`))).toEqual(
    labels(`${'W'.repeat(15)}WWWW${'S'.repeat(26)}WWW${'S'.repeat(8)}`),
  )
})
