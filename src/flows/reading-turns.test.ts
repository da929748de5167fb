import { expect, test } from 'vitest'
import { readingTurns } from './reading-turns.ts'

test('one reads at a time, in the order of asking, also after one that failed', async () => {
  const turns = readingTurns({ wait: async () => undefined })
  const ends = [Promise.withResolvers<string>(), Promise.withResolvers<string>(), Promise.withResolvers<string>()]
  const begun: number[] = []
  const taken = ends.map(({ promise }, n) =>
    turns.take(() => {
      begun.push(n)
      return promise
    }),
  )
  await settled()
  expect(begun).toEqual([0])
  ends[0]?.reject(new Error('lost'))
  await expect(taken[0]).rejects.toThrow('lost')
  await settled()
  expect(begun).toEqual([0, 1])
  ends[1]?.resolve('one')
  expect(await taken[1]).toBe('one')
  await settled()
  expect(begun).toEqual([0, 1, 2])
  ends[2]?.resolve('two')
  expect(await taken[2]).toBe('two')
})

test('a pause waits for no longer than what could go on', async () => {
  const waited: number[] = []
  const turns = readingTurns({
    async wait(ms) {
      waited.push(ms)
    },
  })
  await turns.pause()
  expect(waited).toEqual([0])
})

const settled = () => new Promise((resolve) => setImmediate(resolve))
