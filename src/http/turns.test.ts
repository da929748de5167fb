import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { makeTurns } from './turns.ts'

test('so much is begun in a turn, the rest in the next ones, in order', async () => {
  const turns = makeTurns(100)
  const begun: number[] = []
  for (const cost of [60, 60, 60, 10, 10, 10, 20, 500, 1]) turns.take(cost, () => begun.push(cost))
  const seen: number[][] = []
  while (begun.length > 0) {
    seen.push(begun.splice(0))
    await nextTurn()
  }
  expect(seen).toEqual([[60, 60], [60, 10, 10, 10, 20], [500], [1]])
})

test('what is taken while others wait comes after them, and what comes to an idle line begins at once', async () => {
  const turns = makeTurns(1)
  const begun: string[] = []
  turns.take(1, () => begun.push('a'))
  turns.take(1, () => turns.take(1, () => begun.push('c')))
  turns.take(1, () => begun.push('b'))
  while (begun.length < 3) await nextTurn()
  expect(begun).toEqual(['a', 'b', 'c'])
  await nextTurn()
  turns.take(1, () => begun.push('d'))
  expect(begun.at(-1)).toBe('d')
})

test('between two turns others have theirs', async () => {
  const turns = makeTurns(1)
  const seen: string[] = []
  for (const name of ['a', 'b']) turns.take(1, () => seen.push(name))
  setImmediate(() => seen.push('another'))
  while (!seen.includes('b') || !seen.includes('another')) await nextTurn()
  expect(seen[0]).toBe('a')
  expect(seen).toHaveLength(3)
})
