import { hash, randomBytes } from 'node:crypto'
import { Problem } from '../../model/problem.ts'
import { release } from '../../model/release.ts'
import type { BlobHead, Blobs, Expected, GetOptions, StoredBlob } from '../../ports/blobs.ts'
import { checkBytes } from '../blobs/content.ts'
import { checkRange } from '../blobs/key.ts'
import { notSealedHere } from './gcm.ts'
import type { KeyRing } from './key-ring.ts'
import {
  CHUNK_BYTES,
  type ChunkKey,
  HEADER_BYTES,
  headerOf,
  type NewObject,
  type ObjectHeader,
  openChunks,
  openedLength,
  readHeader,
  SEALED_BYTES,
  sealChunks,
  sealedLengthOf,
} from './object-form.ts'
import { openedStream, sealedStream } from './streams.ts'

export interface SealedBlobsDeps {
  readonly blobs: Blobs
  readonly ring: KeyRing
  /** Whose an object is by its key; undefined for what is sealed for nobody. */
  readonly ownerOf: (key: string) => string | undefined
}

/** At once while a list is looked through. */
const LANES = 16

/**
 * The same objects, sealed with the keys of whom they are about. Lengths, checksums and ranges are of the content. What lies there unsealed,
 * from before there were keys, is read as it is. Throws `Problem('erased')` for a person whose keys were destroyed, and `storage_corrupt`
 * for what was not sealed under its key.
 */
export function sealedBlobs(deps: SealedBlobsDeps): Blobs {
  const { blobs, ownerOf } = deps
  return {
    ...putsOf(deps),
    ...readsOf(deps),
    head: async (key) => (ownerOf(key) === undefined ? blobs.head(key) : headOf(blobs, key)),
    async *list(prefix) {
      for await (const group of inLanes(blobs.list(prefix))) {
        const heads = group.map((head) => (ownerOf(head.key) === undefined ? head : lengthOf(blobs, head)))
        yield* (await Promise.all(heads)).filter((head) => head !== undefined)
      }
    },
    delete: (key) => blobs.delete(key),
    deleteAll: (keys) => blobs.deleteAll(keys),
  }
}

function putsOf({ blobs, ring, ownerOf }: SealedBlobsDeps): Pick<Blobs, 'putAll' | 'putStream'> {
  const putAll: Blobs['putAll'] = async (objects, options = {}) => {
    const about = new Map<string, StoredBlob>()
    const sealed = await Promise.all(
      objects.map(async ({ key, bytes }) => {
        const owner = ownerOf(key)
        if (owner === undefined) return { key, bytes }
        const chunkKey = await newChunkKey(ring, owner, key)
        about.set(key, { key, length: bytes.length, sha256: options.unhashed ? '' : hash('sha256', bytes, 'hex') })
        return { key, bytes: sealedWhole(chunkKey, bytes) }
      }),
    )
    const isAllSealed = about.size === objects.length
    return (await blobs.putAll(sealed, isAllSealed ? { unhashed: true } : options)).map((stored) => about.get(stored.key) ?? stored)
  }

  const putStream: Blobs['putStream'] = async (key, content, options = {}) => {
    const owner = ownerOf(key)
    if (owner === undefined) return blobs.putStream(key, content, options)
    const { chunks, measured } = sealedStream(await newChunkKey(ring, owner, key), key, content, options.expect)
    await blobs.putStream(key, chunks, { unhashed: true, ...(options.ifAbsent && { ifAbsent: true }) })
    return { key, ...measured() }
  }

  return { putAll, putStream }
}

async function newChunkKey(ring: KeyRing, owner: string, key: string): Promise<NewObject> {
  const { newest } = ring.knownToSeal(owner) ?? (await ring.sealing(owner))
  const header = { version: newest.version, salt: randomBytes(16) }
  return { header, key: newest.objects(header.salt), context: contextOf(owner, key, header) }
}

function sealedWhole(object: NewObject, bytes: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(sealedLengthOf(bytes.length))
  sealed.set(headerOf(object.header))
  sealChunks(object, bytes, 0, true, sealed.subarray(HEADER_BYTES))
  return sealed
}

