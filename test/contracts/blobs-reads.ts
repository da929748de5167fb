import { createHash, hash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Blobs } from '../../src/ports/blobs.ts'
import { collect, expectProblem, inChunks, keysOf, text } from './expectations.ts'

export function reads(store: () => Blobs): void {
  test('a range is cut at the end', async () => {
    await store().putAll([{ key: 'a', bytes: text('0123456789') }])
    const ranges = { '2-5': '234', '0-10': '0123456789', '8-99': '89', '10-12': '', '50-60': '', '4-4': '' }
    for (const [range, expected] of Object.entries(ranges)) {
      const [from = 0, to = 0] = range.split('-').map(Number)
      expect(await store().get('a', { range: { from, to } })).toEqual(text(expected))
    }
  })

  test('bytes own their buffer, so that typed arrays can be laid over it', async () => {
    await store().putAll([{ key: 'a', bytes: text('12345678') }])
    const bytes = await store().get('a')
    expect([bytes.byteOffset, bytes.buffer.byteLength]).toEqual([0, 8])
  })

  test('a large object streams in and out in chunks of at most 1 MiB', async () => {
    const bytes = new Uint8Array((5 << 20) + 321).map((_, n) => (n * 31 + (n >> 8)) % 251)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect(await store().putStream('large', inChunks(bytes, 700_001))).toEqual({ key: 'large', length: bytes.length, sha256 })
    const chunks: Uint8Array[] = []
    for await (const chunk of store().read('large')) chunks.push(chunk)
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(1 << 20)
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
    expect(Buffer.from(await store().get('large')).equals(bytes)).toBe(true)
    const range = { from: (1 << 20) - 3, to: (3 << 20) + 7 }
    expect(Buffer.from(await store().get('large', { range })).equals(bytes.subarray(range.from, range.to))).toBe(true)
  })

  test('a reader keeps the version that it began with', async () => {
    const old = new Uint8Array(3 << 20).fill(1)
    await store().putAll([{ key: 'a', bytes: old }])
    const seen = new Set<number>()
    let length = 0
    for await (const chunk of store().read('a')) {
      if (length === 0) await store().putAll([{ key: 'a', bytes: new Uint8Array(2 << 20).fill(2) }])
      for (const byte of [chunk[0], chunk.at(-1)]) seen.add(byte ?? -1)
      length += chunk.length
    }
    expect([[...seen], length]).toEqual([[1], old.length])
    expect((await store().head('a'))?.length).toBe(2 << 20)
  })

  test('a reader may stop early', async () => {
    await store().putAll([{ key: 'a', bytes: new Uint8Array(3 << 20) }])
    for await (const _ of store().read('a')) break
    await store().delete('a')
    expect(await store().head('a')).toBeUndefined()
  })

  test('an absent object, and a folder, are not found', async () => {
    await store().putAll([{ key: 'a/b', bytes: text('x') }])
    for (const key of ['b', 'a', 'a/c', 'a/b/c']) {
      await expectProblem('not_found', store().get(key))
      await expectProblem('not_found', collect(store().read(key)))
      expect(await store().head(key)).toBeUndefined()
    }
    expect(await store().head('a/b')).toEqual({ key: 'a/b', length: 1 })
  })
}

export function checks(store: () => Blobs): void {
  const bytes = new Uint8Array((2 << 20) + 5).map((_, n) => (n * 7 + (n >> 9)) % 251)
  const sha256 = hash('sha256', bytes, 'hex')
  const wrong = { length: [{ length: bytes.length - 1 }], sha256: [{ sha256: hash('sha256', 'other', 'hex') }] }

  test('a get that expects the right length and SHA-256 gets the bytes, a range too', async () => {
    await store().putAll([{ key: 'a', bytes }])
    expect(Buffer.from(await store().get('a', { length: bytes.length, sha256 })).equals(bytes)).toBe(true)
    const range = { from: 7, to: 1_500_000 }
    const part = bytes.subarray(range.from, range.to)
    const expected = { length: part.length, sha256: hash('sha256', part, 'hex') }
    expect(Buffer.from(await store().get('a', { range, ...expected })).equals(part)).toBe(true)
    expect(await store().get('a', { range: { from: 3, to: 3 }, length: 0 })).toEqual(new Uint8Array())
  })

  test.each(Object.entries(wrong))('a get that expects another %s finds the object corrupt', async (_, [expected]) => {
    await store().putAll([{ key: 'a', bytes }])
    await expectProblem('storage_corrupt', store().get('a', expected))
    await expectProblem('storage_corrupt', store().get('a', { range: { from: 0, to: 10 }, ...expected }))
    await expectProblem('storage_corrupt', store().get('a', { range: { from: 5, to: 5 }, ...expected }))
  })

  test('a read that expects the right content ends well', async () => {
    await store().putAll([{ key: 'a', bytes }])
    expect(Buffer.concat(await collect(store().read('a', { length: bytes.length, sha256 }))).equals(bytes)).toBe(true)
  })

  test.each(Object.entries(wrong))('a read that expects another %s says so after the last chunk', async (_, [expected]) => {
    await store().putAll([{ key: 'a', bytes }])
    let length = 0
    const reading = (async () => {
      for await (const chunk of store().read('a', expected)) length += chunk.length
    })()
    await expectProblem('storage_corrupt', reading)
    expect(length).toBe(bytes.length)
  })
}

export function lists(store: () => Blobs): void {
  test('a list has every key with the prefix, in order, with its length', async () => {
    const keys = ['a/b/2', 'a-1', 'a/b/10', 'a/c', 'a.x', 'B', 'a/b.x', 'ab', 'a/b-1/z']
    await store().putAll(keys.map((key) => ({ key, bytes: text(key) })))
    const sorted = [...keys].sort()
    for (const prefix of ['', 'a', 'a/', 'a/b', 'a/b/', 'a/b/1', 'a/b/10', 'a/b/10/', 'b', 'x/y/', 'a.']) {
      expect(await keysOf(store(), prefix)).toEqual(sorted.filter((key) => key.startsWith(prefix)))
    }
    const heads: unknown[] = []
    for await (const head of store().list('a/c')) heads.push(head)
    expect(heads).toEqual([{ key: 'a/c', length: 3 }])
  })

  test('a deleted object is gone, and deleting it again is no error', async () => {
    await store().putAll(['a/b/c', 'a/d'].map((key) => ({ key, bytes: text(key) })))
    await store().delete('a/b/c')
    await store().delete('a/b/c')
    await store().delete('a/b')
    await store().delete('a')
    expect(await keysOf(store(), '')).toEqual(['a/d'])
    await store().putAll([{ key: 'a/b/c', bytes: text('again') }])
    expect(await store().get('a/b/c')).toEqual(text('again'))
  })
}
