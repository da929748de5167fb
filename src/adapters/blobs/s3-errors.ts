import { Problem } from '../../model/problem.ts'
import { errorCodeOf } from '../disk.ts'
import { asRefusal, type Refusal } from './network-errors.ts'

const full = new Set(['EntityTooLarge', 'QuotaExceeded', 'XMinioAdminBucketQuotaExceeded', 'XMinioStorageFull'])

/** Silence, and bytes that changed on their way and were refused. */
const lost = new Set(['BadDigest', 'InvalidDigest', 'TimeoutError', 'XAmzContentChecksumMismatch', 'XAmzContentSHA256Mismatch'])

/** What the client and the store behind it say, as a `Problem`; any other error as it is. */
export function asS3Problem(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Problem) return error
  const refusal = refusalOf(error)
  if (refusal.code === 'NoSuchBucket') return new Problem('unavailable', 'There is no such bucket in the object store', { cause: error })
  if (refusal.code === 'CredentialsProviderError') {
    return new Problem('unavailable', 'There are no credentials for the object store', { cause: error })
  }
  if (full.has(refusal.code)) return new Problem('storage_full', 'The object store takes no more', { cause: error })
  if (lost.has(refusal.code)) {
    return new Problem('unavailable', `The object store does not answer (${refusal.code})`, { cause: error })
  }
  return asRefusal(refusal, error) ?? error
}

export function s3StatusOf(error: unknown): number | undefined {
  return error instanceof Error && '$metadata' in error ? (error.$metadata as { httpStatusCode?: number }).httpStatusCode : undefined
}

export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw asS3Problem(error)
  }
}

function refusalOf(error: Error): Refusal {
  return { status: s3StatusOf(error), code: errorCodeOf(error) || error.name }
}
