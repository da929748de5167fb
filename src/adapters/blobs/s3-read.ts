import { crc32 } from 'node:zlib'
import type { GetObjectOutput, HeadObjectOutput, S3 } from '@aws-sdk/client-s3'
import { Problem } from '../../model/problem.ts'
import type { BlobHead } from '../../ports/blobs.ts'
import type { BucketPlace } from './bucket-place.ts'
import type { ObjectStore, OpenedObject, Span } from './object-store.ts'
import { asS3Problem, s3StatusOf, translated } from './s3-errors.ts'

interface S3Place {
  readonly Bucket: string
  readonly Key: string
}

export function s3Reads(s3: S3, { bucket, prefix }: BucketPlace): Pick<ObjectStore, 'open' | 'head' | 'list'> {
  const placeOf = (key: string) => ({ Bucket: bucket, Key: `${prefix}${key}` })

  async function head(key: string): Promise<BlobHead | undefined> {
    const found = await translated(() => headObject(s3, placeOf(key)))
    return found === undefined ? undefined : { key, length: found.ContentLength ?? 0 }
  }

  async function* list(start: string): AsyncGenerator<BlobHead> {
    for (let token: string | undefined, isLast = false; !isLast; ) {
      const request = { Bucket: bucket, Prefix: `${prefix}${start}`, ...(token !== undefined && { ContinuationToken: token }) }
      const page = await translated(() => s3.listObjectsV2(request))
      for (const { Key = '', Size = 0 } of page.Contents ?? []) yield { key: Key.slice(prefix.length), length: Size }
      token = page.NextContinuationToken
      isLast = page.IsTruncated !== true
    }
  }

  return { open: (key, span) => openObject(s3, key, placeOf(key), span), head, list }
}

async function openObject(s3: S3, key: string, place: S3Place, span: Span): Promise<OpenedObject> {
  const isWhole = span.from === 0 && span.to === undefined
  const range = isWhole ? {} : { Range: `bytes=${span.from}-${span.to === undefined ? '' : span.to - 1}` }
  try {
    const found = await s3.getObject({ ...place, ...range, ...(span.version !== undefined && { IfMatch: span.version }) })
    return {
      length: found.ContentLength ?? 0,
      ...(found.ETag !== undefined && { version: found.ETag }),
      ...(isWhole && sumsOf(found)),
      body: found.Body as AsyncIterable<Uint8Array> & typeof found.Body,
    }
  } catch (error) {
    return refused(error, key)
  }
}

function refused(error: unknown, key: string): OpenedObject {
  const problem = asS3Problem(error)
  const status = problem === error ? s3StatusOf(error) : undefined
  if (status === 404) throw new Problem('not_found', `No object ${key}`, { cause: error })
  if (status === 412) throw new Problem('conflict', `${key} is not the version that was there`, { cause: error })
  if (status === 416) return { length: 0, body: nothing() }
  throw problem
}

/** A SHA-256 that ends in `-N` is over the sums of N parts. */
function sumsOf({ ChecksumSHA256, ChecksumCRC32, ChecksumType }: GetObjectOutput): Pick<OpenedObject, 'sha256' | 'sum'> {
  if (ChecksumSHA256 !== undefined && !ChecksumSHA256.includes('-'))
    return { sha256: Buffer.from(ChecksumSHA256, 'base64').toString('hex') }
  if (ChecksumCRC32 === undefined || ChecksumType !== 'FULL_OBJECT') return {}
  const expected = Buffer.from(ChecksumCRC32, 'base64').readUInt32BE()
  let sum = 0
  return {
    sum: {
      add(chunk) {
        sum = crc32(chunk, sum)
      },
      isRight: () => sum === expected,
    },
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Undefined where nothing stands. */
export async function headObject(s3: S3, place: S3Place): Promise<HeadObjectOutput | undefined> {
  try {
    return await s3.headObject(place)
  } catch (error) {
    if (s3StatusOf(error) === 404) return undefined
    throw error
  }
}
