import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFileBlobs } from '../../src/adapters/blobs/files.ts'
import { blobsContract } from './blobs.ts'
import { collect, expectProblem, inChunks, keysOf, text } from './expectations.ts'

blobsContract('a folder of files', async () => {
  const root = mkdtempSync(join(tmpdir(), 'clarity-blobs-'))
  return {
    blobs: openFileBlobs(root),
    reopen: async () => openFileBlobs(root),
    remove: async () => rmSync(root, { recursive: true }),
  }
})

let root = ''
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'clarity-blobs-')), 'deep', 'blobs')
})
afterEach(() => rmSync(join(root, '..', '..'), { recursive: true }))

const hourS = 3600

test('only the owner may read folders and files', async () => {
  await openFileBlobs(root).putAll([{ key: 'samples/u1/a', bytes: new Uint8Array(3) }])
  for (const path of ['.', '.tmp', 'samples', 'samples/u1', 'samples/u1/a']) expect(statSync(join(root, path)).mode & 0o077).toBe(0)
})

test('a key is never a folder of another', async () => {
  const blobs = openFileBlobs(root)
  const put = (key: string) => blobs.putAll([{ key, bytes: text('x') }])
  await put('a/b')
  for (const key of ['a', 'a/b/c']) {
    await expectProblem('invalid_id', put(key))
    await expectProblem('invalid_id', blobs.putStream(key, inChunks(text('x'), 1), { ifAbsent: true }))
  }
  expect(await keysOf(blobs, '')).toEqual(['a/b'])
})

test('a file that was damaged on the disk is found by who knows what it should be', async () => {
  const blobs = openFileBlobs(root)
  const bytes = text('0123456789')
  const [{ sha256 } = { sha256: '' }] = await blobs.putAll([{ key: 'a', bytes }])
  writeFileSync(join(root, 'a'), '0123456_89')
  await expectProblem('storage_corrupt', blobs.get('a', { sha256 }))
  writeFileSync(join(root, 'a'), '01234567')
  await expectProblem('storage_corrupt', blobs.get('a', { length: bytes.length }))
  await expectProblem('storage_corrupt', collect(blobs.read('a', { length: bytes.length })))
})

test('nothing stays among the drafts, whether a put succeeds or fails', async () => {
  const blobs = openFileBlobs(root)
  await blobs.putAll(Array.from({ length: 100 }, (_, n) => ({ key: `a/${n}`, bytes: new Uint8Array(n) })))
  await expect(
    blobs.putAll([
      { key: 'b', bytes: new Uint8Array(1) },
      { key: 'a', bytes: new Uint8Array(1) },
    ]),
  ).rejects.toThrow()
  const ifAbsent = () => blobs.putStream('new', inChunks(text('x'), 1), { ifAbsent: true })
  await ifAbsent()
  await expectProblem('conflict', ifAbsent())
  await expectProblem('storage_corrupt', blobs.putStream('new', inChunks(text('x'), 1), { expect: { length: 2 } }))
  expect(readdirSync(join(root, '.tmp'))).toEqual([])
})

test('opening sweeps drafts older than a day and leaves younger ones, which may be under way', () => {
  mkdirSync(join(root, '.tmp'), { recursive: true })
  for (const [name, hours] of Object.entries({ old: 25, young: 23 })) {
    writeFileSync(join(root, '.tmp', name), 'x')
    const at = Date.now() / 1000 - hours * hourS
    utimesSync(join(root, '.tmp', name), at, at)
  }
  openFileBlobs(root)
  expect(readdirSync(join(root, '.tmp'))).toEqual(['young'])
})

test('deleting the last object takes the empty folders along, which may carry an id', async () => {
  const blobs = openFileBlobs(root)
  await blobs.putAll(['samples/u1/2024/a', 'samples/u2/b'].map((key) => ({ key, bytes: new Uint8Array(1) })))
  await blobs.delete('samples/u1/2024/a')
  expect(readdirSync(join(root, 'samples'))).toEqual(['u2'])
  await blobs.delete('samples/u2/b')
  expect(readdirSync(root)).toEqual(['.tmp'])
  await blobs.putAll([{ key: 'samples/u1/2024/a', bytes: new Uint8Array(1) }])
})

test('a root that cannot be made is a problem with a sentence', () => {
  mkdirSync(join(root, '..'), { recursive: true })
  writeFileSync(root, 'a file')
  expect(() => openFileBlobs(root)).toThrow(expect.objectContaining({ code: 'unavailable' }))
})

test('the root may be reached through a link', async () => {
  mkdirSync(root, { recursive: true })
  symlinkSync(root, `${root}-link`)
  const blobs = openFileBlobs(`${root}-link`)
  await blobs.putAll([{ key: 'a/b', bytes: new Uint8Array(2) }])
  expect(await openFileBlobs(root).head('a/b')).toEqual({ key: 'a/b', length: 2 })
})
