import { hash, randomUUID } from 'node:crypto'
import { Problem } from '../../model/problem.ts'
import type { Blobs, Expected, GetOptions, PutOptions, StoredBlob } from '../../ports/blobs.ts'
import { checkContent, openGauge } from './content.ts'
import { checkKey, checkRange, folderOfPrefix } from './key.ts'
import { openContent } from './object-content.ts'
import type { ObjectStore } from './object-store.ts'
import { partsOf } from './parts.ts'

// At once in one putAll: as many as keep a store of 20 ms an answer busy without opening a connection for each object.
const lanes = 16

/** The port over an object store. */
export function blobsOver(store: ObjectStore): Blobs & AsyncDisposable {
  return {
    ...puts(store),
    ...gets(store),
    async head(key) {
      checkKey(key)
      return await store.head(key)
    },
    async *list(prefix) {
      folderOfPrefix(prefix)
      yield* store.list(prefix)
    },
    async delete(key) {
      checkKey(key)
      await store.delete(key)
    },
    async deleteAll(keys) {
      for (const key of keys) checkKey(key)
      await inLanes(keys, (key) => store.delete(key))
    },
    async [Symbol.asyncDispose]() {
      store.close()
    },
  }
}

function puts(store: ObjectStore): Pick<Blobs, 'putAll' | 'putStream'> {
  async function putBytes(key: string, bytes: Uint8Array, ifAbsent: boolean): Promise<StoredBlob> {
    const sha256 = hash('sha256', bytes, 'hex')
    await store.put({ key, ifAbsent, id: randomUUID() }, bytes, sha256)
    return { key, length: bytes.byteLength, sha256 }
  }

  async function putAll(objects: Parameters<Blobs['putAll']>[0]): Promise<readonly StoredBlob[]> {
    for (const { key } of objects) checkKey(key)
    const last = new Map(objects.map((object) => [object.key, object]))
    const stored = await inLanes([...last.values()], ({ key, bytes }) => putBytes(key, bytes, false))
    const heads = new Map(stored.map((head) => [head.key, head]))
    return objects.flatMap(({ key }) => heads.get(key) ?? [])
  }

  async function putStream(key: string, content: AsyncIterable<Uint8Array>, options: PutOptions = {}): Promise<StoredBlob> {
    checkKey(key)
    const ifAbsent = options.ifAbsent === true
    const { chunks, sealed } = sealing(key, content, options.expect)
    const parts = partsOf(chunks, store.partBytes)
    try {
      const first = await parts.next()
      const second = first.done === true ? first : await parts.next()
      if (second.done === true) return await putBytes(key, first.value ?? new Uint8Array(), ifAbsent)
      await store.upload({ key, ifAbsent, id: randomUUID() }, joined([first.value, second.value], parts), () => sealed().sha256)
      return sealed()
    } finally {
      await parts.return(undefined)
    }
  }

  return { putAll, putStream }
}

function gets(store: ObjectStore): Pick<Blobs, 'get' | 'read'> {
  async function get(key: string, { range, ...expected }: GetOptions = {}): Promise<Uint8Array> {
    checkKey(key)
    if (range !== undefined) checkRange(range)
    if (range?.from === range?.to && range !== undefined) return nothingOf(key, expected)
    const { length, chunks } = await openContent(store, key, range ?? { from: 0 }, expected)
    const bytes = new Uint8Array(length)
    let at = 0
    for await (const chunk of chunks) {
      if (at + chunk.byteLength > length) throw new Problem('storage_corrupt', `${key} is longer than the store said`)
      bytes.set(chunk, at)
      at += chunk.byteLength
    }
    return bytes
  }

  /** No request can ask for an empty range. */
  async function nothingOf(key: string, expected: Expected): Promise<Uint8Array> {
    if ((await store.head(key)) === undefined) throw new Problem('not_found', `No object ${key}`)
    checkContent(key, { length: 0, sha256: hash('sha256', '', 'hex') }, expected)
    return new Uint8Array()
  }

  async function* read(key: string, expected: Expected = {}): AsyncGenerator<Uint8Array> {
    checkKey(key)
    yield* (await openContent(store, key, { from: 0 }, expected)).chunks
  }

  return { get, read }
}

/** Lets content through; throws at its end, before anything is published, when it is not what was expected. */
function sealing(key: string, content: AsyncIterable<Uint8Array>, expected?: Expected) {
  const gauge = openGauge(true)
  let stored: StoredBlob | undefined
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      gauge.add(chunk)
      yield chunk
    }
    const { length, sha256 = '' } = gauge.read()
    checkContent(key, { length, sha256 }, expected)
    stored = { key, length, sha256 }
  }
  function sealed(): StoredBlob {
    if (stored === undefined) throw new Error('Content is sealed when its last part is out')
    return stored
  }
  return { chunks: chunks(), sealed }
}

async function* joined(first: readonly Uint8Array[], rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* first
  yield* rest
}

/** In no order. The first failure comes out when all that was begun has ended; nothing more is begun. */
async function inLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const waiting = items.values()
  const done: R[] = []
  let isFailed = false
  async function runLane(): Promise<void> {
    for (const item of waiting) {
      if (isFailed) return
      done.push(await work(item))
    }
  }
  const runs = Array.from({ length: Math.min(lanes, items.length) }, () =>
    runLane().catch((error) => {
      isFailed = true
      throw error
    }),
  )
  const failed = (await Promise.allSettled(runs)).find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return done
}
