import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { openSnapshot, storesOf } from '../../src/app/stores.ts'
import type { StoredSession } from '../../src/model/session.ts'
import { collect, put } from '../contracts/expectations.ts'
import { run } from '../e2e/cli.ts'
import { backUp, contentIn, daysAndInsights, filesIn, filledPlaces, openStores, replaceUpload } from './places.ts'

const places = filledPlaces()
afterAll(() => places[Symbol.dispose]())

let count = 0
let data = ''
let to = ''
beforeEach(() => {
  data = places.newData()
  to = join(places.folder, `backup-${++count}`)
})

const cli = (words: readonly string[], where = data) => run('cli', words, { data: where })

test('what was backed up is restored byte for byte, and doctor finds the two the same', async () => {
  const made = cli(['backup', '--to', to, '--json'])
  expect(made, made.err).toMatchObject({ code: 0 })
  const report = JSON.parse(made.out)
  expect(report).toMatchObject({ run: 1, engine: 'sqlite', lost: [] })
  expect(report.documents).toMatchObject({ users: 1, days: 20, insights: 20, imports: 1 })
  expect(report.objects).toBeGreaterThan(1)

  const other = join(places.folder, 'restored')
  const restored = cli(['restore', '--from', to, '--json'], other)
  expect(restored, restored.err).toMatchObject({ code: 0 })
  expect(JSON.parse(restored.out)).toMatchObject({ objects: report.objects, lost: [] })
  expect(await contentIn(other)).toEqual(await contentIn(data))
  expect(daysAndInsights(other)).toBe(daysAndInsights(data))
  expect(daysAndInsights(other).split('\n').length).toBeGreaterThan(40)

  const doctor = cli(['doctor', '--verify', '--against', to, '--json'], other)
  expect(doctor, doctor.out).toMatchObject({ code: 0 })
  const { findings } = JSON.parse(doctor.out)
  expect(findings).toContainEqual(expect.objectContaining({ check: 'days', says: '20 here, 20 in the backup, 0 differ' }))
})

test('a restored store takes the same file again as known, and goes on', () => {
  expect(cli(['backup', '--to', to])).toMatchObject({ code: 0 })
  const other = join(places.folder, 'goes-on')
  expect(cli(['restore', '--from', to], other)).toMatchObject({ code: 0 })
  const again = cli(['import', join(places.folder, 'export.zip'), '--user', 'robin', '--json'], other)
  expect(again, again.err).toMatchObject({ code: 0 })
  expect(JSON.parse(again.out)).toMatchObject({ accepted: 0, rejected: 0, insights: 0 })
})

test('the next backup copies what is new, drops what nobody names any more, and leaves nothing of the one before', async () => {
  const first = await backUp(data, to)
  expect(first.copied.objects).toBe(first.objects.count)
  await using stores = await openStores(data)
  const [before] = await collect(stores.blobs.list('uploads/'))
  const record = (await stores.documents.list<object>({ collection: 'imports', limit: 1 })).data[0]
  const next = await stores.blobs.putStream('uploads/robin/another', stores.blobs.read(before?.key ?? ''))
  await stores.documents.batch([{ op: 'put', path: record?.path ?? '', body: { ...record?.body, original: next.key } }])
  const second = await backUp(data, to)
  expect(second).toMatchObject({ run: 2, copied: { objects: 1, bytes: next.length }, lost: [] })
  const files = filesIn(to)
  expect(files).toContain(`objects/${next.key}`)
  expect(files).not.toContain(`objects/${before?.key}`)
  expect(files.filter((name) => /000001|partial/.test(name))).toEqual([])
})

test('an object whose document was replaced after the documents were taken is no loss: they are taken again', async () => {
  let taken = 0
  const urls = storesOf({ data })
  await using stores = await openStores(data)
  const snapshot = async () => {
    const frozen = await openSnapshot(urls.documents)
    if (++taken <= 2) await replaceUpload(stores, `uploads/robin/later-${taken}`)
    return frozen
  }
  const report = await backUp(data, to, {}, { snapshot })
  expect(report.lost).toEqual([])
  expect(taken).toBe(3)
  expect(filesIn(to)).toContain('objects/uploads/robin/later-2')
})

test('much is copied first, and the documents are those of a moment after it', async () => {
  await using stores = await openStores(data)
  const keys = Array.from({ length: 300 }, (_, n) => `uploads/robin/many-${n}`)
  await stores.blobs.putAll(keys.map((key) => ({ key, bytes: Uint8Array.of(1) })))
  const record = (original: string, n: number) => put(`users/robin/imports/many-${n}`, { userId: 'robin', original })
  await stores.documents.batch(keys.map(record))
  const urls = storesOf({ data })
  let taken = 0
  const snapshot = async () => {
    if (++taken === 2) {
      await stores.documents.batch([put('users/robin/imports/many-7', { userId: 'robin' })])
      await stores.blobs.delete('uploads/robin/many-7')
    }
    return openSnapshot(urls.documents)
  }
  const report = await backUp(data, to, {}, { snapshot })
  expect(taken).toBe(2)
  expect(report.lost).toEqual([])
  expect(filesIn(to)).toContain('objects/uploads/robin/many-8')
  expect(filesIn(to)).not.toContain('objects/uploads/robin/many-7')
  expect(cli(['restore', '--from', to], join(places.folder, 'many'))).toMatchObject({ code: 0 })
})

