import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFileBlobs } from '../../src/adapters/blobs/files.ts'
import { restoreBackup } from '../../src/flows/restore-backup.ts'
import { inspectBackup } from '../../src/flows/verify-backup.ts'
import { run } from '../e2e/cli.ts'
import { seeded } from '../faults/dice.ts'
import { backUp, contentIn, contentOf, filesIn, filledPlaces, openStores } from './places.ts'

const places = filledPlaces()
const data = places.newData()
const whole = join(places.folder, 'whole')
const random = seeded(20_241_125)
let files: string[] = []

beforeAll(async () => {
  await backUp(data, whole)
  files = filesIn(whole)
})
afterAll(() => places[Symbol.dispose]())

let count = 0

function copyOf(folder: string): string {
  const copy = join(places.folder, `copy-${++count}`)
  cpSync(folder, copy, { recursive: true })
  return copy
}

/** Restores into a new place; what it said, and what is there afterwards. */
async function restored(from: string): Promise<{ code: unknown; detail: string; content: unknown }> {
  await using stores = await openStores(join(places.folder, `target-${++count}`))
  await using backup = openFileBlobs(from)
  const failure = await restoreBackup(backup, stores).then(
    () => ({ code: 'none', message: '' }),
    (error) => error,
  )
  return { code: failure.code, detail: failure.message, content: await contentOf(stores) }
}

const nothing = { bodies: {}, objects: [] }

function flip(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8))
  writeFileSync(path, bytes)
}

test('a flipped bit in any file of a backup is found before anything is restored', async () => {
  for (const name of files) {
    const path = join(whole, name)
    const bytes = readFileSync(path)
    if (bytes.length === 0) continue
    flip(path, Math.floor(random() * bytes.length))
    const { code, content } = await restored(whole)
    expect({ name, code, content }).toEqual({ name, code: 'storage_corrupt', content: nothing })
    writeFileSync(path, bytes)
  }
  expect(await restored(whole)).toEqual({ code: 'none', detail: '', content: await contentIn(data) })
})

test('every bit of the mark counts', async () => {
  const path = join(whole, 'backup.json')
  const bytes = readFileSync(path)
  for (let at = 0; at < bytes.length; at++) {
    flip(path, at)
    await using backup = openFileBlobs(whole)
    await expect(inspectBackup(backup), `byte ${at}`).rejects.toMatchObject({ code: 'storage_corrupt' })
    writeFileSync(path, bytes)
  }
})

test('a missing file of a backup is found before anything is restored', async () => {
  for (const name of files) {
    const path = join(whole, name)
    const bytes = readFileSync(path)
    rmSync(path)
    const { code, content } = await restored(whole)
    expect({ name, code, content }).toEqual({ name, code: name === 'backup.json' ? 'not_found' : 'storage_corrupt', content: nothing })
    writeFileSync(path, bytes)
  }
})

test('doctor names what is damaged in a backup, and a backup that verifies takes it anew', async () => {
  const copy = copyOf(whole)
  const object = files.find((name) => name.startsWith('objects/samples/')) ?? ''
  flip(join(copy, object), 100)
  const checked = run('cli', ['doctor', '--verify', '--against', copy, '--json'], { data })
  expect(checked.code).toBe(1)
  const { findings } = JSON.parse(checked.out)
  expect(findings).toContainEqual(
    expect.objectContaining({ check: 'backup objects', ok: false, advice: expect.stringContaining(object.slice('objects/'.length)) }),
  )
  expect(await backUp(data, copy, { verify: true })).toMatchObject({ copied: { objects: 1 }, lost: [] })
  expect(run('cli', ['doctor', '--verify', '--against', copy], { data })).toMatchObject({ code: 0 })
})

test('where a file of the backup itself is damaged the next backup takes everything anew', async () => {
  for (const name of ['backup.json', 'manifests/000001.json', 'manifests/000001-objects.ndjson']) {
    const copy = copyOf(whole)
    flip(join(copy, name), 20)
    expect(run('cli', ['backup', '--to', copy, '--classes', 'user_profiles'], { data })).toMatchObject({ code: 1 })
    const again = run('cli', ['backup', '--to', copy], { data })
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('was damaged: everything was taken anew') })
    expect(run('cli', ['doctor', '--verify', '--against', copy], { data })).toMatchObject({ code: 0 })
  }
})

test('doctor finds what is missing and damaged in the store, by SHA-256 and not only by length', async () => {
  const store = places.newData()
  const [first = '', second = ''] = filesIn(join(store, 'blobs')).filter((name) => name.startsWith('samples/'))
  flip(join(store, 'blobs', first), 50)
  rmSync(join(store, 'blobs', second))
  const quick = run('cli', ['doctor', '--json'], { data: store })
  expect(JSON.parse(quick.out).findings).toContainEqual(
    expect.objectContaining({ check: 'samples', says: expect.stringContaining('1 objects missing, 0 damaged') }),
  )
  const thorough = run('cli', ['doctor', '--verify', '--json'], { data: store })
  expect(thorough.code).toBe(1)
  const objects = JSON.parse(thorough.out).findings.find(({ check }: { check: string }) => check === 'objects')
  expect(objects.says).toContain('1 missing, 1 damaged')
  expect(objects.advice).toContain(first)
  expect(objects.advice).toContain(second)
})

test('doctor counts what differs between the store and a backup', async () => {
  const store = places.newData()
  await using stores = await openStores(store)
  const [day, other] = (await stores.documents.list<object>({ collection: 'days', limit: 2 })).data
  await stores.documents.batch([
    { op: 'delete', path: day?.path ?? '' },
    { op: 'put', path: other?.path ?? '', body: { ...other?.body, steps: 1 } },
  ])
  const { code, out } = run('cli', ['doctor', '--verify', '--against', whole, '--json'], { data: store })
  expect(code).toBe(1)
  const { findings } = JSON.parse(out)
  expect(findings).toContainEqual(expect.objectContaining({ check: 'days', ok: false, says: '19 here, 20 in the backup, 2 differ' }))
  expect(findings).toContainEqual(expect.objectContaining({ check: 'insights', ok: true }))
})
