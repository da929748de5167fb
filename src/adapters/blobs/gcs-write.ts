import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Bucket, File } from '@google-cloud/storage'
import { Problem } from '../../model/problem.ts'
import type { FailpointOptions } from '../failpoints.ts'
import { archiveClassOf, type BucketPlace } from './bucket-place.ts'
import { gcsStatusOf, translated } from './gcs-errors.ts'
import { metadataOf } from './gcs-read.ts'
import { openWatch, within } from './network-errors.ts'
import type { ObjectStore, Target } from './object-store.ts'

const contentType = 'application/octet-stream'
const chunkSize = 8 << 20

export function gcsWrites(
  bucket: Bucket,
  place: BucketPlace,
  { failpoint, silenceMs }: FailpointOptions & { readonly silenceMs: number },
): Pick<ObjectStore, 'put' | 'upload' | 'delete'> {
  const { prefix } = place
  const classOf = (key: string) => {
    const storageClass = archiveClassOf(place, key)
    return storageClass === undefined ? {} : { storageClass }
  }
  const fileOf = (key: string) => bucket.file(`${prefix}${key}`)

  async function put(target: Target, bytes: Uint8Array, sha256: string): Promise<void> {
    const file = fileOf(target.key)
    const metadata = { contentType, ...classOf(target.key), metadata: { put: target.id, sha256 } }
    const saved = file.save(asBuffer(bytes), { resumable: false, metadata, ...conditionOf(target) })
    await publishing(target, within(silenceMs, saved))
    confirm(target.key, file, bytes.byteLength)
  }

  async function upload(target: Target, parts: AsyncIterable<Uint8Array>, sha256: () => string): Promise<void> {
    const file = fileOf(target.key)
    const metadata = { contentType, ...classOf(target.key), metadata: { put: target.id } }
    let length = 0
    const watch = openWatch(silenceMs)
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const part of parts) {
        length += part.byteLength
        watch.begin()
        yield part
        watch.end()
        failpoint?.('blobs:part-sent')
      }
      watch.begin()
    }
    const into = file.createWriteStream({ resumable: true, chunkSize, metadata, ...conditionOf(target) })
    into.on('progress', watch.renew)
    await publishing(target, pipeline(Readable.from(counted()), into, { signal: watch.signal }).catch(watch.explain).finally(watch.end))
    confirm(target.key, file, length)
    await label(file, { put: target.id, sha256: sha256() })
  }

  /** Our own put stands there when its first answer was lost and the client sent it again. */
  async function publishing(target: Target, sent: Promise<unknown>): Promise<void> {
    try {
      await sent
    } catch (error) {
      if (gcsStatusOf(error) !== 412) throw error
      const standing = await within(silenceMs, metadataOf(fileOf(target.key)))
      if (standing?.metadata?.put === target.id) return
      throw new Problem('conflict', 'An object stands under this key already', { cause: error })
    }
  }

  /** The client has compared the CRC-32C with that of what it sent. */
  function confirm(key: string, { metadata }: File, length: number): void {
    failpoint?.('blobs:stored')
    if (metadata.size !== undefined && Number(metadata.size) !== length) {
      throw new Problem('storage_corrupt', `Cloud Storage does not keep ${key} as it was sent`)
    }
  }

  /** The SHA-256 of what was sent in parts is known too late to go with it. */
  async function label(file: File, metadata: Readonly<Record<string, string>>): Promise<void> {
    const condition = { ifGenerationMatch: file.metadata.generation }
    try {
      await within(silenceMs, file.setMetadata({ metadata }, condition))
    } catch (error) {
      // Another put, or a delete, has taken its place meanwhile.
      if (gcsStatusOf(error) !== 404 && gcsStatusOf(error) !== 412) throw error
    }
  }

  return {
    put: (target, bytes, sha256) => translated(() => put(target, bytes, sha256)),
    upload: (target, parts, sha256) => translated(() => upload(target, parts, sha256)),
    async delete(key) {
      await translated(() => within(silenceMs, fileOf(key).delete({ ignoreNotFound: true })))
    },
  }
}

function conditionOf({ ifAbsent }: Target): { preconditionOpts?: { ifGenerationMatch: number } } {
  return ifAbsent ? { preconditionOpts: { ifGenerationMatch: 0 } } : {}
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
