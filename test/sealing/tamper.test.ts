import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CHUNK_BYTES, HEADER_BYTES, SEALED_BYTES } from '../../src/adapters/sealed/object-form.ts'
import { collect, expectProblem, inChunks, put } from '../contracts/expectations.ts'
import { seeded } from '../faults/dice.ts'
import { sealedWorld } from './world.ts'

type World = Awaited<ReturnType<typeof sealedWorld>>
let world: World
beforeEach(async () => {
  world = await sealedWorld()
})
afterEach(() => world[Symbol.asyncDispose]())

const path = 'users/ada/days/2024-01-20'
const day = { userId: 'ada', date: '2024-01-20', steps: 4711, heartRate: { resting: 58 } }
const random = seeded(7)

interface Lying {
  readonly _sealed: { readonly key: number; readonly box: string }
}

const bodyAt = async (at: string) => (await world.lying.documents.get<Lying>(at))?.body ?? { _sealed: { key: 0, box: '' } }
const lay = (at: string, body: object) => world.lying.documents.batch([put(at, body)])
const refused = (at: string) => expectProblem('storage_corrupt', world.documents.get(at))

test('what lies there tells where, when and whose it is, and nothing else', async () => {
  await world.documents.batch([put(path, day)])
  expect(Object.keys(await bodyAt(path)).sort()).toEqual(['_sealed', 'date', 'userId'])
  expect(JSON.stringify(await bodyAt(path))).not.toMatch(/4711|58|steps|resting/)
  expect((await world.documents.get(path))?.body).toEqual(day)
})

test('every bit of a sealed document counts', async () => {
  await world.documents.batch([put(path, day)])
  const body = await bodyAt(path)
  const box = Buffer.from(body._sealed.box, 'base64')
  for (let at = 0; at < box.length; at++) {
    const bent = Buffer.from(box)
    bent[at] = (bent[at] ?? 0) ^ (1 << Math.floor(random() * 8))
    await lay(path, { ...body, _sealed: { ...body._sealed, box: bent.toString('base64') } })
    await refused(path)
  }
  for (const box of ['', 'AAAA', body._sealed.box.slice(0, -4)]) {
    await lay(path, { ...body, _sealed: { ...body._sealed, box } })
    await refused(path)
  }
})

test('what was sealed for one person or place opens for no other, and none of its keys for another of them', async () => {
  const [other, sameOfBob] = ['users/ada/days/2024-01-21', 'users/bob/days/2024-01-20']
  await world.documents.batch([put(path, day), put(other, { ...day, date: '2024-01-21' }), put(sameOfBob, { ...day, userId: 'bob' })])
  const [mine, later, bobs] = [await bodyAt(path), await bodyAt(other), await bodyAt(sameOfBob)]
  for (const [at, body] of [
    [path, later],
    [path, bobs],
    [sameOfBob, mine],
    [path, { ...mine, _sealed: { ...mine._sealed, key: 2 } }],
  ] as const) {
    await lay(at, body)
    await refused(at)
    await expectProblem('storage_corrupt', world.documents.list({ collection: 'days', limit: 10 }))
  }
  await world.keys.rotate('ada')
  world.timer.pass(1000)
  await lay(path, { ...mine, _sealed: { ...mine._sealed, key: 2 } })
  await refused(path)
  await lay(path, mine)
  expect((await world.documents.get(path))?.body).toEqual(day)
})

const key = 'samples/ada/2024-01/x.parquet'
const content = new Uint8Array(3 * CHUNK_BYTES + 100).map((_, n) => (n * 31 + (n >> 8)) % 251)

async function unreadable(at = key): Promise<void> {
  await expectProblem('storage_corrupt', world.blobs.get(at))
  await expectProblem('storage_corrupt', collect(world.blobs.read(at)))
}

test('a flipped bit anywhere in a sealed object is found, by whoever has no key too', async () => {
  await world.blobs.putAll([{ key, bytes: content }])
  const lying = await world.disk.get(key)
  expect(Buffer.from(lying).indexOf(content.subarray(0, 16))).toBe(-1)
  const places = [...Array(HEADER_BYTES + 5).keys(), ...Array.from({ length: 60 }, () => Math.floor(random() * lying.length))].filter(
    (at) => at >= 4,
  )
  for (const at of places) {
    const bent = lying.slice()
    bent[at] = (bent[at] ?? 0) ^ (1 << Math.floor(random() * 8))
    await world.disk.putAll([{ key, bytes: bent }])
    await expectProblem('storage_corrupt', world.lying.blobs.get(key))
    await expectProblem('storage_corrupt', collect(world.lying.blobs.read(key)))
    // The checksum alone is nothing that a key would miss.
    const isChecksum = [1, 2, 3, 4].includes((at - HEADER_BYTES) % SEALED_BYTES)
    if (!isChecksum) await unreadable()
  }
  await world.disk.putAll([{ key, bytes: lying }])
  expect(await world.lying.blobs.get(key)).toEqual(lying)
  expect(await world.blobs.get(key)).toEqual(content)
})

