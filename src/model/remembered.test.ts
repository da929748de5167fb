import { expect, test } from 'vitest'
import { remembered, rememberedTogether } from './remembered.ts'

test('each object is computed once, also where the answer is nothing', () => {
  let asked = 0
  const sizeOf = remembered((of: readonly number[]) => {
    asked++
    return of.length || undefined
  })
  const [one, none] = [[1], []]
  expect([sizeOf(one), sizeOf(one), sizeOf(none), sizeOf(none)]).toEqual([1, 1, undefined, undefined])
  expect(asked).toBe(2)
})

test('several are computed anew when one of them is another, is missing, or stands elsewhere', () => {
  const asked: string[] = []
  const [a, b, c] = [1, 2, 3].map((number) => ({ number })) as [{ number: number }, { number: number }, { number: number }]
  const together = rememberedTogether((of: readonly ({ number: number } | undefined)[]) => {
    const text = of.map((each) => each?.number ?? '–').join(' ')
    asked.push(text)
    return text
  })
  const sets = [
    [a, b, c],
    [a, b, c],
    [a, c, b],
    [a, b],
    [a, b, undefined],
    [a, b, undefined],
    [undefined, a],
    [undefined, a],
  ]
  expect(sets.map(together)).toEqual(['1 2 3', '1 2 3', '1 3 2', '1 2', '1 2 –', '1 2 –', '– 1', '– 1'])
  expect(asked).toEqual(['1 2 3', '1 3 2', '1 2', '1 2 –', '– 1', '– 1'])
})
