import { createCipheriv, createDecipheriv } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { release } from '../../model/release.ts'
import { notSealedHere } from './gcm.ts'

/**
 * A sealed object:
 *
 *     CLS1 · version of the data key (u32) · salt (16)
 *     then for each 16 KiB of content, and once for none: is it the last (u8) · CRC-32 (u32) · ciphertext · tag (16)
 *
 * AES-256-GCM with a key of the object's own, made of the data key and the salt. A chunk's nonce is its place and whether it is the last
 * one: none opens in another place, and an object that was cut or added to has no last one where it ends. The checksum is for whoever has no key.
 */
const magic = Buffer.from('CLS1')

export const HEADER_BYTES = 24
export const CHUNK_BYTES = 16_384
const LEAD_BYTES = 5
const TAG_BYTES = 16
/** Of a whole chunk, as it lies. */
export const SEALED_BYTES = LEAD_BYTES + CHUNK_BYTES + TAG_BYTES

export interface ObjectHeader {
  readonly version: number
  readonly salt: Uint8Array
}

export function headerOf({ version, salt }: ObjectHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES)
  bytes.set(magic)
  new DataView(bytes.buffer).setUint32(4, version)
  bytes.set(salt, 8)
  return bytes
}

/** Undefined for what was never sealed. */
export function readHeader(bytes: Uint8Array): ObjectHeader | undefined {
  if (bytes.length < HEADER_BYTES || Buffer.compare(bytes.subarray(0, 4), magic) !== 0) return undefined
  const version = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4)
  return { version, salt: bytes.slice(8, HEADER_BYTES) }
}

export function openedLength(sealedLength: number): number {
  const chunks = Math.ceil((sealedLength - HEADER_BYTES) / SEALED_BYTES)
  return sealedLength - HEADER_BYTES - chunks * (LEAD_BYTES + TAG_BYTES)
}

export function sealedLengthOf(length: number): number {
  return HEADER_BYTES + length + Math.max(1, Math.ceil(length / CHUNK_BYTES)) * (LEAD_BYTES + TAG_BYTES)
}

/** What seals and opens the chunks of one object: its own key, and what it is, bound in. */
export interface ChunkKey {
  readonly key: Uint8Array
  readonly context: Uint8Array
}

export interface NewObject extends ChunkKey {
  readonly header: ObjectHeader
}

/** Seals `bytes`, whole chunks but for the end of the content, from chunk `first` on, into `into`; gives how much that is. */
export function sealChunks(
  { key, context, header }: NewObject,
  bytes: Uint8Array,
  first: number,
  isEnd: boolean,
  into: Uint8Array,
): number {
  const view = new DataView(into.buffer, into.byteOffset)
  const count = isEnd ? Math.max(1, Math.ceil(bytes.length / CHUNK_BYTES)) : bytes.length / CHUNK_BYTES
  const headSum = crc32(headerOf(header))
  let at = 0
  for (let n = 0; n < count; n++) {
    const chunk = bytes.subarray(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES)
    const isLast = isEnd && n === count - 1
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(first + n, isLast)).setAAD(context)
    const body = into.subarray(at + LEAD_BYTES, at + LEAD_BYTES + chunk.length + TAG_BYTES)
    const content = cipher.update(chunk)
    body.set(content)
    release(content)
    cipher.final()
    body.set(cipher.getAuthTag(), chunk.length)
    view.setUint8(at, isLast ? 1 : 0)
    view.setUint32(at + 1, crc32(body, seedOf(headSum, first + n)))
    at += LEAD_BYTES + body.length
  }
  return at
}

export interface Opened {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** The content ends here. */
  readonly isEnd: boolean
}

/**
 * Opens chunks from chunk `first` on and gives of their content what lies in [from, to), counted from its beginning. Throws
 * `Problem('storage_corrupt')` unless each was sealed with this key for its place.
 */
export function openChunks(chunkKey: ChunkKey, sealed: Uint8Array, first: number, from = 0, to = sealed.length): Opened {
  const count = Math.ceil(sealed.length / SEALED_BYTES)
  const length = sealed.length - count * (LEAD_BYTES + TAG_BYTES)
  if (length < 0) throw notSealedHere()
  // All of it is written below.
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(Math.max(0, Math.min(to, length) - from)).buffer)
  let isEnd = false
  for (let n = 0; n < count; n++) {
    const chunk = sealed.subarray(n * SEALED_BYTES, (n + 1) * SEALED_BYTES)
    if (isEnd || chunk.length < LEAD_BYTES + TAG_BYTES || (chunk[0] ?? 2) > 1) throw notSealedHere()
    isEnd = chunk[0] === 1
    if (!isEnd && chunk.length < SEALED_BYTES) throw notSealedHere()
    const at = n * CHUNK_BYTES - from
    const content = openChunk(chunkKey, chunk, nonceOf(first + n, isEnd))
    bytes.set(content.subarray(Math.max(0, -at), Math.max(0, bytes.length - at)), Math.max(0, at))
    release(content)
  }
  return { bytes, isEnd }
}

function openChunk({ key, context }: ChunkKey, chunk: Uint8Array, nonce: Uint8Array): Uint8Array {
  const end = chunk.length - TAG_BYTES
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(context)
  decipher.setAuthTag(chunk.subarray(end))
  const content = decipher.update(chunk.subarray(LEAD_BYTES, end))
  try {
    decipher.final()
  } catch (cause) {
    throw notSealedHere(cause)
  }
  return content
}

/** Whether chunks from chunk `first` on are as they were written, as far as one sees without a key. */
export function areWhole(header: ObjectHeader, sealed: Uint8Array, first: number, isEnd: boolean): boolean {
  const count = Math.ceil(sealed.length / SEALED_BYTES)
  const headSum = crc32(headerOf(header))
  for (let n = 0; n < count; n++) {
    const chunk = sealed.subarray(n * SEALED_BYTES, (n + 1) * SEALED_BYTES)
    if (chunk.length < LEAD_BYTES + TAG_BYTES || chunk[0] !== (isEnd && n === count - 1 ? 1 : 0)) return false
    const checksum = crc32(chunk.subarray(LEAD_BYTES), seedOf(headSum, first + n))
    if (checksum !== new DataView(chunk.buffer, chunk.byteOffset).getUint32(1)) return false
  }
  return !isEnd || count > 0
}

/** The checksum is also one of the header and of the chunk's place. */
function seedOf(headSum: number, at: number): number {
  return crc32(nonceOf(at, false), headSum)
}

function nonceOf(at: number, isLast: boolean): Uint8Array {
  const nonce = new Uint8Array(12)
  new DataView(nonce.buffer).setUint32(0, at)
  nonce[4] = isLast ? 1 : 0
  return nonce
}
