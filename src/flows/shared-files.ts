import { Problem } from '../model/problem.ts'
import type { SamplesPointer } from '../model/session.ts'
import type { Blobs } from '../ports/blobs.ts'
import { sessionFile } from './session-samples.ts'

/**
 * Reads sessions' own files one after another, as `sessionFile` does, where many of a month are wanted: an object that they share is read
 * once for all that follow each other in it.
 */
export function sessionFileReader({
  blobs,
  sha256,
}: {
  readonly blobs: Blobs
  readonly sha256: (bytes: Uint8Array) => string
}): (pointer: SamplesPointer) => Promise<Uint8Array<ArrayBuffer>> {
  let lastKey = ''
  let last = new Uint8Array()

  return async function read(pointer) {
    if (pointer.offset === undefined) return sessionFile(blobs, pointer)
    const { key, offset, length } = pointer
    if (key !== lastKey) {
      last = new Uint8Array(await blobs.get(key))
      lastKey = key
    }
    const file = last.slice(offset, offset + length)
    if (file.length === length && sha256(file) === pointer.sha256) return file
    throw new Problem('storage_corrupt', `A session's part of ${key} is not what was kept.`)
  }
}
