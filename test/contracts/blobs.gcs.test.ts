import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { openGcsBlobs } from '../../src/adapters/blobs/gcs.ts'
import type { ProblemCode } from '../../src/model/problem.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startFaultProxy } from '../engines/fault-proxy.ts'
import { startGcs } from '../engines/gcs.ts'
import { blobsContract } from './blobs.ts'
import { blobsFaults } from './blobs-faults.ts'
import { expectProblem, inChunks, keysOf, text } from './expectations.ts'

test.each<[string, ProblemCode]>([
  ['gs:', 'invalid'],
  ['s3://bucket', 'invalid'],
  ['gs://bucket/folder', 'invalid'],
  ['gs://bucket?endpoint=http://127.0.0.1:1', 'invalid'],
  ['gs://bucket?prefix=../up', 'invalid_id'],
])('%s names no store that can be opened', async (url, code) => {
  await expectProblem(code, openGcsBlobs(url))
})

describeEngine('blobs in Cloud Storage', await startGcs(), (store) => {
  afterAll(() => store.stop())

  const newUrl = () => `${store.url}?prefix=${randomUUID()}`

  blobsContract('gcs', async () => {
    const url = newUrl()
    return { blobs: await openGcsBlobs(url), reopen: () => openGcsBlobs(url), remove: async () => undefined }
  })

  blobsFaults('gcs', {
    target: store.endpoint,
    async open(proxy, options) {
      process.env.STORAGE_EMULATOR_HOST = proxy
      try {
        return await openGcsBlobs(newUrl(), options)
      } finally {
        process.env.STORAGE_EMULATOR_HOST = store.endpoint
      }
    },
    sendsContent: ({ method, url = '' }) => url.startsWith('/upload') && (method === 'PUT' || url.includes('uploadType=multipart')),
    getsContent: ({ method, url = '' }) => method === 'GET' && url.includes('alt=media'),
  })

  test('the SHA-256 stands beside every object', async () => {
    const blobs = await openGcsBlobs(`${store.url}?prefix=sums`)
    const large = new Uint8Array(9 << 20)
    for (const [key, bytes] of Object.entries({ small: text('x'), large })) {
      const { sha256 } = await blobs.putStream(key, inChunks(bytes, 1_000_000))
      const answer = await fetch(`${store.endpoint}/storage/v1/b/${new URL(store.url).host}/o/sums%2F${key}`)
      expect(await answer.json()).toMatchObject({ size: String(bytes.length), metadata: { sha256 } })
    }
  })

  test('an object without a SHA-256 is known by its CRC-32C', async () => {
    const proxy = await startFaultProxy(store.endpoint)
    process.env.STORAGE_EMULATOR_HOST = proxy.url
    const blobs = await openGcsBlobs(`${store.url}?prefix=foreign`)
    process.env.STORAGE_EMULATOR_HOST = store.endpoint
    const bucket = new URL(store.url).host
    const upload = `${store.endpoint}/upload/storage/v1/b/${bucket}/o?uploadType=media&name=foreign%2Fa`
    expect((await fetch(upload, { method: 'POST', body: '0123456789' })).status).toBe(200)
    expect(await blobs.get('a')).toEqual(text('0123456789'))
    proxy.inject(() => 'flip answer')
    await expectProblem('storage_corrupt', blobs.get('a'))
    await proxy.stop()
  })

  test('more objects than a page holds are listed in order', async () => {
    const blobs = await openGcsBlobs(newUrl())
    const keys = Array.from({ length: 1005 }, (_, n) => `many/${n}`)
    await blobs.putAll(keys.map((key) => ({ key, bytes: text('x') })))
    expect(await keysOf(blobs, 'many/')).toEqual([...keys].sort())
  })

  test('a bucket that is not there is told at once', async () => {
    await expectProblem('unavailable', openGcsBlobs('gs://no-such-bucket'))
  })
})
