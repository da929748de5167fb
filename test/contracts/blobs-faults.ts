import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ObjectStoreOptions } from '../../src/adapters/blobs/object-store.ts'
import { objectFailpoints } from '../../src/adapters/failpoints.ts'
import type { Blobs } from '../../src/ports/blobs.ts'
import { type Fault, type FaultProxy, startFaultProxy } from '../engines/fault-proxy.ts'
import { collect, expectProblem, inChunks, keysOf, text } from './expectations.ts'

export interface FaultySetup {
  /** Of the store itself. */
  readonly target: string
  /** An empty place in the store, reached through the proxy at this URL. */
  open(proxy: string, options?: ObjectStoreOptions): Promise<Blobs>
  /** Whether a request sends content: a whole object, or a part of one. */
  sendsContent(request: IncomingMessage): boolean
  getsContent(request: IncomingMessage): boolean
}

const small = text('0123456789'.repeat(20))
const large = new Uint8Array(9 << 20).map((_, n) => (n * 11 + (n >> 8)) % 251)
const quick = { attempts: 1, silenceMs: 10_000 }

/** Whatever happens between us and a store of objects, nobody is told what is not so. */
export function blobsFaults(name: string, setup: FaultySetup): void {
  describe(`${name} behind a network that fails`, () => {
    let proxy: FaultProxy
    beforeAll(async () => {
      proxy = await startFaultProxy(setup.target)
    })
    afterAll(() => proxy.stop())
    beforeEach(() => proxy.inject(() => undefined))
    const open = (options: ObjectStoreOptions = {}) => setup.open(proxy.url, options)

    troubles(() => proxy, open)
    harms(() => proxy, open, setup)
    losses(() => proxy, open, setup)
    failpoints(open)
  })
}

type Open = (options?: ObjectStoreOptions) => Promise<Blobs>

/** The first request of each kind fails, as named by its method and the beginning of its path. */
function once(fault: Fault): (request: IncomingMessage) => Fault | undefined {
  const failed = new Set<string>()
  return ({ method, url = '' }) => {
    const kind = `${method} ${url.split('?')[0]}`
    if (failed.has(kind)) return undefined
    failed.add(kind)
    return fault
  }
}

function troubles(proxy: () => FaultProxy, open: Open): void {
  const passing: Fault[] = [{ status: 500 }, { status: 503 }, 'reset']

  test.each(passing)('what fails once with %j succeeds', async (fault) => {
    const blobs = await open()
    await blobs.putAll(['here', 'there'].map((key) => ({ key, bytes: small })))
    proxy().inject(once(fault))
    const results = await Promise.all([
      blobs.putAll([{ key: 'new', bytes: small }]),
      blobs.get('here'),
      collect(blobs.read('here')),
      blobs.head('here'),
      keysOf(blobs, 'h'),
      blobs.delete('there'),
    ])
    expect(results.slice(1, 2)).toEqual([small])
    expect(results.slice(3)).toEqual([{ key: 'here', length: small.length }, ['here'], undefined])
    expect(await keysOf(blobs, '')).toEqual(['here', 'new'])
  })

  test.each([...passing, 'silence' as const])('what always fails with %j is unavailable, and nothing changed', async (fault) => {
    const blobs = await open(fault === 'silence' ? { attempts: 1, silenceMs: 500 } : quick)
    await blobs.putAll([{ key: 'here', bytes: small }])
    proxy().inject(() => fault)
    const works = [
      blobs.putAll([{ key: 'new', bytes: small }]),
      blobs.putStream('here', inChunks(text('x'), 1)),
      blobs.putStream('large', inChunks(large, 1_000_000)),
      blobs.putStream('new', inChunks(small, 7), { ifAbsent: true }),
      blobs.get('here'),
      blobs.get('here', { range: { from: 1, to: 5 } }),
      collect(blobs.read('here')),
      blobs.head('here'),
      keysOf(blobs, ''),
      blobs.delete('here'),
    ]
    for (const work of works.map((running) => expectProblem('unavailable', running))) await work
    proxy().inject(() => undefined)
    expect(await keysOf(blobs, '')).toEqual(['here'])
    expect(await blobs.get('here')).toEqual(small)
  })

  test('a store that says it is full is full', async () => {
    const blobs = await open(quick)
    proxy().inject(() => ({ status: 507 }))
    await expectProblem('storage_full', blobs.putAll([{ key: 'new', bytes: small }]))
  })

  test('a store that refuses our credentials is unavailable', async () => {
    const blobs = await open(quick)
    proxy().inject(() => ({ status: 403 }))
    await expectProblem('unavailable', blobs.putAll([{ key: 'new', bytes: small }]))
    await expectProblem('unavailable', blobs.get('here'))
    await expectProblem('unavailable', blobs.head('here'))
  })
}

