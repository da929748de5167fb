import type { S3, StorageClass } from '@aws-sdk/client-s3'
import { Problem } from '../../model/problem.ts'
import type { FailpointOptions } from '../failpoints.ts'
import { archiveClassOf, type BucketPlace } from './bucket-place.ts'
import type { ObjectStore, Target } from './object-store.ts'
import { s3StatusOf, translated } from './s3-errors.ts'
import { headObject } from './s3-read.ts'
import { type Publish, type Send, uploadParts } from './s3-upload.ts'

/** The parts of an upload are no longer there, the condition failed, or the store has none. */
const questioned = new Set<number | undefined>([404, 412, 501])

export function s3Writes(s3: S3, place: BucketPlace, { failpoint }: FailpointOptions): Pick<ObjectStore, 'put' | 'upload' | 'delete'> {
  const { bucket, prefix } = place
  const placeOf = (key: string) => ({ Bucket: bucket, Key: `${prefix}${key}` })
  const classOf = (key: string) => {
    const StorageClass = archiveClassOf(place, key) as StorageClass | undefined
    return StorageClass === undefined ? {} : { StorageClass }
  }
  const headOf = (key: string) => headObject(s3, placeOf(key))

  const publishing =
    (target: Target): Publish =>
    (send) =>
      send(target.ifAbsent ? { IfNoneMatch: '*' } : {}).catch((error) => settle(target, error, send))

  /** Our own put stands there when its first answer was lost and the client sent it again. */
  async function settle<T>(target: Target, error: unknown, send: Send<T>): Promise<T | undefined> {
    const status = s3StatusOf(error)
    if (!questioned.has(status)) throw error
    const standing = await headOf(target.key)
    if (standing?.Metadata?.put === target.id) return undefined
    if (!target.ifAbsent) throw error
    if (standing !== undefined || status === 412) throw new Problem('conflict', 'An object stands under this key already', { cause: error })
    if (status === 501) return await send({})
    throw error
  }

  /** Throws unless the store keeps what was sent: by its own sum, or by the length where it gives none. */
  async function confirm({ key, id }: Target, length: number, sum: string, said: string | undefined): Promise<void> {
    failpoint?.('blobs:stored')
    if (said === sum) return
    const head = said === undefined ? await headOf(key) : undefined
    if (said === undefined && head === undefined) throw new Problem('unavailable', `${key} was taken and is not there`)
    // Another put may have taken its place meanwhile.
    if (head !== undefined && (head.Metadata?.put !== id || head.ContentLength === length)) return
    throw new Problem('storage_corrupt', `The object store does not keep ${key} as it was sent`)
  }

  async function put(target: Target, bytes: Uint8Array, sha256: string): Promise<void> {
    const ChecksumSHA256 = Buffer.from(sha256, 'hex').toString('base64')
    const object = { ...placeOf(target.key), ...classOf(target.key), Metadata: { put: target.id }, ContentType: 'application/octet-stream' }
    const done = await publishing(target)((condition) => s3.putObject({ ...object, Body: bytes, ChecksumSHA256, ...condition }))
    await confirm(target, bytes.byteLength, ChecksumSHA256, done?.ChecksumSHA256)
  }

  async function upload(target: Target, parts: AsyncIterable<Uint8Array>): Promise<void> {
    const object = { ...placeOf(target.key), ...classOf(target.key), Metadata: { put: target.id } }
    const options = { publish: publishing(target), ...(failpoint !== undefined && { failpoint }) }
    const sent = await uploadParts(s3, object, parts, options)
    await confirm(target, sent.length, sent.crc32, sent.said)
  }

  return {
    put: (target, bytes, sha256) => translated(() => put(target, bytes, sha256)),
    upload: (target, parts) => translated(() => upload(target, parts)),
    async delete(key) {
      await translated(() => s3.deleteObject(placeOf(key)))
    },
  }
}
