import type { Bucket } from '@google-cloud/storage'
import { Problem } from '../../model/problem.ts'
import type { Blobs } from '../../ports/blobs.ts'
import { type BucketPlace, parseBucketUrl } from './bucket-place.ts'
import { asGcsProblem, gcsStatusOf, isRetried, translated } from './gcs-errors.ts'
import { gcsMedia } from './gcs-media.ts'
import { gcsReads } from './gcs-read.ts'
import { gcsWrites } from './gcs-write.ts'
import { within } from './network-errors.ts'
import { blobsOver } from './object-blobs.ts'
import type { ObjectStoreOptions } from './object-store.ts'

const partBytes = 8 << 20
const longestPauseS = 8

/**
 * Objects in a bucket of Cloud Storage: `gs://BUCKET?prefix=…&archiveClass=…`, the latter the storage class of what is archived. Credentials are the application's default;
 * `STORAGE_EMULATOR_HOST` names an emulator. Content is known by its CRC-32C and by the SHA-256 in its metadata. In a
 * bucket that keeps versions, or deletes softly, a delete is not an erasure.
 */
export async function openGcsBlobs(url: string, options: ObjectStoreOptions = {}): Promise<Blobs & AsyncDisposable> {
  const place = parseBucketUrl(url, 'gs', ['archiveClass'])
  const { silenceMs = 60_000, attempts = 4 } = options
  const { CRC32C, IdempotencyStrategy, Storage } = await import('@google-cloud/storage')
  const storage = new Storage({
    retryOptions: {
      autoRetry: attempts > 1,
      maxRetries: attempts - 1,
      maxRetryDelay: longestPauseS,
      retryableErrorFn: isRetried,
      // Each of our requests may be sent twice. The conditional strategy would turn retries off for whatever else is
      // under way at the time.
      idempotencyStrategy: IdempotencyStrategy.RetryAlways,
    },
  })
  // Where an emulator is named by its host, the client leaves out the path of the API.
  storage.baseUrl = `${storage.apiEndpoint}/storage/v1`
  const bucket = storage.bucket(place.bucket)
  await checkBucket(bucket, place, silenceMs)
  return blobsOver({
    ...gcsWrites(bucket, place, { ...options, silenceMs }),
    ...gcsReads(bucket, place, { silenceMs }),
    open: gcsMedia(storage, place.bucket, place.prefix, { silenceMs, attempts, newSum: () => new CRC32C() }),
    partBytes,
    silenceMs,
    attempts,
    asProblem: asGcsProblem,
    close: () => undefined,
  })
}

/** Later, an absent bucket would look like an absent object. */
async function checkBucket(bucket: Bucket, { prefix }: BucketPlace, silenceMs: number): Promise<void> {
  try {
    await translated(() => within(silenceMs, bucket.getFiles({ prefix, maxResults: 1, autoPaginate: false })))
  } catch (error) {
    if (gcsStatusOf(error) !== 404) throw error
    throw new Problem('unavailable', `There is no bucket ${bucket.name} in Cloud Storage`, { cause: error })
  }
}
