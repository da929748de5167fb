import { dirname, join, resolve } from 'node:path'
import { openFileBlobs } from '../adapters/blobs/files.ts'
import { openSqliteDocuments, type SqliteDocumentsOptions } from '../adapters/documents/sqlite.ts'
import { snapshotSqliteDocuments } from '../adapters/documents/sqlite-snapshot.ts'
import type { FailpointOptions } from '../adapters/failpoints.ts'
import type { KeysPlace } from '../adapters/keys/open-keys.ts'
import { Problem } from '../model/problem.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents } from '../ports/documents.ts'
import type { Config } from './config.ts'

export type OpenDocuments = Documents & AsyncDisposable
export type OpenBlobs = Blobs & AsyncDisposable

interface DocumentStore {
  open(url: string, options: SqliteDocumentsOptions): Promise<OpenDocuments>
  /** The documents of one moment, beside whoever writes. */
  snapshot(url: string): Promise<OpenDocuments>
  /** What keeps its second wall from standing; absent where it has none. */
  readonly wallFault?: (url: string) => Promise<string | undefined>
}

const postgres: DocumentStore = {
  open: async (url, options) => (await import('../adapters/documents/postgres.ts')).openPostgresDocuments(url, options),
  snapshot: async (url) => (await import('../adapters/documents/postgres-snapshot.ts')).snapshotPostgresDocuments(url),
  wallFault: async (url) => (await import('../adapters/documents/postgres-wall.ts')).wallFaultOf(url),
}

/** By the scheme of the URL. */
const documentStores: Readonly<Record<string, DocumentStore>> = {
  sqlite: {
    open: async (url, options) => openSqliteDocuments(url, options),
    snapshot: (url) => snapshotSqliteDocuments(sqlitePath(url), join(dirname(sqlitePath(url)), 'tmp')),
  },
  postgres,
  postgresql: postgres,
  firestore: {
    open: async (url) => (await import('../adapters/documents/firestore.ts')).openFirestoreDocuments(url),
    snapshot: async (url) => (await import('../adapters/documents/firestore-snapshot.ts')).snapshotFirestoreDocuments(url),
  },
}

type OpenBlobStore = (url: string, options: FailpointOptions) => Promise<OpenBlobs>

const blobStores: Readonly<Record<string, OpenBlobStore>> = {
  file: async (url, options) => openFileBlobs(url.slice('file:'.length), options),
  s3: async (url, options) => (await import('../adapters/blobs/s3.ts')).openS3Blobs(url, options),
  gs: async (url, options) => (await import('../adapters/blobs/gcs.ts')).openGcsBlobs(url, options),
}

/** Throws `Problem('wrong_use')` for a URL of no store of ours. */
export async function openDocuments(url: string, options: SqliteDocumentsOptions = {}): Promise<OpenDocuments> {
  return storeOf(documentStores, url).open(url, options)
}

/** The documents as they are at one moment. That of a SQLite store lies in `tmp` beside its file and takes its size there. */
export async function openSnapshot(url: string): Promise<OpenDocuments> {
  return storeOf(documentStores, url).snapshot(url)
}

/** Whether the documents have a second wall, around each person, and what keeps it from standing. */
export async function findWall(url: string): Promise<{ readonly fault: string | undefined } | undefined> {
  const { wallFault } = storeOf(documentStores, url)
  return wallFault && { fault: await wallFault(url) }
}

export async function openBlobs(url: string, options: FailpointOptions = {}): Promise<OpenBlobs> {
  return storeOf(blobStores, url)(url, options)
}

export interface StoreUrls {
  readonly documents: string
  readonly blobs: string
}

/** Where the house keeps things. */
export function storesOf({ data, documents = 'sqlite:', blobs = 'file:' }: Config): StoreUrls {
  return {
    documents: documents === 'sqlite:' ? `sqlite:${join(data, 'clarity.db')}` : documents,
    blobs: blobs === 'file:' ? `file:${join(data, 'blobs')}` : blobs,
  }
}

/** Where the audit log's checkpoints go: better out of reach of whoever writes the log. */
export function checkpointsOf({ data, checkpoints = 'file:' }: Config): string {
  return checkpoints === 'file:' ? `file:${join(data, 'checkpoints')}` : checkpoints
}

/** Where the house keeps people's keys: apart from what they open. */
export function keysOf({ data, keys = 'file:', rootKey = 'file:' }: Config): KeysPlace {
  const folder = join(data, 'keys')
  return {
    keys: keys === 'file:' ? `file:${folder}` : keys,
    rootKey: rootKey === 'file:' ? join(folder, 'root.key') : resolve(rootKey.slice('file:'.length)),
  }
}

/** The blobs beside a SQLite file, as `storesOf` has them; undefined for any other store. */
export function blobsBeside(documents: string): string | undefined {
  const path = sqlitePath(documents)
  return schemeOf(documents) === 'sqlite' && path !== ':memory:' ? `file:${join(dirname(path), 'blobs')}` : undefined
}

export function sqlitePath(url: string): string {
  return url.slice('sqlite:'.length)
}

export function schemeOf(url: string): string {
  return /^([a-z][a-z0-9+.-]*):/.exec(url)?.[1] ?? ''
}

/** The URL without who may enter there. */
export function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//').replace(/\?.*$/, '')
}

function storeOf<T>(stores: Readonly<Record<string, T>>, url: string): T {
  const scheme = schemeOf(url)
  const store = Object.hasOwn(stores, scheme) ? stores[scheme] : undefined
  if (store !== undefined) return store
  const known = Object.keys(stores).map((name) => `${name}:`)
  throw new Problem('wrong_use', `${JSON.stringify(withoutSecrets(url).slice(0, 80))} names no store; one begins with ${known.join(', ')}.`)
}