const chunk = (lying: Uint8Array, n: number) => lying.subarray(HEADER_BYTES + n * SEALED_BYTES, HEADER_BYTES + (n + 1) * SEALED_BYTES)

test('chunks can be neither swapped, repeated, left out, cut off nor added to', async () => {
  await world.blobs.putStream(key, inChunks(content, 10_000))
  const lying = await world.disk.get(key)
  const head = lying.subarray(0, HEADER_BYTES)
  const [a, b, c, last] = [0, 1, 2, 3].map((n) => chunk(lying, n)) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
  for (const [name, chunks] of Object.entries({
    swapped: [b, a, c, last],
    repeated: [a, b, b, c, last],
    'left out': [a, c, last],
    'without its end': [a, b, c],
    'cut within': [a, b, c.subarray(0, 500)],
    'added to': [a, b, c, last, a],
    'twice its end': [a, b, c, last, last],
    'nothing at all': [],
  })) {
    await world.disk.putAll([{ key, bytes: Buffer.concat([head, ...chunks]) }])
    await expectProblem('storage_corrupt', world.blobs.get(key)).catch((error) => Promise.reject(new Error(name, { cause: error })))
    await unreadable()
    await expectProblem('storage_corrupt', collect(world.lying.blobs.read(key)))
  }
})

test('none but the last chunk can be made the last', async () => {
  await world.blobs.putStream(key, inChunks(content, 10_000))
  const lying = await world.disk.get(key)
  const cut = lying.slice(0, HEADER_BYTES + 2 * SEALED_BYTES)
  cut[HEADER_BYTES + SEALED_BYTES] = 1
  await world.disk.putAll([{ key, bytes: cut }])
  await unreadable()
})

test('a range is read by itself, opens only in its place, and misses an end that was cut off', async () => {
  await world.blobs.putAll([{ key, bytes: content }])
  const ranges = [
    [0, 5],
    [CHUNK_BYTES - 3, CHUNK_BYTES + 3],
    [CHUNK_BYTES, 2 * CHUNK_BYTES],
    [3 * CHUNK_BYTES + 90, 1e9],
  ] as const
  for (const [from, to] of ranges) expect(await world.blobs.get(key, { range: { from, to } })).toEqual(content.slice(from, to))
  const lying = await world.disk.get(key)
  const bent = lying.slice()
  bent.set(chunk(lying, 0), HEADER_BYTES + SEALED_BYTES)
  await world.disk.putAll([{ key, bytes: bent }])
  await expectProblem('storage_corrupt', world.blobs.get(key, { range: { from: CHUNK_BYTES, to: CHUNK_BYTES + 5 } }))
  expect(await world.blobs.get(key, { range: { from: 0, to: 5 } })).toEqual(content.slice(0, 5))
  await world.disk.putAll([{ key, bytes: lying.subarray(0, HEADER_BYTES + 2 * SEALED_BYTES) }])
  await expectProblem('storage_corrupt', world.blobs.get(key, { range: { from: CHUNK_BYTES, to: content.length } }))
})

test('an object opens under no other name, for no other person and with no other version of the key', async () => {
  const others = ['samples/ada/2024-01/y.parquet', 'samples/bob/2024-01/x.parquet', 'uploads/ada/x.parquet']
  await world.blobs.putAll([{ key, bytes: content }, ...others.map((each) => ({ key: each, bytes: content }))])
  const lying = await world.disk.get(key)
  for (const other of others) {
    await world.disk.putAll([{ key: other, bytes: lying }])
    await unreadable(other)
  }
  await world.keys.rotate('ada')
  world.timer.pass(1000)
  const version = lying.slice()
  version[7] = 2
  await world.disk.putAll([{ key, bytes: version }])
  await unreadable()
})

test('weights of models lie as they are, for whoever runs them', async () => {
  await world.blobs.putAll([{ key: 'models/m/1.0.0/model.onnx', bytes: content }])
  expect(await world.disk.get('models/m/1.0.0/model.onnx')).toEqual(content)
})

test('of objects that are put together, sealed or not, each has the checksum of its content', async () => {
  const keys = ['samples/ada/2024-01/a.parquet', 'models/m/1.0.0/model.onnx']
  const stored = await world.blobs.putAll(keys.map((each) => ({ key: each, bytes: content })))
  const sha256 = createHash('sha256').update(content).digest('hex')
  expect(stored).toEqual(keys.map((each) => ({ key: each, length: content.length, sha256 })))
})
