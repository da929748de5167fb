import type { SamplesPointer } from '../model/session.ts'
import type { Blobs } from '../ports/blobs.ts'

/** A session's own file: an object, or a part of its month's. Throws `Problem`, `storage_corrupt` where it is not what was kept. */
export async function sessionFile(blobs: Blobs, pointer: SamplesPointer): Promise<Uint8Array<ArrayBuffer>> {
  const { key, length, sha256, offset } = pointer
  const range = offset === undefined ? {} : { range: { from: offset, to: offset + length } }
  return copied(await blobs.get(key, { length, sha256, ...range }))
}

function copied(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes)
}
