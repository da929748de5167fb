import { expect, test } from 'vitest'
import { inLanes } from './in-lanes.ts'

async function* numbers(count: number) {
  for (let n = 0; n < count; n++) yield n
}

/** Work that ends when it is told to. */
function workbench() {
  const begun: number[] = []
  const ends = new Map<number, PromiseWithResolvers<string>>()
  const work = (n: number) => {
    begun.push(n)
    const end = Promise.withResolvers<string>()
    ends.set(n, end)
    return end.promise
  }
  const end = async (n: number) => {
    ends.get(n)?.resolve(`made ${n}`)
    await settled()
  }
  return { begun, ends, work, end }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

test('as one ends the next begins, and what they made comes in the order of the items', async () => {
  const { begun, work, end } = workbench()
  const made: string[] = []
  const all = (async () => {
    for await (const each of inLanes(numbers(5), 2, work)) made.push(each)
  })()
  await settled()
  expect(begun).toEqual([0, 1])
  await end(1)
  expect(begun).toEqual([0, 1, 2])
  await end(2)
  expect([begun, made]).toEqual([[0, 1, 2, 3], []])
  await end(0)
  expect([begun, made]).toEqual([
    [0, 1, 2, 3, 4],
    ['made 0', 'made 1', 'made 2'],
  ])
  await end(4)
  await end(3)
  await all
  expect(made).toEqual([0, 1, 2, 3, 4].map((n) => `made ${n}`))
})

test('after one that failed none begins, and the others have ended before that is thrown', async () => {
  const { begun, ends, work, end } = workbench()
  const made: string[] = []
  let thrown: unknown
  const all = (async () => {
    for await (const each of inLanes(numbers(9), 3, work)) made.push(each)
  })().catch((error) => (thrown = error))
  await settled()
  ends.get(1)?.reject(new Error('lost'))
  await settled()
  expect([begun, thrown]).toEqual([[0, 1, 2], undefined])
  await end(2)
  expect(thrown).toBeUndefined()
  await end(0)
  await all
  expect([begun, made, String(thrown)]).toEqual([[0, 1, 2], ['made 0'], 'Error: lost'])
})

test('who stops listening waits for what is under way', async () => {
  const { begun, work, end } = workbench()
  let isOver = false
  const all = (async () => {
    for await (const _ of inLanes(numbers(9), 2, work)) break
    isOver = true
  })()
  await settled()
  await end(0)
  expect([begun.length, isOver]).toEqual([2, false])
  await end(1)
  await all
  expect(isOver).toBe(true)
})

test('of one that takes long the others get ahead no farther than sixteen times the lanes', async () => {
  const { begun, ends, work, end } = workbench()
  const made: string[] = []
  const all = (async () => {
    for await (const each of inLanes(numbers(100), 2, work)) made.push(each)
  })()
  await settled()
  for (let n = 1; n < 100; n++) await end(n)
  expect(begun).toHaveLength(32)
  await end(0)
  for (let n = 32; n < 100; n++) await end(n)
  expect(ends.size).toBe(100)
  await all
  expect(made).toHaveLength(100)
})
