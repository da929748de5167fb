import { Problem } from '../model/problem.ts'
import type { SamplesPointer, StoredSamples } from '../model/session.ts'
import type { Blobs } from '../ports/blobs.ts'
import { sessionFile, unshared } from './session-samples.ts'

export interface SharedFileDeps {
  readonly blobs: Blobs
  /** Hex. */
  readonly sha256: (bytes: Uint8Array) => string
}

/**
 * Sessions' own files as `sessionFile` gives them, each when it is asked for, where several are wanted: of an object that they share, the bytes
 * from the first of them to the last are read, once.
 */
export function sessionFilesOf(
  { blobs, sha256 }: SharedFileDeps,
  pointers: readonly SamplesPointer[],
): (pointer: SamplesPointer) => Promise<Uint8Array<ArrayBuffer>> {
  const shared = Map.groupBy(pointers.filter(isPart), ({ key }) => key)
  const reading = new Map<string, Promise<{ readonly from: number; readonly bytes: Uint8Array }>>()

  function spanOf(key: string) {
    const parts = shared.get(key) ?? []
    const from = Math.min(...parts.map(({ offset }) => offset))
    const to = Math.max(...parts.map(({ offset, length }) => offset + length))
    return blobs.get(key, { range: { from, to } }).then((bytes) => ({ from, bytes }))
  }

  /** One that is not among them is of a session that was moved meanwhile. */
  function isShared({ key, offset }: SharedPart): boolean {
    const parts = shared.get(key) ?? []
    return parts.length > 1 && parts.some((part) => part.offset === offset)
  }

  return async function read(pointer) {
    if (!isPart(pointer) || !isShared(pointer)) return sessionFile(blobs, pointer)
    const { key, offset, length } = pointer
    const span = reading.get(key) ?? spanOf(key)
    reading.set(key, span)
    const { from, bytes } = await span
    const part = unshared(bytes.subarray(offset - from, offset - from + length))
    // Whoever asked may give up what is theirs alone; of two who share all of it neither may.
    const file = part.length === bytes.length ? part.slice() : part
    if (file.length === length && sha256(file) === pointer.sha256) return file
    throw new Problem('storage_corrupt', `A session's part of ${key} is not what was kept.`)
  }
}

type SharedPart = StoredSamples & { readonly offset: number }

function isPart(pointer: SamplesPointer): pointer is SharedPart {
  return pointer.offset !== undefined
}
