import { randomUUID } from 'node:crypto'
import { afterAll } from 'vitest'
import { openS3Blobs } from '../../src/adapters/blobs/s3.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startS3 } from '../engines/s3.ts'
import { blobsContract } from './blobs.ts'

describeEngine('blobs in an S3-compatible store', await startS3(), (store) => {
  afterAll(() => store.stop())

  blobsContract('s3', async () => {
    const url = `${store.url}&prefix=${randomUUID()}`
    return { blobs: await openS3Blobs(url), reopen: () => openS3Blobs(url), remove: async () => undefined }
  })
})
