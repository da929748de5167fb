import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Blobs } from '../../src/ports/blobs.ts'
import { conditions } from './blobs-conditions.ts'
import { checks, lists, reads } from './blobs-reads.ts'
import { collect, expectProblem, inChunks, keysOf, text } from './expectations.ts'

export interface OpenedBlobs {
  /** Empty. */
  readonly blobs: Blobs
  /** The same store opened again. */
  reopen(): Promise<Blobs>
  remove(): Promise<void>
}

/** What `ports/blobs.ts` promises, asked of any adapter. Durability itself is shown in `test/faults`. */
export function blobsContract(name: string, open: () => Promise<OpenedBlobs>): void {
  describe(`${name} keeps the promises of blobs`, () => {
    let opened: OpenedBlobs
    let blobs: Blobs
    beforeEach(async () => {
      opened = await open()
      blobs = opened.blobs
    })
    afterEach(() => opened.remove())
    const store = () => blobs

    puts(store)
    deletions(store)
    conditions(store)
    reads(store)
    checks(store)
    lists(store)
    refusals(store)

    test('what was acknowledged is there after opening again', async () => {
      await blobs.putAll([{ key: 'samples/u1/a.parquet', bytes: text('abc') }])
      blobs = await opened.reopen()
      expect(await blobs.get('samples/u1/a.parquet')).toEqual(text('abc'))
    })
  })
}

function deletions(store: () => Blobs): void {
  test('many objects are deleted at once, those that are absent among them, and others stay', async () => {
    const keys = Array.from({ length: 40 }, (_, n) => `samples/u1/m${n % 7}/${n}`)
    await store().putAll([...keys, 'samples/u1/m0/stays'].map((key) => ({ key, bytes: text(key) })))
    await store().deleteAll([...keys, 'samples/u1/never', 'nowhere/at/all'])
    await store().deleteAll([])
    expect(await keysOf(store(), '')).toEqual(['samples/u1/m0/stays'])
    await expectProblem('invalid_id', store().deleteAll(['samples/u1/m0/stays', '../out']))
    expect(await store().head('samples/u1/m0/stays')).toBeDefined()
  })
}

