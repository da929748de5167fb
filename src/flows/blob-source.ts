import type { ByteSource } from '../importers/byte-source.ts'
import { Problem } from '../model/problem.ts'
import type { Blobs } from '../ports/blobs.ts'

/** Read ahead: a store of objects takes as long for one byte as for a million. */
const BLOCK = 4 << 20

/** A stored object to be imported; read once through, each byte is fetched about once. Throws `Problem('not_found')`. */
export async function openBlobSource(blobs: Blobs, key: string): Promise<ByteSource> {
  const head = await blobs.head(key)
  if (head === undefined) throw new Problem('not_found', 'The uploaded file is not there any more.')
  const { length } = head
  let block: { readonly from: number; readonly bytes: Uint8Array } = { from: 0, bytes: new Uint8Array(0) }
  return {
    length,
    async read(from, to) {
      const end = Math.min(to, length)
      if (from < block.from || end > block.from + block.bytes.length) {
        const until = Math.min(length, Math.max(end, from + BLOCK))
        block = { from, bytes: await blobs.get(key, { range: { from, to: until } }) }
      }
      return block.bytes.subarray(from - block.from, end - block.from)
    },
  }
}