function readsOf({ blobs, ring, ownerOf }: SealedBlobsDeps): Pick<Blobs, 'get' | 'read'> {
  const headers = rememberedHeaders(blobs)

  async function chunkKeyOf(owner: string, key: string, header: ObjectHeader): Promise<ChunkKey> {
    const keys = ring.known(owner) ?? (await ring.opening(owner))
    if (keys === undefined) throw notSealedHere()
    return { key: keys.version(header.version).objects(header.salt), context: contextOf(owner, key, header) }
  }

  /** Undefined for what was never sealed. */
  async function partOf(owner: string, key: string, { from, to }: { from: number; to: number }): Promise<Uint8Array | undefined> {
    const first = Math.floor(from / CHUNK_BYTES)
    const [start, end] = [HEADER_BYTES + first * SEALED_BYTES, HEADER_BYTES + Math.ceil(to / CHUNK_BYTES) * SEALED_BYTES]
    const known = headers.known(key)
    const lead = known ?? headers.ask(key)
    const [header, sealed] = await Promise.all([lead, blobs.get(key, { range: { from: start, to: end } })])
    if (header === undefined) return undefined
    try {
      const before = first * CHUNK_BYTES
      const { bytes, isEnd } = openChunks(await chunkKeyOf(owner, key, header), sealed, first, from - before, to - before)
      if (!isEnd && sealed.length < end - start && sealed.length > 0) throw notSealedHere()
      release(sealed)
      return bytes
    } catch (error) {
      // Put anew since its header was read.
      if (known === undefined) throw error
      headers.forget(key)
      return partOf(owner, key, { from, to })
    }
  }

  async function wholeOf(owner: string, key: string): Promise<Uint8Array> {
    const lying = await blobs.get(key)
    const header = readHeader(lying)
    if (header === undefined) return lying
    const { bytes, isEnd } = openChunks(await chunkKeyOf(owner, key, header), lying.subarray(HEADER_BYTES), 0)
    if (!isEnd) throw notSealedHere()
    release(lying)
    return bytes
  }

  async function get(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    const { range, ...expected } = options
    const owner = ownerOf(key)
    if (range !== undefined) checkRange(range)
    if (owner === undefined || (range !== undefined && range.from === range.to)) return blobs.get(key, options)
    const bytes = await (range === undefined ? wholeOf(owner, key) : partOf(owner, key, range))
    if (bytes === undefined) return blobs.get(key, options)
    checkBytes(key, bytes, expected)
    return bytes
  }

  async function* read(key: string, expect: Expected = {}): AsyncGenerator<Uint8Array> {
    const owner = ownerOf(key)
    if (owner === undefined) yield* blobs.read(key, expect)
    else yield* openedStream(blobs.read(key), key, expect, (header) => chunkKeyOf(owner, key, header))
  }

  return { get, read }
}

const MOST_HEADERS = 4096

/** Of objects of which parts are read: it is then one request for each. */
function rememberedHeaders(blobs: Blobs) {
  const headers = new Map<string, ObjectHeader>()

  async function ask(key: string): Promise<ObjectHeader | undefined> {
    const header = readHeader(await blobs.get(key, { range: { from: 0, to: HEADER_BYTES } }))
    if (header === undefined) return undefined
    headers.delete(key)
    headers.set(key, header)
    for (const oldest of headers.keys()) {
      if (headers.size <= MOST_HEADERS) break
      headers.delete(oldest)
    }
    return header
  }

  return { known: (key: string) => headers.get(key), ask, forget: (key: string) => void headers.delete(key) }
}

/** Whose, which and with what: none of them can be exchanged for another. */
function contextOf(owner: string, key: string, { version }: ObjectHeader): Uint8Array {
  return Buffer.from(JSON.stringify(['clarity-object-1', owner, key, version]))
}

async function headOf(blobs: Blobs, key: string): Promise<BlobHead | undefined> {
  const head = await blobs.head(key)
  return head && lengthOf(blobs, head)
}

/** The length of the content; undefined for one that went meanwhile. */
async function lengthOf(blobs: Blobs, head: BlobHead): Promise<BlobHead | undefined> {
  if (head.length < HEADER_BYTES) return head
  try {
    const lead = await blobs.get(head.key, { range: { from: 0, to: HEADER_BYTES } })
    return readHeader(lead) === undefined ? head : { key: head.key, length: openedLength(head.length) }
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return undefined
    throw error
  }
}

async function* inLanes<T>(items: AsyncIterable<T>): AsyncGenerator<T[]> {
  let group: T[] = []
  for await (const item of items) {
    group.push(item)
    if (group.length < LANES) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}