function puts(store: () => Blobs): void {
  test('a put says the length and the SHA-256 of what it keeps', async () => {
    // FIPS 180-4: the digests of "abc" and of nothing.
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    const nothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    const objects = [
      { key: 'a', bytes: text('abc') },
      { key: 'b/c', bytes: text('') },
    ]
    const heads = [
      { key: 'a', length: 3, sha256: abc },
      { key: 'b/c', length: 0, sha256: nothing },
    ]
    expect(await store().putAll(objects)).toEqual(heads)
    expect(await store().putStream('a', inChunks(text('abc'), 2))).toEqual(heads[0])
    expect(await store().putStream('b/c', inChunks(text(''), 1))).toEqual(heads[1])
    expect(await store().putAll([])).toEqual([])
  })

  test('a put of which nobody asks the checksum keeps the same, and is checked where something was expected', async () => {
    const stored = await store().putAll([{ key: 'a', bytes: text('abc') }], { unhashed: true })
    expect(stored).toMatchObject([{ key: 'a', length: 3 }])
    // FIPS 180-4.
    const right = { sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' }
    const abc = () => inChunks(text('abc'), 2)
    expect(await store().putStream('b', abc(), { unhashed: true })).toMatchObject({ key: 'b', length: 3 })
    expect(await store().putStream('b', abc(), { unhashed: true, expect: right })).toMatchObject({ key: 'b', length: 3 })
    expect([await store().get('a'), await store().get('b')]).toEqual([text('abc'), text('abc')])
    const wrong = { sha256: '0'.repeat(64) }
    await expectProblem('storage_corrupt', store().putStream('b', inChunks(text('other'), 2), { unhashed: true, expect: wrong }))
    expect(await store().get('b')).toEqual(text('abc'))
  })

  test('objects of any size and number come back byte for byte', async () => {
    const objects = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,3}(\/[0-9]{1,2})?\.x$/), fc.uint8Array({ maxLength: 300 })), {
      selector: ([key]) => key,
      maxLength: 70,
    })
    await fc.assert(
      fc.asyncProperty(objects, async (pairs) => {
        await store().putAll(pairs.map(([key, bytes]) => ({ key, bytes })))
        for (const [key, bytes] of pairs) expect(await store().get(key)).toEqual(bytes)
      }),
      { numRuns: 10 },
    )
  })

  test('a put replaces what stood there, and of equal keys the last wins', async () => {
    await store().putAll([{ key: 'a/b', bytes: text('the first and longer') }])
    await store().putAll(['second', 'third'].map((word) => ({ key: 'a/b', bytes: text(word) })))
    expect(await store().get('a/b')).toEqual(text('third'))
    await store().putStream('a/b', inChunks(text('fourth'), 4))
    expect(await store().get('a/b')).toEqual(text('fourth'))
  })

  test('a stream that breaks leaves what was there, and its own error comes out', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield text('half of')
      throw new TypeError('the client went away')
    }
    await store().putAll([{ key: 'a', bytes: text('old') }])
    await expect(store().putStream('a', broken())).rejects.toThrow(new TypeError('the client went away'))
    await expect(store().putStream('b', broken())).rejects.toThrow(TypeError)
    expect(await store().get('a')).toEqual(text('old'))
    expect(await keysOf(store(), '')).toEqual(['a'])
  })

  test('a stream may give its chunks in one piece of memory, again and again', async () => {
    async function* reused(): AsyncGenerator<Uint8Array> {
      const memory = new Uint8Array(300_000)
      for (let n = 1; n <= 40; n += 1) yield memory.fill(n)
    }
    await store().putStream('a', reused())
    const bytes = await store().get('a')
    expect(bytes.length).toBe(12_000_000)
    for (let n = 1; n <= 40; n += 1) expect(bytes.subarray((n - 1) * 300_000, n * 300_000).every((byte) => byte === n)).toBe(true)
  })

  test('a view into a larger buffer is kept as the view', async () => {
    await store().putAll([{ key: 'a', bytes: text('before abc after').subarray(7, 10) }])
    expect(await store().get('a')).toEqual(text('abc'))
  })

  test('many puts, reads and deletes under one folder at once do not disturb each other', async () => {
    const keys = Array.from({ length: 60 }, (_, n) => `samples/u${n % 3}/${n}`)
    await Promise.all(
      keys.map(async (key, n) => {
        await store().putAll([{ key, bytes: text(key) }])
        expect(await store().get(key)).toEqual(text(key))
        if (n % 2 === 0) await store().delete(key)
      }),
    )
    expect(await keysOf(store(), '')).toEqual(keys.filter((_, n) => n % 2 === 1).sort())
  })
}

function refusals(store: () => Blobs): void {
  const long = 'x'.repeat(255)
  const badKeys = [
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    '../a',
    'a/../b',
    'a/./b',
    '.tmp/x',
    'a/.hidden',
    'a b',
    'a\\b',
    'a\0',
    'ä',
    'a:b',
    'a\n',
    `${long}x`,
    `${long}/${long}/x`,
  ]
  test.each(badKeys)('the key %j is refused everywhere', async (key) => {
    await expectProblem(
      'invalid_id',
      store().putAll([
        { key: 'good', bytes: text('x') },
        { key, bytes: text('x') },
      ]),
    )
    await expectProblem('invalid_id', store().putStream(key, inChunks(text('x'), 1)))
    await expectProblem('invalid_id', store().get(key))
    await expectProblem('invalid_id', collect(store().read(key)))
    await expectProblem('invalid_id', store().head(key))
    await expectProblem('invalid_id', store().delete(key))
    expect(await keysOf(store(), '')).toEqual([])
  })

  test('the longest keys are taken', async () => {
    const keys = [long, `${'z'.repeat(255)}/${long}`, `${'y/'.repeat(255)}yy`]
    await store().putAll(keys.map((key) => ({ key, bytes: text('x') })))
    expect(await keysOf(store(), '')).toEqual([...keys].sort())
  })

  test.each(['/', '..', '../', 'a/../', '.tmp', 'a/.', 'a//'])('the prefix %j is refused', async (prefix) => {
    await expectProblem('invalid_id', keysOf(store(), prefix))
  })

  test.each([
    [-1, 2],
    [2, 1],
    [0.5, 1],
    [0, Number.NaN],
    [0, Number.POSITIVE_INFINITY],
  ])('the range [%d, %d) is refused', async (from, to) => {
    await store().putAll([{ key: 'a', bytes: text('abc') }])
    await expectProblem('invalid', store().get('a', { range: { from, to } }))
  })
}
