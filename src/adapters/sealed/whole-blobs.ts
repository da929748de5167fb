import type { Blobs, GetOptions } from '../../ports/blobs.ts'
import { notSealedHere } from './gcm.ts'
import { areWhole, HEADER_BYTES, readHeader } from './object-form.ts'
import { wholeStream } from './streams.ts'

/**
 * The same objects as they lie, for whoever copies them without any key: a sealed one that is read whole is `storage_corrupt` where it is not
 * as it was written. That finds what a disk did to it; what somebody did on purpose only its key shows.
 */
export function wholeBlobs(blobs: Blobs): Blobs {
  async function get(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    const bytes = await blobs.get(key, options)
    const header = options.range === undefined ? readHeader(bytes) : undefined
    if (header !== undefined && !areWhole(header, bytes.subarray(HEADER_BYTES), 0, true)) throw notSealedHere()
    return bytes
  }

  return { ...blobs, get, read: (key, expect) => wholeStream(blobs.read(key, expect)) }
}