test('a lost and a damaged object are named, everything else is backed up, and an earlier good copy stays', async () => {
  await using stores = await openStores(data)
  const [session] = (await stores.documents.list<StoredSession>({ collection: 'healthSessions', limit: 1 })).data
  const samples = session?.body.samples?.key ?? ''
  const [upload] = await collect(stores.blobs.list('uploads/'))
  const bytes = await stores.blobs.get(samples)
  bytes[10] = (bytes[10] ?? 0) ^ 1
  const earlier = join(places.folder, 'earlier')
  await backUp(data, earlier)
  await stores.blobs.putAll([{ key: samples, bytes }])
  await stores.blobs.delete(upload?.key ?? '')

  const made = cli(['backup', '--to', to, '--json'])
  expect(made.code).toBe(1)
  expect(JSON.parse(made.out).lost).toEqual([samples, upload?.key].sort())
  const other = join(places.folder, 'with-losses')
  expect(cli(['restore', '--from', to], other)).toMatchObject({ code: 1, out: expect.stringContaining('2 objects were lost before') })
  expect(cli(['doctor', '--verify'], other)).toMatchObject({ code: 1, out: expect.stringContaining(samples) })

  expect(await backUp(data, earlier)).toMatchObject({ lost: [] })
})

test('only what is due is taken, and the rest stays as it was', async () => {
  const started = Date.now()
  const at = (ms: number) => ({ clock: { nowMs: () => started + ms } })
  const first = await backUp(data, to, { classes: 'due' }, at(0))
  const day = 86_400_000
  const second = await backUp(data, to, { classes: 'due' }, at(day))
  expect(second.classes).not.toContain('processed_insights')
  expect(second.collections.days).toEqual(first.collections.days)
  expect(second.collections.healthSessions?.file.key).toBe('documents/000002/healthSessions.ndjson')
  const third = await backUp(data, to, { classes: 'due' }, at(day + 1))
  expect(third.classes).toEqual(['audit_logs'])
  const fourth = await backUp(data, to, { classes: 'due' }, at(7 * day))
  expect(fourth.classes).toContain('processed_insights')
  expect(cli(['restore', '--from', to], join(places.folder, 'pieces'))).toMatchObject({ code: 0 })
})

test('a place without room is left as it was', async () => {
  const first = await backUp(data, to)
  const before = filesIn(to)
  await using stores = await openStores(data)
  await replaceUpload(stores, 'uploads/robin/moved')
  const full = new Error('full')
  const requireRoom = (bytes: number) => (bytes > 0 ? Promise.reject(full) : Promise.resolve())
  await expect(backUp(data, to, {}, { requireRoom })).rejects.toBe(full)
  expect(JSON.parse(readFileSync(join(to, 'backup.json'), 'utf8')).manifest.key).toBe('manifests/000001.json')
  expect(filesIn(to)).toEqual(expect.arrayContaining(before))
  expect(first.objects.count).toBeGreaterThan(0)
})

test('a folder that holds something else is not touched, nor one within the data folder', () => {
  mkdirSync(to)
  writeFileSync(join(to, 'letter.txt'), 'dear')
  expect(cli(['backup', '--to', to, '--json'])).toMatchObject({ code: 1, out: expect.stringContaining('not_empty') })
  expect(filesIn(to)).toEqual(['letter.txt'])
  expect(cli(['backup', '--to', join(data, 'blobs')])).toMatchObject({ code: 2 })
})

test('a store that is not there is not made by backing it up or restoring nothing', () => {
  const nowhere = join(places.folder, 'nowhere')
  expect(cli(['backup', '--to', to], nowhere)).toMatchObject({ code: 1, err: expect.stringContaining('not_found') })
  expect(cli(['restore', '--from', join(places.folder, 'no-backup')], nowhere)).toMatchObject({
    code: 1,
    err: expect.stringContaining('not_found'),
  })
  expect([existsSync(nowhere), existsSync(to)]).toEqual([false, false])
})

test('only an empty place is restored into, and what is there is named', async () => {
  await backUp(data, to)
  const before = await contentIn(data)
  expect(cli(['restore', '--from', to, '--json'])).toMatchObject({ code: 1, out: expect.stringMatching(/not_empty.*users\/robin/) })
  expect(await contentIn(data)).toEqual(before)
})
