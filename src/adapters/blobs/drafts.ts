import { hash, randomUUID } from 'node:crypto'
import { closeSync, fdatasync, mkdirSync, open, readdirSync, rmSync, statSync, write } from 'node:fs'
import { type FileHandle, open as openHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { StoredBlob } from '../../ports/blobs.ts'
import { asDiskProblem } from '../disk.ts'
import type { FailpointOptions } from '../failpoints.ts'
import { openGauge } from './content.ts'

interface NewObject {
  readonly key: string
  readonly bytes: Uint8Array
}

/** Content on the disk, synced, under a name that nobody reads. */
export interface Draft extends StoredBlob {
  readonly temp: string
}

export interface Drafts {
  /** Runs `work`; when it throws, no draft of its remains. */
  keepIf<T>(work: (desk: Desk) => Promise<T>): Promise<T>
}

export interface Desk {
  /** Without `isHashed` the checksums are empty. */
  draftAll(objects: readonly NewObject[], isHashed: boolean): Promise<readonly Draft[]>
  draftStream(key: string, content: AsyncIterable<Uint8Array>, isHashed: boolean): Promise<Draft>
}

// Open at once, so that a limit of 64 descriptors is enough; as many wait for the disk together.
const groupSize = 32
const orphanAgeMs = 24 * 3_600_000

// In the thread pool, all three: to make a file waits for the file system's journal, which is at a commit while others sync.
const [openFile, writeFile, fdatasyncFile] = [promisify(open), promisify(write), promisify(fdatasync)]

/** Drafts lie in `folder`, which must be on the file system of the objects; those a crash left more than 24 h ago go now. */
export function openDrafts(folder: string, { failpoint }: FailpointOptions): Drafts {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  sweepOrphans(folder)
  const mark = randomUUID()
  let count = 0

  function nextTemp(temps: string[]): string {
    count += 1
    const temp = join(folder, `${mark}-${count}`)
    temps.push(temp)
    return temp
  }

  async function draftOne({ key, bytes }: NewObject, temp: string, descriptors: number[], isHashed: boolean): Promise<Draft> {
    const descriptor = await openFile(temp, 'wx', 0o600)
    descriptors.push(descriptor)
    failpoint?.('blobs:opened')
    await writeWhole(descriptor, bytes)
    return { key, temp, length: bytes.byteLength, sha256: isHashed ? hash('sha256', bytes, 'hex') : '' }
  }

  async function draftGroup(objects: readonly NewObject[], temps: string[], isHashed: boolean): Promise<Draft[]> {
    const descriptors: number[] = []
    try {
      const drafts = await allOf(objects.map((object) => draftOne(object, nextTemp(temps), descriptors, isHashed)))
      failpoint?.('blobs:written')
      await allOf(descriptors.map((descriptor) => fdatasyncFile(descriptor)))
      failpoint?.('blobs:synced')
      return drafts
    } finally {
      for (const descriptor of descriptors) closeSync(descriptor)
    }
  }

  async function draftAll(objects: readonly NewObject[], temps: string[], isHashed: boolean): Promise<readonly Draft[]> {
    const drafts: Draft[] = []
    for (let at = 0; at < objects.length; at += groupSize)
      drafts.push(...(await draftGroup(objects.slice(at, at + groupSize), temps, isHashed)))
    return drafts
  }

  async function draftStream(key: string, content: AsyncIterable<Uint8Array>, temps: string[], isHashed: boolean): Promise<Draft> {
    const temp = nextTemp(temps)
    const file = await openHandle(temp, 'wx', 0o600)
    try {
      failpoint?.('blobs:opened')
      const written = await writeStream(file, content, isHashed)
      failpoint?.('blobs:written')
      await file.datasync()
      failpoint?.('blobs:synced')
      return { key, temp, ...written }
    } finally {
      await file.close()
    }
  }

  return {
    async keepIf(work) {
      const temps: string[] = []
      try {
        return await work({
          draftAll: (objects, isHashed) => draftAll(objects, temps, isHashed),
          draftStream: (key, content, isHashed) => draftStream(key, content, temps, isHashed),
        })
      } catch (error) {
        for (const temp of temps) discard(temp)
        throw asDiskProblem(error)
      }
    },
  }
}

/** A write may take fewer bytes than it was given, as on a disk that is nearly full. */
async function writeWhole(descriptor: number, bytes: Uint8Array): Promise<void> {
  let at = 0
  while (at < bytes.byteLength) at += (await writeFile(descriptor, bytes, at, bytes.byteLength - at, at)).bytesWritten
}

async function writeStream(
  file: FileHandle,
  content: AsyncIterable<Uint8Array>,
  isHashed: boolean,
): Promise<{ length: number; sha256: string }> {
  const gauge = openGauge(isHashed)
  let at = 0
  for await (const chunk of content) {
    gauge.add(chunk)
    for (let done = 0; done < chunk.byteLength; ) {
      const { bytesWritten } = await file.write(chunk, done, chunk.byteLength - done, at)
      done += bytesWritten
      at += bytesWritten
    }
  }
  return { sha256: '', ...gauge.read() }
}

/** Waits for every one, failed or not: a descriptor must not be closed, and its number used again, under a sync. */
async function allOf<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(work)
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}

function sweepOrphans(folder: string): void {
  const oldestMs = Date.now() - orphanAgeMs
  for (const name of readdirSync(folder)) {
    const temp = join(folder, name)
    const found = statSync(temp, { throwIfNoEntry: false })
    if (found !== undefined && found.mtimeMs < oldestMs) discard(temp)
  }
}

/** What cannot be removed now is removed by a later sweep. */
function discard(temp: string): void {
  try {
    rmSync(temp, { force: true })
  } catch {}
}
