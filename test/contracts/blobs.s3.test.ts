import { randomUUID } from 'node:crypto'
import { S3 } from '@aws-sdk/client-s3'
import { afterAll, expect, test } from 'vitest'
import { openS3Blobs } from '../../src/adapters/blobs/s3.ts'
import { sweepUploads } from '../../src/adapters/blobs/s3-upload.ts'
import type { ProblemCode } from '../../src/model/problem.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startFaultProxy } from '../engines/fault-proxy.ts'
import { startS3 } from '../engines/s3.ts'
import { blobsContract } from './blobs.ts'
import { blobsFaults } from './blobs-faults.ts'
import { expectProblem, inChunks, keysOf, text } from './expectations.ts'

const large = new Uint8Array(9 << 20).map((_, n) => n % 251)

test.each<[string, ProblemCode]>([
  ['s3:', 'invalid'],
  ['s3://', 'invalid'],
  ['gs://bucket', 'invalid'],
  ['s3://bucket/folder', 'invalid'],
  ['s3://bucket?regoin=x', 'invalid'],
  ['s3://bucket?endpoint=here', 'invalid'],
  ['s3://bucket?pathStyle=yes', 'invalid'],
  ['s3://bucket?prefix=../up', 'invalid_id'],
  ['s3://bucket?endpoint=http://127.0.0.1:1&pathStyle=true', 'unavailable'],
])('%s names no store that can be opened', async (url, code) => {
  await expectProblem(code, openS3Blobs(url))
})

