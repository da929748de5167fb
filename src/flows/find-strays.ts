import type { ImportRecord } from '../model/import.ts'
import type { StoredSession } from '../model/session.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents } from '../ports/documents.ts'
import { listUsers } from './manage-user.ts'

export interface Inspection {
  readonly sessions: number
  /** Keys that a session names and that are not there. */
  readonly missing: readonly string[]
  /** Keys whose length is not what the session says. */
  readonly damaged: readonly string[]
  /** Objects that no document names: a crash between the two steps of keeping leaves them. */
  readonly strays: number
}

/** Holds documents against objects; with `remove`, objects that nobody names are deleted. Not to be run beside an import. */
export async function findStrays({ documents, blobs }: { readonly documents: Documents; readonly blobs: Blobs }, remove: boolean): Promise<Inspection> {
  const named = new Set<string>()
  const missing: string[] = []
  const damaged: string[] = []
  let sessions = 0
  for (const { userId } of await listUsers({ documents })) {
    for await (const { samples } of each<StoredSession>(documents, 'healthSessions', `users/${userId}`)) {
      sessions++
      if (!samples) continue
      named.add(samples.key)
      const head = await blobs.head(samples.key)
      if (!head) missing.push(samples.key)
      else if (head.length !== samples.length) damaged.push(samples.key)
    }
    for await (const { importId } of each<ImportRecord>(documents, 'imports', `users/${userId}`)) named.add(`uploads/${userId}/${importId}`)
  }
  let strays = 0
  for (const prefix of ['samples/', 'uploads/']) {
    for await (const { key } of blobs.list(prefix)) {
      if (named.has(key)) continue
      strays++
      if (remove) await blobs.delete(key)
    }
  }
  return { sessions, missing, damaged, strays }
}

async function* each<T>(documents: Documents, collection: string, parent: string): AsyncGenerator<T> {
  let cursor: string | undefined
  do {
    const page = await documents.list<T>({ collection, parent, limit: 500, ...(cursor !== undefined && { cursor }) })
    for (const { body } of page.data) yield body
    cursor = page.nextCursor
  } while (cursor !== undefined)
}
