import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFileBlobs } from '../../src/adapters/blobs/files.ts'
import { wholeBlobs } from '../../src/adapters/sealed/whole-blobs.ts'
import { openBlobs, openDocuments, openSnapshot, storesOf } from '../../src/app/stores.ts'
import { documentsOf, type Stores } from '../../src/flows/fill-store.ts'
import { type BackupDeps, type BackupReport, type BackupRequest, makeBackup } from '../../src/flows/make-backup.ts'
import { accountCollections } from '../../src/model/audit.ts'
import { collectionNames } from '../../src/model/collections.ts'
import { collect } from '../contracts/expectations.ts'
import { run } from '../e2e/cli.ts'

export interface Places {
  /** A folder in which a test does as it likes. */
  readonly folder: string
  /** A data folder of its own with twenty days of a person. */
  newData(): string
  [Symbol.dispose](): void
}

/** One import serves all tests of a file: each gets a copy, and all share its keys. */
export function filledPlaces(): Places {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-backup-'))
  process.env.CLARITY_KEYS = `file:${folder}/keys`
  process.env.CLARITY_ROOT_KEY = `file:${folder}/root.key`
  const [file, filled] = [join(folder, 'export.zip'), join(folder, 'filled')]
  const words = [
    ['synth', '--to', file, '--days', '20', '--last', '2024-11-15'],
    ['import', file, '--user', 'robin', '--zone', 'America/New_York'],
  ]
  for (const each of words) {
    const { code, err } = run('cli', each, { data: filled })
    if (code !== 0) throw new Error(err)
  }
  let made = 0
  return {
    folder,
    newData() {
      const data = join(folder, `data-${++made}`)
      cpSync(filled, data, { recursive: true })
      return data
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}

export async function openStores(data: string): Promise<Stores & AsyncDisposable> {
  const urls = storesOf({ data })
  await using opened = new AsyncDisposableStack()
  const stores = { documents: opened.use(await openDocuments(urls.documents)), blobs: opened.use(await openBlobs(urls.blobs)) }
  const held = opened.move()
  return { ...stores, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** A backup of the data folder, with what a test would have otherwise. */
export async function backUp(
  data: string,
  to: string,
  request: BackupRequest = {},
  otherwise: Partial<BackupDeps> = {},
): Promise<BackupReport> {
  const urls = storesOf({ data })
  await using opened = await openBlobs(urls.blobs)
  const blobs = wholeBlobs(opened)
  await using backup = openFileBlobs(to)
  const snapshot = () => openSnapshot(urls.documents)
  const deps = { snapshot, blobs, backup, engine: 'sqlite', clock: { nowMs: Date.now }, requireRoom: async () => undefined, ...otherwise }
  return await makeBackup(deps, request)
}

/** Every document but the account, and every object with its length. */
export async function contentOf({ documents, blobs }: Stores): Promise<unknown> {
  const bodies: Record<string, object> = {}
  for (const name of collectionNames.filter((each) => !accountCollections.includes(each)))
    for await (const { path, body } of documentsOf(documents, name)) bodies[path] = body
  return { bodies, objects: await collect(blobs.list('')) }
}

export async function contentIn(data: string): Promise<unknown> {
  await using stores = await openStores(data)
  return await contentOf(stores)
}

/** Files of a folder, by their path within, but for the lock. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('lock.') && statSync(join(folder, name)).isFile())
    .sort()
}

/** What a person sees of their days and insights, as the command says it. */
export function daysAndInsights(data: string): string {
  return ['day', 'insight']
    .map((command) => run('cli', [command, '--user', 'robin', '--from', '2024-10-01', '--to', '2024-11-30', '--json'], { data }).out)
    .join('')
}

/** What a later import may do: the object is another one, and the old is gone. */
export async function replaceUpload({ documents, blobs }: Stores, key: string): Promise<void> {
  const [record] = (await documents.list<{ original: string }>({ collection: 'imports', limit: 1 })).data
  const old = record?.body.original ?? ''
  await blobs.putStream(key, blobs.read(old))
  await documents.batch([{ op: 'put', path: record?.path ?? '', body: { ...record?.body, original: key } }])
  await blobs.delete(old)
}
