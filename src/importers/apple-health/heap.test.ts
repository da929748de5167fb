import { expect, test } from 'vitest'
import { memoryFile } from '../../../test/fixtures/memory-file.ts'
import { heapOver } from './heap.ts'

/** Texts of 0 to some 3,000 bytes, every tenth of 20,000; ä and € take two and three bytes. */
const textOf = (n: number) => `${n}äé€`.repeat(n % 10 === 9 ? 2500 : (n * 37) % 300)

test('every text comes back as it was put, in whatever order they are asked for, from the file and from what is not there yet', () => {
  const heap = heapOver(memoryFile())
  const positions = Array.from({ length: 1200 }, (_, n) => heap.put(textOf(n)))
  expect(positions.every((position) => position > 0 && position % 8 === 0)).toBe(true)
  for (let k = 0; k < positions.length; k++) {
    const n = (k * 7919) % positions.length
    expect(heap.get(positions[n] as number)).toBe(textOf(n))
  }
})

test('texts that are put between two questions come back too', () => {
  const heap = heapOver(memoryFile())
  const positions: number[] = []
  for (let n = 0; n < 1200; n++) {
    positions.push(heap.put(textOf(n)))
    const asked = (n * 7919) % positions.length
    expect(heap.get(positions[asked] as number)).toBe(textOf(asked))
  }
})
