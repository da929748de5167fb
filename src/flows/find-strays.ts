import type { ImportRecord } from '../model/import.ts'
import type { SamplesPointer, StoredSession } from '../model/session.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents } from '../ports/documents.ts'
import { every } from './every.ts'
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

type Deps = { readonly documents: Documents; readonly blobs: Blobs }

/** Holds documents against objects; with `remove`, objects that nobody names are deleted. Not to be run beside an import. */
export async function findStrays(deps: Deps, remove: boolean): Promise<Inspection> {
  const named = new Set<string>()
  const found = { sessions: 0, missing: [] as string[], damaged: [] as string[] }
  for (const { userId } of await listUsers(deps)) {
    for await (const {
      body: { samples },
    } of every<StoredSession>(deps.documents, { collection: 'healthSessions', parent: `users/${userId}` })) {
      found.sessions++
      if (samples) await inspect(deps, samples, named, found)
    }
    for await (const {
      body: { original },
    } of every<ImportRecord>(deps.documents, { collection: 'imports', parent: `users/${userId}` }))
      if (original !== undefined) named.add(original)
  }
  return { ...found, strays: await countStrays(deps, named, remove) }
}

async function inspect(
  { blobs }: Deps,
  { key, length }: SamplesPointer,
  named: Set<string>,
  found: { missing: string[]; damaged: string[] },
): Promise<void> {
  named.add(key)
  const head = await blobs.head(key)
  if (!head) found.missing.push(key)
  else if (head.length !== length) found.damaged.push(key)
}

async function countStrays({ blobs }: Deps, named: ReadonlySet<string>, remove: boolean): Promise<number> {
  let strays = 0
  for (const prefix of ['samples/', 'uploads/']) {
    for await (const { key } of blobs.list(prefix)) {
      if (named.has(key)) continue
      strays++
      if (remove) await blobs.delete(key)
    }
  }
  return strays
}
