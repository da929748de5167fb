import { expect, test } from 'vitest'
import { spikes } from './spikes.ts'

const rule = { jump: 50, withinMs: 10_000, samples: 3 }
const everySecond = (length: number) => Float64Array.from({ length }, (_, i) => i * 1000)

test('a jump that is undone within three samples is a spike', () => {
  const value = Float64Array.of(60, 61, 180, 182, 62, 60)
  expect([...spikes(everySecond(6), value, rule)]).toEqual([0, 0, 1, 1, 0, 0])
})

test('a jump that stays, and one across a long pause, are none', () => {
  expect([...spikes(everySecond(6), Float64Array.of(60, 130, 131, 132, 133, 60), rule)]).toEqual([0, 0, 0, 0, 0, 0])
  expect([...spikes(Float64Array.of(0, 60_000, 61_000), Float64Array.of(60, 130, 131), rule)]).toEqual([0, 0, 0])
})
