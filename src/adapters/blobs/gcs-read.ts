import type { Bucket, File, GetFilesOptions } from '@google-cloud/storage'
import type { BlobHead } from '../../ports/blobs.ts'
import type { BucketPlace } from './bucket-place.ts'
import { gcsStatusOf, translated } from './gcs-errors.ts'
import { within } from './network-errors.ts'
import type { ObjectStore } from './object-store.ts'

export function gcsReads(
  bucket: Bucket,
  { prefix }: BucketPlace,
  { silenceMs }: { readonly silenceMs: number },
): Pick<ObjectStore, 'head' | 'list'> {
  async function head(key: string): Promise<BlobHead | undefined> {
    const found = await translated(() => within(silenceMs, metadataOf(bucket.file(`${prefix}${key}`))))
    return found === undefined ? undefined : { key, length: Number(found.size) }
  }

  async function* list(start: string): AsyncGenerator<BlobHead> {
    let query: GetFilesOptions | null = { prefix: `${prefix}${start}`, autoPaginate: false }
    while (query !== null) {
      const { heads, next } = await page(query)
      yield* heads
      query = next
    }
  }

  async function page(query: GetFilesOptions): Promise<{ readonly heads: BlobHead[]; readonly next: GetFilesOptions | null }> {
    const [files, next] = await translated(() => within(silenceMs, bucket.getFiles(query)))
    const heads = files.map(({ name, metadata }) => ({ key: name.slice(prefix.length), length: Number(metadata.size) }))
    return { heads, next: next ?? null }
  }

  return { head, list }
}

/** Undefined where nothing stands. */
export async function metadataOf(file: File): Promise<File['metadata'] | undefined> {
  try {
    const [metadata] = await file.getMetadata()
    return metadata
  } catch (error) {
    if (gcsStatusOf(error) === 404) return undefined
    throw error
  }
}
