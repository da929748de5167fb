import { setTimeout as pause } from 'node:timers/promises'
import type { CRC32C, Storage } from '@google-cloud/storage'
import { Problem } from '../../model/problem.ts'
import { asGcsProblem, isRetried } from './gcs-errors.ts'
import { within } from './network-errors.ts'
import type { ObjectStore, OpenedObject, Span, Sum } from './object-store.ts'

const firstPauseMs = 100

export interface MediaOptions {
  readonly silenceMs: number
  readonly attempts: number
  readonly newSum: () => CRC32C
}

/**
 * Content, by the API's own request. The client's read stream is of no use to us: where one ends early, it closes the
 * connections of all others (8.4.0).
 */
export function gcsMedia(storage: Storage, bucket: string, prefix: string, options: MediaOptions): ObjectStore['open'] {
  const { silenceMs, attempts, newSum } = options

  async function ask(key: string, span: Span): Promise<Response> {
    const url = new URL(`${storage.baseUrl}/b/${bucket}/o/${encodeURIComponent(`${prefix}${key}`)}?alt=media`)
    if (span.version !== undefined) url.searchParams.set('generation', span.version)
    const headers = storage.customEndpoint ? new Headers() : await storage.authClient.getRequestHeaders(url)
    headers.set('accept-encoding', 'identity')
    if (!isWhole(span)) headers.set('range', `bytes=${span.from}-${span.to === undefined ? '' : span.to - 1}`)
    const ending = new AbortController()
    const answer = await within(silenceMs, fetch(url, { headers, signal: ending.signal }), () => ending.abort())
    if (answer.ok) return answer
    await answer.body?.cancel()
    throw Object.assign(new Error(`Cloud Storage answers ${answer.status}`), { status: answer.status })
  }

  async function askAgain(key: string, span: Span): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ask(key, span)
      } catch (error) {
        if (attempt >= attempts || !isRetried(error)) throw error
        await pause(firstPauseMs * 2 ** (attempt - 1))
      }
    }
  }

  return async (key, span) => {
    try {
      return openedFrom(await askAgain(key, span), span, newSum)
    } catch (error) {
      return refused(error, key)
    }
  }
}

function isWhole({ from, to }: Span): boolean {
  return from === 0 && to === undefined
}

function openedFrom({ headers, body }: Response, span: Span, newSum: () => CRC32C): OpenedObject {
  const version = headers.get('x-goog-generation')
  const sha256 = isWhole(span) ? headers.get('x-goog-meta-sha256') : null
  const crc32c = isWhole(span) && sha256 === null ? /crc32c=([^,]+)/.exec(headers.get('x-goog-hash') ?? '')?.[1] : undefined
  return {
    length: Number(headers.get('content-length') ?? headers.get('x-goog-stored-content-length')),
    ...(version !== null && { version }),
    ...(sha256 !== null && { sha256 }),
    ...(crc32c !== undefined && { sum: sumOf(newSum(), crc32c) }),
    body: body ?? nothing(),
  }
}

function sumOf(sum: CRC32C, expected: string): Sum {
  return {
    add: (chunk) => sum.update(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)),
    isRight: () => sum.validate(expected),
  }
}

function refused(error: unknown, key: string): OpenedObject {
  const { status } = error as { status?: unknown }
  if (status === 404) throw new Problem('not_found', `No object ${key}`, { cause: error })
  if (status === 416) return { length: 0, body: nothing() }
  throw asGcsProblem(error)
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
