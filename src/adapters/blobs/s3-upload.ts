import { crc32 } from 'node:zlib'
import type { CompletedPart, S3 } from '@aws-sdk/client-s3'
import type { FailpointOptions } from '../failpoints.ts'

/** One part is filled while another is on its way. */
const underWay = 2

interface Upload {
  readonly Bucket: string
  readonly Key: string
  readonly UploadId: string | undefined
}

interface Sent {
  readonly parts: CompletedPart[]
  readonly length: number
  readonly crc32: string
}

export type Send<T> = (condition: { readonly IfNoneMatch?: '*' }) => Promise<T>

/** Sends what makes the object appear, under the condition that it should; undefined where it had appeared already. */
export type Publish = <T>(send: Send<T>) => Promise<T | undefined>

/** What was sent in parts; `said` is the sum of the whole as the store gives it, if it does. */
export interface Uploaded {
  readonly length: number
  readonly crc32: string
  readonly said: string | undefined
}

/** The object appears at the end or not at all: when anything throws, what was sent of it is taken back. */
export async function uploadParts(
  s3: S3,
  object: { readonly Bucket: string; readonly Key: string; readonly Metadata: Record<string, string> },
  parts: AsyncIterable<Uint8Array>,
  { publish, failpoint }: FailpointOptions & { readonly publish: Publish },
): Promise<Uploaded> {
  const { UploadId, ChecksumType } = await s3.createMultipartUpload({
    ...object,
    ContentType: 'application/octet-stream',
    ChecksumAlgorithm: 'CRC32',
    ChecksumType: 'FULL_OBJECT',
  })
  const upload: Upload = { Bucket: object.Bucket, Key: object.Key, UploadId }
  try {
    const { parts: Parts, length, crc32 } = await sendAll(s3, upload, parts, () => failpoint?.('blobs:part-sent'))
    // A store without sums of the whole would take this one for a sum over the sums of the parts.
    const whole = ChecksumType === 'FULL_OBJECT' ? { ChecksumType, ChecksumCRC32: crc32 } : {}
    const complete = { ...upload, ...whole, MpuObjectSize: length, MultipartUpload: { Parts } }
    const done = await publish((condition) => s3.completeMultipartUpload({ ...complete, ...condition }))
    return { length, crc32, said: ChecksumType === 'FULL_OBJECT' ? done?.ChecksumCRC32 : undefined }
  } catch (error) {
    await abort(s3, upload)
    throw error
  }
}

async function sendAll(s3: S3, upload: Upload, parts: AsyncIterable<Uint8Array>, onSent: () => void): Promise<Sent> {
  const sending: Promise<CompletedPart>[] = []
  let length = 0
  let sum = 0
  try {
    for await (const part of parts) {
      length += part.byteLength
      sum = crc32(part, sum)
      const sent = send(s3, upload, sending.length + 1, part, onSent)
      // Its failure comes out below; until then nobody waits for it.
      sent.catch(() => {})
      sending.push(sent)
      await sending.at(-underWay)
    }
    return { parts: await Promise.all(sending), length, crc32: base64Of(sum) }
  } catch (error) {
    // A part that arrives after the upload was taken back would stay.
    await Promise.allSettled(sending)
    throw error
  }
}

async function send(s3: S3, upload: Upload, PartNumber: number, part: Uint8Array, onSent: () => void): Promise<CompletedPart> {
  const ChecksumCRC32 = base64Of(crc32(part))
  const { ETag } = await s3.uploadPart({ ...upload, PartNumber, Body: part, ChecksumCRC32 })
  onSent()
  return { PartNumber, ETag, ChecksumCRC32 }
}

/** What cannot be taken back now is when the store is opened a day later. */
async function abort(s3: S3, upload: Upload): Promise<void> {
  try {
    await s3.abortMultipartUpload(upload)
  } catch {}
}

/** Uploads that a crash left: they are not objects, and take up space. */
export async function sweepUploads(s3: S3, Bucket: string, Prefix: string, olderThan: Date): Promise<void> {
  const { Uploads = [] } = await s3.listMultipartUploads({ Bucket, Prefix })
  for (const { Key, UploadId, Initiated } of Uploads) {
    if (Key !== undefined && Initiated !== undefined && Initiated < olderThan) await abort(s3, { Bucket, Key, UploadId })
  }
}

function base64Of(sum: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(sum)
  return bytes.toString('base64')
}
