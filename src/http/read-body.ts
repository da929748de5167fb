import type { IncomingMessage } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import { constants, createGunzip, createZstdDecompress } from 'node:zlib'
import type { z } from 'zod'
import type { BodyKind } from '../api/endpoint.ts'
import { parseAs } from '../model/parse.ts'
import { Problem } from '../model/problem.ts'
import { bodyPatience, gatherPieces, isCutOff, type Patience, tooSlow, truncated } from './body-pieces.ts'
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

// A zstd frame names how much memory its unpacking takes, up to 2 GiB: no more than 8 MiB is given.
const zstdLimits = { params: { [constants.ZSTD_d_windowLogMax]: 23 } }
const unpackers = { gzip: () => createGunzip(), zstd: () => createZstdDecompress(zstdLimits) } as const

/** What comes with a request, unpacked. */
export interface Content extends AsyncIterable<Uint8Array> {
  /** All of it at once, in the pieces in which it came, as often as it is asked for; absent where it may be long. */
  readonly pieces?: () => Promise<readonly Uint8Array[]>
}

/** So much is gathered before anybody looks at it. */
const MOST_GATHERED = 1024 * 1024

/** The bytes, unpacked; throws as soon as there are more than `maxBytes`, or they come too slowly. */
export function contentOf(request: IncomingMessage, maxBytes: number, patience: Patience = bodyPatience): Content {
  const said = request.headers['content-length']
  const coding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  const isShort = said !== undefined && coding === 'identity' && Number(said) <= Math.min(maxBytes, MOST_GATHERED)
  let gathered: Promise<readonly Uint8Array[]> | undefined
  function pieces(): Promise<readonly Uint8Array[]> {
    gathered ??= gatherPieces(request, patience)
    return gathered
  }
  return {
    ...(isShort && { pieces }),
    [Symbol.asyncIterator]: () => streamOf(request, coding, maxBytes, patience),
  }
}

async function* streamOf(request: IncomingMessage, coding: string, maxBytes: number, patience: Patience): AsyncGenerator<Uint8Array> {
  const length = Number(request.headers['content-length'] ?? 0)
  if (length > maxBytes) throw new Problem('body_too_large', `At most ${maxBytes} bytes are taken here.`)
  let total = 0
  for await (const chunk of unpacked(received(request, patience), coding)) {
    total += chunk.length
    if (total > maxBytes)
      throw new Problem(coding === 'identity' ? 'body_too_large' : 'decompressed_too_large', `At most ${maxBytes} bytes are taken here.`)
    yield chunk
  }
}

async function* received(request: IncomingMessage, { graceMs, bytesPerS }: Patience): AsyncGenerator<Uint8Array> {
  // A request that is destroyed takes its connection with it, and so the answer that says why.
  const chunks: AsyncIterator<Uint8Array> = request.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]()
  let waitedMs = 0
  let total = 0

  async function awaited(): Promise<IteratorResult<Uint8Array>> {
    const sinceMs = performance.now()
    const next = await inTime(chunks.next(), graceMs + (total / bytesPerS) * 1000 - waitedMs)
    waitedMs += performance.now() - sinceMs
    return next
  }

  try {
    for (;;) {
      const next = await (hasMore(request) ? chunks.next() : awaited())
      if (next.done) return
      total += next.value.length
      yield next.value
    }
  } catch (cause) {
    throw isCutOff(cause) ? truncated(cause) : cause
  } finally {
    // Not waited for: it waits for the chunk that may never come.
    void chunks.return?.()
  }
}

/** Whether the next chunk, or the end, has come: nobody waits for it, and no timer is needed. */
function hasMore({ complete, readableLength }: IncomingMessage): boolean {
  return complete || readableLength > 0
}

async function inTime<T>(next: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow()), Math.max(0, ms))
  })
  try {
    return await Promise.race([next, late])
  } finally {
    clearTimeout(timer)
  }
}

function unpacked(content: AsyncIterable<Uint8Array>, coding: string): AsyncIterable<Uint8Array> {
  if (coding === 'identity') return content
  if (coding !== 'gzip' && coding !== 'zstd') throw new Problem('unsupported_encoding', 'Content-Encoding may be gzip or zstd, once.')
  const unpacker = unpackers[coding]()
  pipeline(Readable.from(content), unpacker, () => undefined)
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

export async function wholeOf(content: Content): Promise<Uint8Array> {
  const pieces = await piecesOf(content)
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces)
}

let memory = new Uint8Array(1 << 17)

/** What `use` makes of the whole, which is there as long as `use` runs and no longer: its memory is used again. */
export async function withWhole<T extends object>(content: Content, use: (bytes: Uint8Array) => T): Promise<T> {
  const pieces = await piecesOf(content)
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  if (pieces.length === 1) return use(pieces[0] as Uint8Array)
  if (length > MOST_GATHERED) return use(Buffer.concat(pieces))
  if (length > memory.length) memory = new Uint8Array(MOST_GATHERED)
  let at = 0
  for (const piece of pieces) {
    memory.set(piece, at)
    at += piece.length
  }
  return use(memory.subarray(0, length))
}

async function piecesOf(content: Content): Promise<readonly Uint8Array[]> {
  if (content.pieces !== undefined) return content.pieces()
  const pieces: Uint8Array[] = []
  for await (const piece of content) pieces.push(piece)
  return pieces
}

/** A JSON body as its schema has it. Throws `Problem`. */
export async function readJson(content: Content, body: Extract<BodyKind, { type: 'json' }>): Promise<unknown> {
  return bodyAs(body.schema, parseJson(await wholeOf(content)))
}

/** What was sent as the schema has it. Throws `Problem` by the code of what is wrong, `invalid` where several things are. */
export function bodyAs<S extends z.ZodType>(schema: S, said: unknown): z.output<S> {
  try {
    return parseAs(schema, said, 'body')
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const [only = error.code, ...others] = new Set(error.errors?.map(({ code }) => code))
    if (others.length > 0) throw error
    throw new Problem(only, error.detail, { cause: error, ...(error.errors && { errors: error.errors }) })
  }
}
