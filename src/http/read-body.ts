import type { IncomingMessage } from 'node:http'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import type { BodyKind } from '../api/endpoint.ts'
import { parseAs } from '../model/parse.ts'
import { Problem } from '../model/problem.ts'
import { parseJson } from './parse-json.ts'

const JSON_TYPES = ['application/json', 'application/merge-patch+json']
const NDJSON = 'application/x-ndjson'

/** The media type without its parameters. Throws `Problem('unsupported_media_type')` for one that is not taken here. */
export function mediaTypeOf(request: IncomingMessage, body: BodyKind): string {
  const said = request.headers['content-type'] ?? ''
  const [type = '', ...parameters] = said
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))
  const taken = { json: JSON_TYPES, samples: [...JSON_TYPES, NDJSON], file: undefined }[body.type]
  const isText = charset === undefined || /^charset="?utf-8"?$/.test(charset)
  if ((taken === undefined && type !== '') || (taken?.includes(type) && isText)) return type
  throw new Problem('unsupported_media_type', `Content-Type must be ${taken?.join(' or ') ?? 'said'}, in UTF-8.`)
}

const unpackers = { gzip: createGunzip, zstd: createZstdDecompress } as const

/** The bytes, unpacked; throws as soon as there are more than `maxBytes`. */
export async function* contentOf(request: IncomingMessage, maxBytes: number): AsyncGenerator<Uint8Array> {
  const length = Number(request.headers['content-length'] ?? 0)
  if (length > maxBytes) throw new Problem('body_too_large', `At most ${maxBytes} bytes are taken here.`)
  const coding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  let total = 0
  for await (const chunk of unpacked(request, coding)) {
    total += chunk.length
    if (total > maxBytes) {
      request.unpipe()
      throw new Problem(coding === 'identity' ? 'body_too_large' : 'decompressed_too_large', `At most ${maxBytes} bytes are taken here.`)
    }
    yield chunk
  }
}

function unpacked(request: IncomingMessage, coding: string): AsyncIterable<Uint8Array> {
  if (coding === 'identity') return request
  if (coding !== 'gzip' && coding !== 'zstd') throw new Problem('unsupported_encoding', 'Content-Encoding may be gzip or zstd, once.')
  const unpacker = unpackers[coding]()
  pipeline(request, unpacker, () => undefined)
  return translated(unpacker)
}

async function* translated(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* stream as AsyncIterable<Uint8Array>
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    throw new Problem('unsupported_encoding', 'The body is not what its Content-Encoding says.', { cause })
  }
}

export async function wholeOf(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks)
}

/** A JSON body as its schema has it. Throws `Problem`. */
export async function readJson(content: AsyncIterable<Uint8Array>, body: Extract<BodyKind, { type: 'json' }>): Promise<unknown> {
  return parseAs(body.schema, parseJson(await wholeOf(content)), 'body')
}
