import { expect, test } from 'vitest'
import { release } from './release.ts'

test('what was released is empty, and a part of something larger stays', () => {
  const [own, whole] = [new Uint8Array(8), new Uint8Array(8).fill(7)]
  release(own)
  release(whole.subarray(0, 4))
  release(whole.subarray(2))
  expect([own.length, [...whole]]).toEqual([0, [7, 7, 7, 7, 7, 7, 7, 7]])
})

test('memory that threads share is left', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(1)
  release(shared)
  expect([...shared]).toEqual([1, 1, 1, 1])
})
