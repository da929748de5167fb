import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Content, withWhole } from './read-body.ts'

const contentOf = (pieces: readonly Uint8Array[]): Content => ({
  pieces: async () => pieces,
  async *[Symbol.asyncIterator]() {
    yield* pieces
  },
})

test('bodies that come at once, in pieces of any size, are each what was sent', async () => {
  const bodies = Array.from({ length: 30 }, (_, at) => [randomBytes(at * 7000), randomBytes(at % 5), randomBytes(1 + at * at * 100)])
  const found = await Promise.all(bodies.map((pieces) => withWhole(contentOf(pieces), (bytes) => Buffer.from(bytes))))
  for (const [at, body] of found.entries()) expect(body.equals(Buffer.concat(bodies[at] ?? []))).toBe(true)
})

test('so is one that is longer than what is gathered in memory that is used again', async () => {
  const pieces = [randomBytes(1_500_000), randomBytes(900_000)]
  expect(await withWhole(contentOf(pieces), (bytes) => Buffer.from(bytes))).toEqual(Buffer.concat(pieces))
})
