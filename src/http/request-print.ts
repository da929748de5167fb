import { createCipheriv, createSecretKey, hash, type KeyObject } from 'node:crypto'
import type { Endpoint } from '../api/endpoint.ts'
import { canonicalJson } from '../model/in-order.ts'
import type { Call } from './call.ts'
import type { Content } from './read-body.ts'

// A body up to so long is compared whole; a longer one by its beginning and its length, since it is not held.
const HEAD_BYTES = { samples: 1024 * 1024, file: 64 * 1024 } as const

export interface PrintDeps {
  /** Hex, 32 bytes, with a key of the house. */
  readonly keyedHash: (text: string) => Promise<string>
}

export interface Printed {
  /** Hex: the same for the same request, and of no use to whoever has the store and not the key. */
  readonly print: string
  /** The body from its beginning. */
  readonly content: Content
}

/** What tells a request from others under the same key. */
export function openPrints({ keyedHash }: PrintDeps): (call: Call<Endpoint>, endpoint: Endpoint) => Promise<Printed> {
  let asked: Promise<PrintKeys> | undefined

  async function ask(): Promise<PrintKeys> {
    const [body, whole] = await Promise.all(['body of a request', 'request'].map(keyedHash))
    return { body: createSecretKey(body ?? '', 'hex'), whole: padsOf(Buffer.from(whole ?? '', 'hex')) }
  }

  return async (call, endpoint) => {
    asked ??= ask().catch((error) => {
      asked = undefined
      throw error
    })
    return printOf(await asked, call, endpoint)
  }
}

interface PrintKeys {
  readonly body: KeyObject
  readonly whole: Pads
}

async function printOf(keys: PrintKeys, call: Call<Endpoint>, { body }: Endpoint): Promise<Printed> {
  const said = JSON.stringify([call.query, call.mediaType, call.handling])
  if (body === undefined || body.type === 'json') {
    const text = call.body === undefined ? '' : canonicalJson(call.body)
    return { print: macOf(keys.whole, [Buffer.from(said + text)]), content: call.content }
  }
  const { pieces, bytes, isWhole, content } = await headOf(call.content, HEAD_BYTES[body.type])
  const length = isWhole ? `whole ${bytes}` : `of ${call.header('content-length')} ${call.header('content-encoding')}`
  const sum = sumOf(keys.body, pieces, HEAD_BYTES[body.type])
  return { print: macOf(keys.whole, [Buffer.from(said), sum, Buffer.from(length)]), content }
}

interface Pads {
  readonly inner: Uint8Array
  readonly outer: Uint8Array
}

/** Of a key of up to 64 bytes (RFC 2104). */
function padsOf(key: Uint8Array): Pads {
  const padded = (by: number) => Uint8Array.from({ length: 64 }, (_, at) => (key[at] ?? 0) ^ by)
  return { inner: padded(0x36), outer: padded(0x5c) }
}

/** HMAC-SHA-256, in hex: two short hashes cost a fraction of what Node takes to set one up. */
function macOf({ inner, outer }: Pads, parts: readonly Uint8Array[]): string {
  return hash('sha256', Buffer.concat([outer, hash('sha256', Buffer.concat([inner, ...parts]), 'buffer')]), 'hex')
}

interface Head {
  readonly pieces: readonly Uint8Array[]
  readonly bytes: number
  readonly isWhole: boolean
  readonly content: Content
}

async function headOf(content: Content, limit: number): Promise<Head> {
  const whole = await content.pieces?.()
  if (whole !== undefined) {
    const bytes = whole.reduce((sum, piece) => sum + piece.length, 0)
    return { pieces: whole, bytes, isWhole: true, content: { pieces: async () => whole, [Symbol.asyncIterator]: () => each(whole) } }
  }
  const source = content[Symbol.asyncIterator]()
  const pieces: Uint8Array[] = []
  let bytes = 0
  while (bytes < limit) {
    const next = await source.next()
    if (next.done) return { pieces, bytes, isWhole: true, content: { [Symbol.asyncIterator]: () => each(pieces) } }
    pieces.push(next.value)
    bytes += next.value.length
  }
  return { pieces, bytes, isWhole: false, content: { [Symbol.asyncIterator]: () => joined(pieces, source) } }
}

const NONCE = new Uint8Array(12)

/**
 * GHASH (NIST SP 800-38D, 6.4) of the bytes up to `limit`, wherever pieces of them end, under a secret key: of two bodies that were made without
 * it the sums are alike once in 2^100. Seven times as fast as SHA-256. Several sums would betray the key, as all have one nonce: they go into a
 * MAC, and nowhere else.
 */
function sumOf(key: KeyObject, pieces: readonly Uint8Array[], limit: number): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, NONCE)
  let left = limit
  for (const piece of pieces) {
    cipher.setAAD(piece.subarray(0, left))
    left = Math.max(0, left - piece.length)
  }
  cipher.final()
  return cipher.getAuthTag()
}

async function* each(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces
}

async function* joined(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* head
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}
