import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Blobs } from '../../src/ports/blobs.ts'
import { expectProblem, inChunks, keysOf, text } from './expectations.ts'

/** Larger than any adapter sends in one request. */
const large = new Uint8Array(9 << 20).map((_, n) => (n * 13 + (n >> 10)) % 251)

/** What a put may ask: that nothing stands there, and what the content must come to. */
export function conditions(store: () => Blobs): void {
  test('a put if absent takes an empty place and leaves a taken one', async () => {
    const put = (word: string) => store().putStream('a/b', inChunks(text(word), 2), { ifAbsent: true })
    expect((await put('first')).length).toBe(5)
    await expectProblem('conflict', put('second'))
    await expectProblem('conflict', put('first'))
    expect(await store().get('a/b')).toEqual(text('first'))
    await store().delete('a/b')
    await put('third')
    expect(await store().get('a/b')).toEqual(text('third'))
  })

  test('of many puts if absent at once exactly one wins', async () => {
    const words = Array.from({ length: 12 }, (_, n) => `word ${n}`)
    const put = (word: string) => store().putStream('a/b', inChunks(text(word), 3), { ifAbsent: true })
    const results = await Promise.allSettled(words.map(put))
    const winners = words.filter((_, n) => results[n]?.status === 'fulfilled')
    expect(winners).toHaveLength(1)
    expect(results.filter((result) => result.status === 'rejected').map(({ reason }) => reason.code)).toEqual(Array(11).fill('conflict'))
    expect(await store().get('a/b')).toEqual(text(winners[0] ?? ''))
  })

  test('a large object keeps both promises as well', async () => {
    const sha256 = hash('sha256', large, 'hex')
    const expected = { length: large.length, sha256 }
    const put = (options: Parameters<Blobs['putStream']>[2]) => store().putStream('a', inChunks(large, 1_000_003), options)
    await expectProblem('storage_corrupt', put({ expect: { ...expected, length: large.length + 1 } }))
    await expectProblem('storage_corrupt', put({ expect: { sha256: hash('sha256', 'other', 'hex') } }))
    expect(await keysOf(store(), '')).toEqual([])
    expect(await put({ ifAbsent: true, expect: expected })).toEqual({ key: 'a', ...expected })
    await expectProblem('conflict', put({ ifAbsent: true }))
    expect(Buffer.from(await store().get('a', expected)).equals(large)).toBe(true)
  })

  test.each(['small', 'large'])('a %s stream that breaks is not there if absent either', async (size) => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      const chunks = size === 'small' ? [text('half of')] : [large, large]
      yield* chunks
      throw new TypeError('the client went away')
    }
    await expect(store().putStream('a', broken(), { ifAbsent: true })).rejects.toThrow(new TypeError('the client went away'))
    expect(await keysOf(store(), '')).toEqual([])
    await store().putStream('a', inChunks(text('whole'), 2), { ifAbsent: true })
  })

  test('content that is not what was expected is refused and changes nothing', async () => {
    const abc = { length: 3, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' }
    const put = (word: string) => store().putStream('a', inChunks(text(word), 2), { expect: abc })
    await expectProblem('storage_corrupt', put('abd'))
    await expectProblem('storage_corrupt', put('abcd'))
    expect(await keysOf(store(), '')).toEqual([])
    expect(await put('abc')).toEqual({ key: 'a', ...abc })
    await expectProblem('storage_corrupt', put('ab'))
    expect(await store().get('a')).toEqual(text('abc'))
  })
}
