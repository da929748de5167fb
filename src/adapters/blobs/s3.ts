import type { Blobs } from '../../ports/blobs.ts'
import { parseBucketUrl } from './bucket-place.ts'
import { blobsOver } from './object-blobs.ts'
import type { ObjectStoreOptions } from './object-store.ts'
import { openClient } from './s3-client.ts'
import { asS3Problem, translated } from './s3-errors.ts'
import { s3Reads } from './s3-read.ts'
import { sweepUploads } from './s3-upload.ts'
import { s3Writes } from './s3-write.ts'

// At most 10,000 parts: objects up to 80 GiB.
const partBytes = 8 << 20
const orphanAgeMs = 24 * 3_600_000

/**
 * Objects in a bucket of any S3-compatible store: `s3://BUCKET?endpoint=…&region=…&prefix=…&pathStyle=true&archiveClass=…`, all but the
 * bucket optional; `archiveClass` is the storage class of what is archived, one that is read at once, such as `STANDARD_IA` or `GLACIER_IR`. Credentials come from where the AWS client looks for them (`AWS_ACCESS_KEY_ID` and the rest of its chain).
 *
 * The store must be strongly consistent and know `If-None-Match: *`. One that answers it with NotImplemented is asked
 * whether the object is there and then sent it: of two that put at the same moment both may win there. Content is known by
 * its SHA-256, or, where it was sent in parts, by its CRC-32. In a bucket that keeps versions a delete is not an erasure.
 */
export async function openS3Blobs(url: string, options: ObjectStoreOptions = {}): Promise<Blobs & AsyncDisposable> {
  const place = parseBucketUrl(url, 's3', ['endpoint', 'region', 'pathStyle', 'archiveClass'])
  const { silenceMs = 60_000, attempts = 4 } = options
  const s3 = await openClient(place, { silenceMs, attempts })
  await translated(() => sweepUploads(s3, place.bucket, place.prefix, new Date(Date.now() - orphanAgeMs)))
  return blobsOver({
    ...s3Writes(s3, place, options),
    ...s3Reads(s3, place),
    partBytes,
    silenceMs,
    attempts,
    asProblem: asS3Problem,
    close: () => s3.destroy(),
  })
}
