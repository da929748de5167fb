import type { Expected } from '../../ports/blobs.ts'
import { checkContent, openGauge } from '../blobs/content.ts'
import { notSealedHere } from './gcm.ts'
import {
  areWhole,
  CHUNK_BYTES,
  type ChunkKey,
  HEADER_BYTES,
  headerOf,
  type NewObject,
  type ObjectHeader,
  openChunks,
  readHeader,
  SEALED_BYTES,
  sealChunks,
} from './object-form.ts'

/** Chunks that are sealed or opened at a time: a mebibyte. */
const GROUP = 128

/** Content on its way into a store; what it came to is known at its end, and held there against what was expected. */
export function sealedStream(object: NewObject, key: string, content: AsyncIterable<Uint8Array>, expect: Expected | undefined) {
  const gauge = openGauge(true)
  let measured: { readonly length: number; readonly sha256: string } | undefined

  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield headerOf(object.header)
    const sealed = new Uint8Array(GROUP * SEALED_BYTES)
    let first = 0
    for await (const { bytes, isEnd } of inGroups(content, GROUP * CHUNK_BYTES)) {
      gauge.add(bytes)
      const length = sealChunks(object, bytes, first, isEnd, sealed)
      if (isEnd) {
        const { length, sha256 = '' } = gauge.read()
        checkContent(key, { length, sha256 }, expect)
        measured = { length, sha256 }
      }
      yield sealed.subarray(0, length)
      first += GROUP
    }
  }

  return {
    chunks: chunks(),
    measured() {
      if (measured === undefined) throw new Error('Content is measured when its last part is out')
      return measured
    },
  }
}

/** Content on its way out, of a sealed object or of one that never was. Keys are asked for again and again: they may be destroyed meanwhile. */
export async function* openedStream(
  lying: AsyncIterable<Uint8Array>,
  key: string,
  expect: Expected,
  chunkKeyOf: (header: ObjectHeader) => Promise<ChunkKey>,
): AsyncGenerator<Uint8Array> {
  const gauge = openGauge(expect.sha256 !== undefined)
  const { header, rest } = await splitHeader(lying)
  if (header === undefined) {
    for await (const chunk of rest) {
      gauge.add(chunk)
      yield chunk
    }
  } else {
    let first = 0
    for await (const { bytes: sealed, isEnd } of inGroups(rest, GROUP * SEALED_BYTES)) {
      const opened = openChunks(await chunkKeyOf(header), sealed, first)
      if (opened.isEnd !== isEnd) throw notSealedHere()
      gauge.add(opened.bytes)
      if (opened.bytes.length > 0) yield opened.bytes
      first += GROUP
    }
  }
  checkContent(key, gauge.read(), expect)
}

/** An object as it lies; throws `Problem('storage_corrupt')` at its end where it is a sealed one and not as it was written. No key is needed. */
export async function* wholeStream(lying: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { header, rest } = await splitHeader(lying)
  if (header === undefined) {
    yield* rest
    return
  }
  yield headerOf(header)
  let first = 0
  for await (const { bytes, isEnd } of inGroups(rest, (GROUP - 1) * SEALED_BYTES)) {
    if (!areWhole(header, bytes, first, isEnd)) throw notSealedHere()
    yield bytes.slice()
    first += GROUP - 1
  }
}

interface Split {
  readonly header: ObjectHeader | undefined
  readonly rest: AsyncIterable<Uint8Array>
}

/** Where there is no header all of it is the rest. */
async function splitHeader(lying: AsyncIterable<Uint8Array>): Promise<Split> {
  const chunks = lying[Symbol.asyncIterator]()
  let lead = new Uint8Array()
  while (lead.length < HEADER_BYTES) {
    const next = await chunks.next()
    if (next.done) break
    lead = Buffer.concat([lead, next.value])
  }
  const header = readHeader(lead)
  const begun = header === undefined ? lead : lead.subarray(HEADER_BYTES)
  async function* rest(): AsyncGenerator<Uint8Array> {
    try {
      if (begun.length > 0) yield begun
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
    } finally {
      await chunks.return?.()
    }
  }
  return { header, rest: rest() }
}

/** In pieces of `size`, in memory that is used again; the last piece may be shorter, and is given also where there is nothing. */
async function* inGroups(content: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<{ bytes: Uint8Array; isEnd: boolean }> {
  const group = new Uint8Array(size)
  let filled = 0
  for await (const chunk of content) {
    for (let at = 0; at < chunk.length; ) {
      if (filled === size) {
        yield { bytes: group, isEnd: false }
        filled = 0
      }
      const taken = chunk.subarray(at, at + size - filled)
      group.set(taken, filled)
      filled += taken.length
      at += taken.length
    }
  }
  yield { bytes: group.subarray(0, filled), isEnd: true }
}
