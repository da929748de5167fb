import { expect, test } from 'vitest'
import { shiftDate } from './baseline.ts'
import { usualAlong } from './usual-course.ts'

const first = '2026-03-01'
const datesFrom = (count: number) => Array.from({ length: count }, (_, day) => shiftDate(first, day))
const rate = { usefulChange: 3 } as const

test('what is usual is said from the eighth value on, by the values before it and not by itself', () => {
  const usual = usualAlong(rate, { dates: datesFrom(9), values: [50, 52, 54, 56, 58, 60, 62, 90, 10] })
  expect(usual.slice(0, 7)).toEqual(Array(7).fill(undefined))
  // Of 50 to 62 the middle is 56, the distances from it are 6 4 2 0 2 4 6, their middle is 4: 1.4826 × 4 = 5.9304.
  expect(usual[7]?.n).toBe(7)
  expect(usual[7]?.median).toBe(56)
  expect(usual[7]?.low).toBeCloseTo(50.0696, 10)
  expect(usual[7]?.high).toBeCloseTo(61.9304, 10)
  expect(usual[8]?.n).toBe(8)
})

test('a person who never varies may vary by what matters', () => {
  const usual = usualAlong(rate, { dates: datesFrom(8), values: Array(8).fill(60) })
  expect(usual[7]).toEqual({ median: 60, low: 57, high: 63, n: 7 })
})

test('28 dates count, whether or not they have a value', () => {
  const dates = [...datesFrom(7), shiftDate(first, 28), shiftDate(first, 29)]
  const [at28, at29] = usualAlong(rate, { dates, values: [10, 20, 30, 40, 50, 60, 70, 40, 40] }).slice(-2)
  expect(at28).toMatchObject({ n: 7, median: 40 })
  // The first has left, the one of the day before has come: 20 30 40 40 50 60 70.
  expect(at29).toMatchObject({ n: 7, median: 40 })
  const late = usualAlong(rate, { dates: [...datesFrom(7), shiftDate(first, 29)], values: [10, 20, 30, 40, 50, 60, 70, 40] })
  expect(late.at(-1)).toBe(undefined)
})

test('variability is compared by its ratio', () => {
  const usual = usualAlong({ usefulChange: 0.1, ofMedian: true }, { dates: datesFrom(9), values: [40, 40, 40, 40, 40, 40, 40, 0, 40] })
  expect(usual[7]?.high).toBeCloseTo(44, 10)
  expect(usual[7]?.low).toBeCloseTo(40 / 1.1, 10)
  expect(usual[8]?.n).toBe(7)
})
