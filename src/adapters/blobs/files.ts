import { closeSync, fstatSync, openSync, read, readSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Problem } from '../../model/problem.ts'
import type { BlobHead, Blobs, Expected, GetOptions, PutOptions, StoredBlob } from '../../ports/blobs.ts'
import { asDiskProblem, createFolder, errorCodeOf } from '../disk.ts'
import type { FailpointOptions } from '../failpoints.ts'
import { checkBytes, checkContent, openGauge } from './content.ts'
import { type Draft, openDrafts } from './drafts.ts'
import { checkKey, checkRange } from './key.ts'
import { openTree } from './tree.ts'

const chunkBytes = 1 << 20
const readFile = promisify(read)

/**
 * Objects as files below `root`, which is made when absent. Order of a put: content to `root/.tmp`, fdatasync, rename
 * (if absent: a hard link, which the file system must know), fsync of the folders. Several processes may share a root.
 */
export function openFileBlobs(root: string, options: FailpointOptions = {}): Blobs & AsyncDisposable {
  const { failpoint } = options
  const home = resolve(root)
  const drafts = translated(() => {
    createFolder(home)
    return openDrafts(join(home, '.tmp'), options)
  })
  const tree = openTree(home)

  async function publish(ready: readonly Draft[], put: (temp: string, key: string) => void): Promise<readonly StoredBlob[]> {
    for (const { temp, key } of ready) {
      put(temp, key)
      failpoint?.('blobs:renamed-one')
    }
    await tree.sync(ready.map(({ key }) => key))
    failpoint?.('blobs:folders-synced')
    return ready.map(({ key, length, sha256 }) => ({ key, length, sha256 }))
  }

  const putAll: Blobs['putAll'] = async (objects, put = {}) => {
    for (const { key } of objects) checkKey(key)
    return drafts.keepIf(async (desk) => publish(await desk.draftAll(objects, put.unhashed !== true), tree.place))
  }

  async function putStream(key: string, content: AsyncIterable<Uint8Array>, put: PutOptions = {}): Promise<StoredBlob> {
    checkKey(key)
    const [stored] = await drafts.keepIf(async (desk) => {
      const draft = await desk.draftStream(key, content, put.unhashed !== true || put.expect?.sha256 !== undefined)
      checkContent(key, draft, put.expect)
      return publish([draft], put.ifAbsent === true ? tree.placeIfAbsent : tree.place).catch((error) => keepingTheOther(error, key))
    })
    if (stored === undefined) throw new Error('A published draft has a head')
    return stored
  }

  /** Who is told that an object stands there will rely on it, and the put that made it may not have come to its sync. */
  async function keepingTheOther(error: unknown, key: string): Promise<never> {
    if (error instanceof Problem && error.code === 'conflict') await tree.sync([key])
    throw error
  }

  async function head(key: string): Promise<BlobHead | undefined> {
    checkKey(key)
    const found = statSync(join(home, key), { throwIfNoEntry: false })
    return found?.isFile() === true ? { key, length: found.size } : undefined
  }

  async function removeAll(keys: readonly string[]): Promise<void> {
    for (const key of keys) checkKey(key)
    await tree.remove(keys, () => failpoint?.('blobs:unlinked')).catch((error) => Promise.reject(asDiskProblem(error)))
  }

  return {
    putAll,
    putStream,
    get: (key, wanted) => readObject(home, key, wanted),
    read: (key, expected) => readChunks(home, key, expected),
    head,
    list: tree.walk,
    delete: (key) => removeAll([key]),
    deleteAll: removeAll,
    async [Symbol.asyncDispose]() {},
  }
}

async function readObject(home: string, key: string, { range, ...expected }: GetOptions = {}): Promise<Uint8Array> {
  if (range !== undefined) checkRange(range)
  const { descriptor, length } = openObject(home, key)
  try {
    const from = Math.min(range?.from ?? 0, length)
    const bytes = new Uint8Array(Math.min(range?.to ?? length, length) - from)
    for (let at = 0; at < bytes.byteLength; at += chunkBytes) await fill(descriptor, bytes.subarray(at, at + chunkBytes), from + at)
    checkBytes(key, bytes, expected)
    return bytes
  } catch (error) {
    throw asDiskProblem(error)
  } finally {
    closeSync(descriptor)
  }
}

async function* readChunks(home: string, key: string, expected: Expected = {}): AsyncGenerator<Uint8Array> {
  const gauge = openGauge(expected.sha256 !== undefined)
  const { descriptor, length } = openObject(home, key)
  try {
    for (let at = 0; at < length; at += chunkBytes) {
      const chunk = new Uint8Array(Math.min(chunkBytes, length - at))
      await fill(descriptor, chunk, at)
      // Before it is out of our hands, where it may be written over.
      gauge.add(chunk)
      yield chunk
    }
    checkContent(key, gauge.read(), expected)
  } catch (error) {
    throw asDiskProblem(error)
  } finally {
    closeSync(descriptor)
  }
}

function openObject(home: string, key: string): { descriptor: number; length: number } {
  checkKey(key)
  let descriptor: number
  try {
    descriptor = openSync(join(home, key), 'r')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(errorCodeOf(error))) throw notFound(key)
    throw asDiskProblem(error)
  }
  const found = fstatSync(descriptor)
  if (found.isFile()) return { descriptor, length: found.size }
  closeSync(descriptor)
  throw notFound(key)
}

function notFound(key: string): Problem {
  return new Problem('not_found', `No object ${key}`)
}

/** One chunk or less is read in place, several times cheaper than through the thread pool; more must not hold up others. */
async function fill(descriptor: number, into: Uint8Array, position: number): Promise<void> {
  let at = 0
  while (at < into.byteLength) {
    const left = into.byteLength - at
    const count =
      into.byteLength < chunkBytes
        ? readSync(descriptor, into, at, left, position + at)
        : (await readFile(descriptor, into, at, left, position + at)).bytesRead
    if (count === 0) throw new Problem('storage_corrupt', 'An object is shorter than its file said')
    at += count
  }
}

function translated<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw asDiskProblem(error)
  }
}
