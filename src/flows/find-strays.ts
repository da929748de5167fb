import type { BlobHead, Blobs } from '../ports/blobs.ts'
import type { Documents } from '../ports/documents.ts'
import { everyNamedObject, type NamedObject } from './named-objects.ts'

export interface Inspection {
  readonly sessions: number
  /** Keys that a document names and that are not there. */
  readonly missing: readonly string[]
  /** Keys that are not as long as a document says, or too short for the part that it names. */
  readonly damaged: readonly string[]
  /** Objects that no document names: a crash between the two steps of keeping leaves them. */
  readonly strays: number
}

type Deps = { readonly documents: Documents; readonly blobs: Blobs }

/** Holds documents against objects; with `remove`, objects that nobody names are deleted. Not to be run beside an import. */
export async function findStrays(deps: Deps, remove: boolean): Promise<Inspection> {
  const named = new Map<string, BlobHead | undefined>()
  const [missing, damaged] = [new Set<string>(), new Set<string>()]
  let sessions = 0
  const countSessions = (collection: string) => {
    if (collection === 'healthSessions') sessions++
  }
  for await (const object of everyNamedObject(deps.documents, countSessions)) {
    if (!named.has(object.key)) named.set(object.key, await deps.blobs.head(object.key))
    const head = named.get(object.key)
    if (!head) missing.add(object.key)
    else if (!fits(object, head.length)) damaged.add(object.key)
  }
  return { sessions, missing: [...missing], damaged: [...damaged], strays: await countStrays(deps, named, remove) }
}

function fits({ range, length }: NamedObject, found: number): boolean {
  return range === undefined ? (length ?? found) === found : range.to <= found
}

async function countStrays({ blobs }: Deps, named: ReadonlyMap<string, unknown>, remove: boolean): Promise<number> {
  let strays = 0
  for (const prefix of ['samples/', 'uploads/', 'archive/']) {
    for await (const { key } of blobs.list(prefix)) {
      if (named.has(key)) continue
      strays++
      if (remove) await blobs.delete(key)
    }
  }
  return strays
}
