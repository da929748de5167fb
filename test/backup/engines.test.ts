import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openFirestoreDocuments } from '../../src/adapters/documents/firestore.ts'
import { snapshotFirestoreDocuments } from '../../src/adapters/documents/firestore-snapshot.ts'
import { openBlobs, openDocuments, openSnapshot, storesOf } from '../../src/app/stores.ts'
import { copyStore } from '../../src/flows/copy-store.ts'
import { every } from '../../src/flows/every.ts'
import { findUnfinished } from '../../src/flows/fill-store.ts'
import { restoreBackup } from '../../src/flows/restore-backup.ts'
import type { Documents } from '../../src/ports/documents.ts'
import { collect, put } from '../contracts/expectations.ts'
import { run } from '../e2e/cli.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startFirestore } from '../engines/firestore.ts'
import { startPostgres } from '../engines/postgres.ts'
import { backUp, contentIn, contentOf, daysAndInsights, filledPlaces, openStores } from './places.ts'

const places = filledPlaces()
afterAll(() => places[Symbol.dispose]())

const copy = (...words: string[]) => run('cli', ['copy', ...words, '--json'], { data: join(places.folder, 'none') })
const sqlite = (data: string) => storesOf({ data }).documents

test('a store copied to another place is the same, and its own', async () => {
  const [data, other] = [places.newData(), join(places.folder, 'copied')]
  const copied = copy('--from', sqlite(data), '--to', sqlite(other))
  expect(copied, copied.err).toMatchObject({ code: 0 })
  expect(JSON.parse(copied.out)).toMatchObject({ lost: [] })
  expect(await contentIn(other)).toEqual(await contentIn(data))
  expect(daysAndInsights(other)).toBe(daysAndInsights(data))
  expect(copy('--from', sqlite(data), '--to', sqlite(other))).toMatchObject({ code: 1, out: expect.stringContaining('not_empty') })
})

test('a snapshot of SQLite stays at its moment, sees no later write and takes none', async () => {
  const path = join(places.folder, 'moment.db')
  await using documents = await openDocuments(`sqlite:${path}`)
  await staysAtItsMoment(documents, () => openSnapshot(`sqlite:${path}`))
  expect(readdirSync(join(places.folder, 'tmp'))).toEqual([])
})

test('what names no store, or the same twice, is wrong use, and no password is repeated', () => {
  const data = places.newData()
  expect(copy('--from', sqlite(data), '--to', sqlite(data))).toMatchObject({ code: 2 })
  expect(copy('--from', sqlite(data), '--to', 'postgres://u:hush@127.0.0.1/x')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--to-blobs'),
  })
  const unknown = copy('--from', sqlite(data), '--to', 'oracle://me:hush@host/x', '--to-blobs', 'file:/tmp/x')
  expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('oracle://host/x') })
  expect(unknown.err + unknown.out).not.toContain('hush')
})

describeEngine('backup and copy with PostgreSQL', await startPostgres(), (server) => {
  afterAll(() => server.stop())

  test('a store goes to PostgreSQL and back, and is the same in both', async () => {
    const [data, other, url] = [places.newData(), join(places.folder, 'and-back'), await server.createDatabase()]
    const objects = `file:${join(places.folder, 'objects-of-postgres')}`
    const there = copy('--from', sqlite(data), '--to', url, '--to-blobs', objects)
    expect(there, there.err).toMatchObject({ code: 0 })
    {
      await using documents = await openDocuments(url)
      await using blobs = await openBlobs(objects)
      expect(await contentOf({ documents, blobs })).toEqual(await contentIn(data))
      expect(await findUnfinished({ documents })).toBeUndefined()
    }
    const back = copy('--from', url, '--from-blobs', objects, '--to', sqlite(other))
    expect(back, back.err).toMatchObject({ code: 0 })
    expect(await contentIn(other)).toEqual(await contentIn(data))
  })

  test('a backup of SQLite is restored into PostgreSQL, one of PostgreSQL into SQLite', async () => {
    const [data, url] = [places.newData(), await server.createDatabase()]
    const [first, second] = [join(places.folder, 'of-sqlite'), join(places.folder, 'of-postgres')]
    await backUp(data, first)
    await using documents = await openDocuments(url)
    await using blobs = await openBlobs(`file:${join(places.folder, 'objects-beside')}`)
    await using from = await openBlobs(`file:${first}`)
    await restoreBackup(from, { documents, blobs })
    const report = await backUp(data, second, {}, { snapshot: () => openSnapshot(url), blobs, engine: 'postgres' })
    expect(report).toMatchObject({ engine: 'postgres', lost: [] })
    const restored = run('cli', ['restore', '--from', second], { data: join(places.folder, 'of-postgres-again') })
    expect(restored, restored.err).toMatchObject({ code: 0 })
    expect(await contentIn(join(places.folder, 'of-postgres-again'))).toEqual(await contentIn(data))
  })

  test('a snapshot of PostgreSQL stays at its moment, sees no later write and takes none', async () => {
    const url = await server.createDatabase()
    await using documents = await openDocuments(url)
    await staysAtItsMoment(documents, () => openSnapshot(url))
  })

  test('a snapshot of a server that is not there is unavailable, and leaves nothing open', async () => {
    await expect(openSnapshot('postgres://nobody@127.0.0.1:1/none')).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describeEngine('backup and copy with Firestore', await startFirestore(), (emulator) => {
  afterAll(() => emulator.stop())
  const { options } = emulator

  test('a store goes to Firestore and back, and is the same in both', async () => {
    const [data, other, url] = [places.newData(), join(places.folder, 'from-firestore'), emulator.newUrl()]
    await using documents = await openFirestoreDocuments(url, options)
    await using blobs = await openBlobs(`file:${join(places.folder, 'objects-of-firestore')}`)
    await using own = await openStores(data)
    const there = { snapshot: () => openSnapshot(sqlite(data)), blobs: own.blobs, to: { documents, blobs }, source: 'there' }
    expect(await copyStore(there)).toMatchObject({ lost: [] })
    expect(await contentOf({ documents, blobs })).toEqual(await contentOf(own))
    await using to = await openStores(other)
    expect(await copyStore({ snapshot: () => snapshotFirestoreDocuments(url, options), blobs, to, source: 'back' })).toMatchObject({
      lost: [],
    })
    expect(await contentOf(to)).toEqual(await contentOf(own))
  })

  test('a snapshot of Firestore stays at its moment, sees no later write and takes none', async () => {
    const url = emulator.newUrl()
    await using documents = await openFirestoreDocuments(url, options)
    await staysAtItsMoment(documents, () => snapshotFirestoreDocuments(url, options))
  })
})

async function staysAtItsMoment(documents: Documents, snapshot: () => Promise<Documents & AsyncDisposable>): Promise<void> {
  await documents.batch([put('users/u1', { n: 1 }), put('users/u2', { n: 1 })])
  await using frozen = await snapshot()
  await documents.batch([put('users/u1', { n: 2 }), { op: 'delete', path: 'users/u2' }, put('users/u3', { n: 2 })])
  const pages = await collect(every<{ n: number }>(frozen, { collection: 'users' }))
  expect(pages.map(({ path, body }) => [path, body.n])).toEqual([
    ['users/u1', 1],
    ['users/u2', 1],
  ])
  expect(await frozen.get('users/u2')).toMatchObject({ body: { n: 1 } })
  expect(await frozen.get('users/u3')).toBeUndefined()
  await expect(frozen.batch([put('users/u4', {})])).rejects.toMatchObject({ code: 'invalid' })
}