describeEngine('blobs in an S3-compatible store', await startS3(), (store) => {
  const endpoint = new URL(store.url).searchParams.get('endpoint') ?? ''
  const bucket = new URL(store.url).host
  const client = new S3({ endpoint, region: 'us-east-1', forcePathStyle: true })
  afterAll(async () => {
    client.destroy()
    await store.stop()
  })

  const newUrl = (through = endpoint) => {
    const url = new URL(store.url)
    url.searchParams.set('endpoint', through)
    url.searchParams.set('prefix', randomUUID())
    return url.href
  }
  const uploadsBelow = async (url: string) => {
    const Prefix = new URL(url).searchParams.get('prefix') ?? ''
    return (await client.listMultipartUploads({ Bucket: bucket, Prefix })).Uploads ?? []
  }

  blobsContract('s3', async () => {
    const url = newUrl()
    return { blobs: await openS3Blobs(url), reopen: () => openS3Blobs(url), remove: async () => undefined }
  })

  blobsFaults('s3', {
    target: endpoint,
    open: (proxy, options) => openS3Blobs(newUrl(proxy), options),
    sendsContent: ({ method, url = '' }) => method === 'PUT' && (!url.includes('uploadId') || url.includes('partNumber')),
    getsContent: ({ method, url = '' }) => method === 'GET' && !url.includes('list-type'),
  })

  test('two places in one bucket do not see each other', async () => {
    const [one, other] = [await openS3Blobs(newUrl()), await openS3Blobs(newUrl())]
    await one.putAll([{ key: 'a/b', bytes: text('x') }])
    expect([await keysOf(one, ''), await keysOf(other, ''), await other.head('a/b')]).toEqual([['a/b'], [], undefined])
  })

  test('more objects than a page holds are listed in order', async () => {
    const blobs = await openS3Blobs(newUrl())
    const keys = Array.from({ length: 1005 }, (_, n) => `many/${n}`)
    await blobs.putAll(keys.map((key) => ({ key, bytes: text('x') })))
    expect(await keysOf(blobs, 'many/')).toEqual([...keys].sort())
  })

  test('a bucket that is not there, and credentials that are wrong, are told at once', async () => {
    await expectProblem('unavailable', openS3Blobs(newUrl().replace(`//${bucket}`, '//no-such-bucket')))
    const secret = process.env.AWS_SECRET_ACCESS_KEY
    process.env.AWS_SECRET_ACCESS_KEY = 'wrong'
    await expectProblem('unavailable', openS3Blobs(newUrl()))
    process.env.AWS_SECRET_ACCESS_KEY = secret
  })

  test.each(['content', 'store'])('an upload in parts that fails by its %s leaves nothing behind', async (by) => {
    const proxy = await startFaultProxy(endpoint)
    const url = newUrl(proxy.url)
    const blobs = await openS3Blobs(url, { attempts: 1 })
    async function* content() {
      yield large
      yield large
      if (by === 'content') throw new TypeError('the client went away')
    }
    proxy.inject((request) => (by === 'store' && request.url?.includes('partNumber=2') ? { status: 503 } : undefined))
    await expect(blobs.putStream('a', content())).rejects.toThrow(by === 'content' ? 'went away' : 'does not answer')
    expect(proxy.seen.some((line) => line.includes('partNumber'))).toBe(true)
    expect(await uploadsBelow(url)).toEqual([])
    await proxy.stop()
  })

  test('uploads that a crash left are swept a day later', async () => {
    const url = newUrl()
    const Prefix = `${new URL(url).searchParams.get('prefix')}/`
    await client.createMultipartUpload({ Bucket: bucket, Key: `${Prefix}a` })
    await openS3Blobs(url)
    expect(await uploadsBelow(url)).toHaveLength(1)
    await sweepUploads(client, bucket, Prefix, new Date(Date.now() + 60_000))
    expect(await uploadsBelow(url)).toEqual([])
  })

  test('a store without If-None-Match is asked first', async () => {
    const proxy = await startFaultProxy(endpoint)
    proxy.inject(({ headers }) =>
      headers['if-none-match'] === undefined ? undefined : { status: 501, body: '<Error><Code>NotImplemented</Code></Error>' },
    )
    const blobs = await openS3Blobs(newUrl(proxy.url), { attempts: 1 })
    for (const [key, bytes] of Object.entries({ small: text('x'), large })) {
      const put = () => blobs.putStream(key, inChunks(bytes, 1_000_000), { ifAbsent: true })
      await put()
      await expectProblem('conflict', put())
      expect((await blobs.head(key))?.length).toBe(bytes.length)
    }
    await proxy.stop()
  })

  test('a store without checksums is asked for the length of what it keeps', async () => {
    const proxy = await startFaultProxy(endpoint)
    proxy.inject(() => 'hide sums')
    const blobs = await openS3Blobs(newUrl(proxy.url))
    const objects = { small: text('0123456789'), large }
    for (const [key, bytes] of Object.entries(objects)) {
      const { sha256 } = await blobs.putStream(key, inChunks(bytes, 1_000_000))
      expect(Buffer.from(await blobs.get(key, { sha256 })).equals(bytes)).toBe(true)
      expect(proxy.seen.filter((line) => line.startsWith('HEAD'))).toHaveLength(1)
      proxy.inject(({ method }) => (method === 'HEAD' ? 'shorten answer' : 'hide sums'))
      await expectProblem('storage_corrupt', blobs.putStream(key, inChunks(bytes, 1_000_000)))
      proxy.inject(() => 'hide sums')
    }
    await proxy.stop()
  })

  test('an upload in parts whose last answer was lost is found', async () => {
    const proxy = await startFaultProxy(endpoint)
    let isFirst = true
    proxy.inject(({ method, url = '' }) => {
      if (method !== 'POST' || !url.includes('uploadId') || !isFirst) return undefined
      isFirst = false
      return 'lose answer'
    })
    const blobs = await openS3Blobs(newUrl(proxy.url))
    const put = () => blobs.putStream('a', inChunks(large, 1_000_000), { ifAbsent: true })
    expect((await put()).length).toBe(large.length)
    expect(isFirst).toBe(false)
    await expectProblem('conflict', put())
    await proxy.stop()
  })
})
