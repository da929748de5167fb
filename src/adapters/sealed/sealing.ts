import { placeOf } from '../../model/collections.ts'
import { Problem } from '../../model/problem.ts'
import type { Sealing } from '../../ports/sealing.ts'
import type { SealedBlobsDeps } from './blobs.ts'
import { type Body, envelopeOf, ownerOf, part } from './envelope.ts'
import { HEADER_BYTES, readHeader } from './object-form.ts'
import { rowOf } from './writes.ts'

/** Of objects as they lie. What nobody can open any more is never stale: it is left to whoever erases it. */
export function openSealing({ blobs, ring, ownerOf: ownerOfObject }: SealedBlobsDeps): Sealing {
  async function isNewest(owner: string, version: number): Promise<boolean> {
    try {
      return (await ring.opening(owner))?.newest.version === version
    } catch (error) {
      if (error instanceof Problem && error.code === 'erased') return true
      throw error
    }
  }

  return {
    async isStale({ path, body }) {
      const row = rowOf(placeOf(path).collection)
      if (row?.sealed === undefined) return false
      const envelope = envelopeOf(body as Body)
      if (envelope === undefined) return part(body as Body, row).secret !== undefined
      return !(await isNewest(ownerOf(path, body as Body), envelope.key))
    },
    async isStaleObject(key) {
      const owner = ownerOfObject(key)
      if (owner === undefined) return false
      const header = readHeader(await blobs.get(key, { range: { from: 0, to: HEADER_BYTES } }))
      return header === undefined || !(await isNewest(owner, header.version))
    },
  }
}
