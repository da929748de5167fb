import { setTimeout as pause } from 'node:timers/promises'
import { Problem } from '../../model/problem.ts'
import type { Expected } from '../../ports/blobs.ts'
import { checkContent, openGauge } from './content.ts'
import { within } from './network-errors.ts'
import type { ObjectStore, OpenedObject, Span } from './object-store.ts'

const chunkBytes = 1 << 20
const firstPauseMs = 100

/** One version of an object, checked against what the store and the caller say of it once the last chunk is out. */
export async function openContent(
  store: ObjectStore,
  key: string,
  span: Span,
  expected: Expected,
): Promise<{ readonly length: number; readonly chunks: AsyncGenerator<Uint8Array> }> {
  const opened = await store.open(key, span)
  return { length: opened.length, chunks: checkedChunks(store, key, span, opened, expected) }
}

async function* checkedChunks(
  store: ObjectStore,
  key: string,
  span: Span,
  opened: OpenedObject,
  expected: Expected,
): AsyncGenerator<Uint8Array> {
  const known = { length: opened.length, ...(opened.sha256 !== undefined && { sha256: opened.sha256 }) }
  const gauge = openGauge(expected.sha256 !== undefined || known.sha256 !== undefined)
  for await (const piece of unbroken(store, key, span, opened)) {
    for (let at = 0; at < piece.byteLength; at += chunkBytes) {
      const chunk = piece.subarray(at, at + chunkBytes)
      gauge.add(chunk)
      opened.sum?.add(chunk)
      yield chunk
    }
  }
  const found = gauge.read()
  checkContent(key, found, known)
  if (opened.sum?.isRight() === false) throw new Problem('storage_corrupt', `${key} does not match its checksum`)
  checkContent(key, found, expected)
}

/** Where the connection breaks, the same version is asked for from there on. */
async function* unbroken(store: ObjectStore, key: string, span: Span, first: OpenedObject): AsyncGenerator<Uint8Array> {
  let opened = first
  let at = 0
  for (let failures = 0; ; ) {
    try {
      for await (const piece of heard(opened.body, store.silenceMs)) {
        at += piece.byteLength
        failures = 0
        yield piece
      }
      return
    } catch (error) {
      const problem = store.asProblem(error)
      failures += 1
      if (codeOf(problem) !== 'unavailable' || first.version === undefined || failures >= store.attempts) throw problem
      if (at >= first.length) return
      await pause(firstPauseMs * 2 ** (failures - 1))
      opened = await reopened(store, key, { ...span, from: span.from + at, version: first.version })
    }
  }
}

async function reopened(store: ObjectStore, key: string, span: Span): Promise<OpenedObject> {
  try {
    return await store.open(key, span)
  } catch (cause) {
    if (!['not_found', 'conflict'].includes(codeOf(cause))) throw cause
    throw new Problem('unavailable', `${key} was replaced while it was read`, { cause })
  }
}

function codeOf(error: unknown): string {
  return error instanceof Problem ? error.code : ''
}

async function* heard(body: AsyncIterable<Uint8Array>, silenceMs: number): AsyncGenerator<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]()
  let isSilent = false
  try {
    for (;;) {
      const { done, value } = await within(silenceMs, iterator.next(), () => {
        isSilent = true
      })
      if (done === true) return
      yield value
    }
  } finally {
    // A silent body does not answer this either: it ends on its own time.
    const ended = iterator.return?.()
    if (isSilent) ended?.catch(() => {})
    else await ended
  }
}
