import type { Timestamp } from '@google-cloud/firestore'
import { placeOf } from '../../model/collections.ts'
import type { Documents, ListQuery, Page, Stored } from '../../ports/documents.ts'
import { decodeDocument } from './firestore-body.ts'
import { type FirestoreOptions, openFirestore } from './firestore-client.ts'
import { pageOfDocuments, planQuery } from './firestore-query.ts'
import { readOnly } from './read-only.ts'

/**
 * The documents of a Firestore store as they are at this moment, whoever writes meanwhile: each page is read at the same time of the
 * server's. It answers for an hour; with point-in-time recovery on, for seven days. Writes are refused.
 */
export async function snapshotFirestoreDocuments(url: string, options: FirestoreOptions = {}): Promise<Documents & AsyncDisposable> {
  const { client, sdk, run, close } = await openFirestore(url, options)
  const readTime = await momentOf(() => run(async () => (await client.doc('system/filling').get()).readTime), close)
  const at = { readOnly: true, readTime } as const

  async function get<T>(path: string): Promise<Stored<T> | undefined> {
    placeOf(path)
    const data = (await run(() => client.runTransaction((reader) => reader.get(client.doc(path)), at))).data()
    return data === undefined ? undefined : decodeDocument(path, data)
  }

  async function list<T>(query: ListQuery): Promise<Page<T>> {
    const planned = planQuery(client, sdk, query)
    if (planned === undefined) return { data: [] }
    return pageOfDocuments(query, (await run(() => client.runTransaction((reader) => reader.get(planned), at))).docs)
  }

  return readOnly({ get, list, close })
}

async function momentOf(ask: () => Promise<Timestamp>, close: () => Promise<void>): Promise<Timestamp> {
  try {
    return await ask()
  } catch (error) {
    await close()
    throw error
  }
}
