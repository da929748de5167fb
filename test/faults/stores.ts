import { dirname } from 'node:path'
import { openFileBlobs } from '../../src/adapters/blobs/files.ts'
import { openPostgresDocuments } from '../../src/adapters/documents/postgres.ts'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import type { FailpointOptions } from '../../src/adapters/failpoints.ts'
import { lockStore } from '../../src/adapters/store-lock.ts'
import type { Stores } from './steps.ts'

/** Where a run keeps what it writes: documents by URL, objects in a folder. */
export interface Places {
  readonly documents: string
  readonly blobs: string
}

/** Opens both as a restart would. */
export async function openStores({ documents, blobs }: Places, options: FailpointOptions = {}): Promise<Stores & AsyncDisposable> {
  await using opened = new AsyncDisposableStack()
  const stores = { documents: opened.use(await openDocuments(documents, options)), blobs: opened.use(openFileBlobs(blobs, options)) }
  const held = opened.move()
  return { ...stores, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** As the house does: a SQLite store for one process alone. */
export async function holdStore({ documents }: Places): Promise<AsyncDisposable> {
  if (!documents.startsWith('sqlite:')) return { async [Symbol.asyncDispose]() {} }
  return lockStore(dirname(documents.slice('sqlite:'.length)), { command: 'test/faults/lane-writer.ts' })
}

async function openDocuments(url: string, options: FailpointOptions) {
  return url.startsWith('sqlite:') ? openSqliteDocuments(url, options) : await openPostgresDocuments(url, options)
}
