import { Problem } from '../model/problem.ts'
import type { SamplesPointer } from '../model/session.ts'
import type { Blobs } from '../ports/blobs.ts'

/** A session's own file: in its document, an object, or a part of its month's. Throws `Problem`, `storage_corrupt` where it is not what was kept. */
export async function sessionFile(blobs: Blobs, pointer: SamplesPointer): Promise<Uint8Array<ArrayBuffer>> {
  if (pointer.inline !== undefined) return inlineFile(pointer)
  const { key, length, sha256, offset } = pointer
  const range = offset === undefined ? {} : { range: { from: offset, to: offset + length } }
  return unshared(await blobs.get(key, { length, sha256, ...range }))
}

/** The same, to be moved or merged: where the session has left it meanwhile that is a `conflict`, and the next try finds out where it is. */
export async function movableFile(blobs: Blobs, pointer: SamplesPointer): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await sessionFile(blobs, pointer)
  } catch (cause) {
    if (!(cause instanceof Problem && cause.code === 'not_found')) throw cause
    throw new Problem('conflict', 'The samples of a session were moved or deleted while they were read.', { cause })
  }
}

/** The document that holds it is checked by its store. */
function inlineFile({ inline, length }: { readonly inline: string; readonly length: number }): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.fromBase64(inline)
  if (bytes.length !== length) throw new Problem('storage_corrupt', 'The samples in a session’s document are not what was kept.')
  return bytes
}

export function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes)
}