function harms(proxy: () => FaultProxy, open: Open, { getsContent, sendsContent }: FaultySetup): void {
  const sizes = { small, large }

  test.each(['flip answer', 'shorten answer'] as const)('content that comes back harmed (%s) is corrupt', async (fault) => {
    for (const [size, bytes] of Object.entries(sizes)) {
      const blobs = await open()
      const { sha256 } = await blobs.putStream(size, inChunks(bytes, 1_000_000))
      proxy().inject((request) => (getsContent(request) ? fault : undefined))
      await expectProblem('storage_corrupt', blobs.get(size))
      await expectProblem('storage_corrupt', blobs.get(size, { sha256 }))
      await expectProblem('storage_corrupt', collect(blobs.read(size)))
      proxy().inject(() => undefined)
      expect(Buffer.from(await blobs.get(size, { sha256 })).equals(bytes)).toBe(true)
    }
  })

  test.each(['small', 'large'] as const)('where a %s body breaks off, the rest is asked for', async (size) => {
    const blobs = await open()
    await blobs.putStream('a', inChunks(sizes[size], 1_000_000))
    let left = 2
    proxy().inject((request) => {
      if (!getsContent(request) || left === 0) return undefined
      left -= 1
      return 'cut answer'
    })
    expect(Buffer.from(await blobs.get('a')).equals(sizes[size])).toBe(true)
    expect(proxy().seen.filter((line) => line.includes('bytes='))).toHaveLength(2)
  })

  test('a body that never comes is unavailable', async () => {
    const blobs = await open({ attempts: 2 })
    await blobs.putAll([{ key: 'a', bytes: small }])
    proxy().inject((request) => (getsContent(request) ? 'empty answer' : undefined))
    await expectProblem('unavailable', blobs.get('a'))
    await expectProblem('unavailable', collect(blobs.read('a')))
  })

  test('an object that is replaced where its body breaks off is not read as a mixture', async () => {
    const blobs = await open()
    await blobs.putAll([{ key: 'a', bytes: small }])
    let isFirst = true
    proxy().inject((request) => {
      if (!getsContent(request) || !isFirst) return undefined
      isFirst = false
      return 'cut answer'
    })
    const chunks = blobs.read('a')[Symbol.asyncIterator]()
    await chunks.next()
    await blobs.putAll([{ key: 'a', bytes: text('new') }])
    await expectProblem('unavailable', chunks.next())
  })

  test.each(['cut request', 'flip request'] as const)('content that arrives harmed (%s) is not kept', async (fault) => {
    for (const [size, bytes] of Object.entries(sizes)) {
      const blobs = await open(quick)
      await blobs.putAll([{ key: 'other', bytes: small }])
      proxy().inject((request) => (sendsContent(request) ? fault : undefined))
      await expectProblem('unavailable', blobs.putStream(size, inChunks(bytes, 1_000_000)))
      proxy().inject(() => undefined)
      expect(await keysOf(blobs, '')).toEqual(['other'])
    }
  })
}

function losses(proxy: () => FaultProxy, open: Open, { sendsContent }: FaultySetup): void {
  test('a put if absent whose answer was lost is not taken for that of another', async () => {
    const blobs = await open()
    let isFirst = true
    proxy().inject((request) => {
      if (!sendsContent(request) || !isFirst) return undefined
      isFirst = false
      return 'lose answer'
    })
    const put = () => blobs.putStream('a', inChunks(small, 9), { ifAbsent: true })
    expect((await put()).length).toBe(small.length)
    expect(proxy().seen.length).toBeGreaterThan(1)
    await expectProblem('conflict', put())
    expect(await blobs.get('a')).toEqual(small)
  })

  test('one of many that fails comes out when the others have ended', async () => {
    const blobs = await open(quick)
    proxy().inject((request) => (request.url?.includes('bad') ? { status: 503 } : undefined))
    const keys = Array.from({ length: 40 }, (_, n) => (n === 3 ? 'bad' : `good-${String(n).padStart(2, '0')}`))
    await expectProblem('unavailable', blobs.putAll(keys.map((key) => ({ key, bytes: small }))))
    proxy().inject(() => undefined)
    const kept = await keysOf(blobs, '')
    expect(kept).not.toContain('bad')
    for (const key of kept) expect(await blobs.get(key)).toEqual(small)
    expect(await keysOf(blobs, '')).toEqual(kept)
  })
}

function failpoints(open: Open): void {
  const planted = (name: string) => (reached: string) => {
    if (reached === name) throw new Error('planted')
  }

  test.each(objectFailpoints)('a failure at %s comes out, and sending it again settles it', async (name) => {
    const blobs = await open({ failpoint: planted(name) })
    await expect(blobs.putStream('a', inChunks(large, 1_000_000))).rejects.toThrow('planted')
    const again = await open()
    await again.putStream('a', inChunks(large, 1_000_000))
    expect(Buffer.from(await again.get('a')).equals(large)).toBe(true)
    expect(await keysOf(again, '')).toEqual(['a'])
  })
}
