import { Problem } from '../../model/problem.ts'
import type { ClaimQuery, Documents, ListQuery, Page, Stored } from '../../ports/documents.ts'
import { parseBody } from '../documents/rows.ts'
import { claimSealed } from './claims.ts'
import {
  type Body,
  envelopeField,
  envelopeOf,
  openedBody,
  openedBodyAgain,
  openedBriefly,
  ownerOf,
  withoutBox,
  withoutEnvelope,
} from './envelope.ts'
import { notSealedHere } from './gcm.ts'
import type { KeyRing } from './key-ring.ts'
import { rowOf, sealedWrites } from './writes.ts'

/**
 * The same documents, with the fields that `model/collections` names sealed by the keys of whom they are about. What lies there unsealed,
 * from before there were keys, is read as it is. Of a person whose keys were destroyed a `get` throws `Problem('erased')`, as does every put;
 * a list about that person still gives what stands in the open, so that it can be cleared away, and any other leaves it out. Throws
 * `storage_corrupt` for what was not sealed at its place.
 */
export function sealedDocuments(documents: Documents, ring: KeyRing): Documents {
  return {
    async get<T>(path: string) {
      const found = await documents.get<Body>(path)
      return found && ((await opened(ring, found, openedBodyAgain)) as Stored<T>)
    },
    list: <T>(query: ListQuery) => listOpened<T>(documents, ring, query),
    async batch(writes) {
      const ready = sealedWrites(ring, writes)
      // Without a pause where none is needed: bodies are taken as they are now.
      await documents.batch(ready instanceof Promise ? await ready : ready)
    },
    claim<T extends object>(query: ClaimQuery, change: (found: Stored<T>) => T | undefined) {
      return rowOf(query.collection)?.sealed === undefined ? documents.claim<T>(query, change) : claimSealed(documents, ring, query, change)
    },
    actingFor(this: Documents, userId) {
      const own = documents.actingFor(userId)
      return own === documents ? this : sealedDocuments(own, ring)
    },
    close: () => documents.close(),
  }
}

async function opened(ring: KeyRing, found: Stored<Body>, open = openedBody): Promise<Stored<Body>> {
  const envelope = envelopeOf(found.body)
  if (envelope === undefined) return found
  const owner = ownerOf(found.path, found.body)
  const keys = ring.known(owner) ?? (await ring.opening(owner))
  if (keys === undefined) throw notSealedHere()
  return { ...found, body: open(found.body, envelope, owner, found.path, keys) }
}

async function listOpened<T>(documents: Documents, ring: KeyRing, query: ListQuery): Promise<Page<T>> {
  const page = await listed(documents, await blindQuery(ring, query))
  // A blind field from before there were keys stands there as it is.
  const found = page.data.length > 0 || query.cursor !== undefined || !isBlind(query) ? page : await documents.list<Body>(query)
  const { isOfUse, asText } = query
  if (asText) return openedTexts(ring, query, found as unknown as Page<string>) as Promise<Page<T>>
  const wanted = isOfUse === undefined ? found.data : found.data.filter(({ body }) => isOfUse(body))
  const all = await Promise.all(wanted.map((each) => openedOrLeft(ring, query, each)))
  return { ...found, data: all.filter((each) => each !== undefined) as unknown as Stored<T>[] }
}

/** Briefly, as texts of which what will not be opened is never parsed: it is most of them. */
async function listed(documents: Documents, query: ListQuery): Promise<Page<Body>> {
  const isApart = rowOf(query.collection)?.apart !== undefined
  if (!query.brief || !isApart || query.asText) return documents.list<Body>(query)
  const { data, ...rest } = await documents.list<string>({ ...query, asText: true })
  return { ...rest, data: data.map(({ path, version, body }) => ({ path, version, body: parseBody<Body>(path, withoutBox(body)) })) }
}

async function openedTexts(ring: KeyRing, query: ListQuery, page: Page<string>): Promise<Page<string>> {
  const all = await Promise.all(page.data.map((each) => openedText(ring, query, each)))
  return { ...page, data: all.filter((each) => each !== undefined) }
}

/** What has nothing sealed in it goes by unread. */
async function openedText(ring: KeyRing, query: ListQuery, found: Stored<string>): Promise<Stored<string> | undefined> {
  if (!found.body.includes(`"${envelopeField}"`)) return found
  const opened = await openedOrLeft(ring, query, { ...found, body: parseBody(found.path, found.body) })
  return opened && { ...opened, body: JSON.stringify(opened.body) }
}

async function openedOrLeft(ring: KeyRing, query: ListQuery, found: Stored<Body>): Promise<Stored<Body> | undefined> {
  try {
    return await opened(ring, found, query.brief ? openedBriefly : openedBody)
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'erased')) throw error
    return isAbout(query, ownerOf(found.path, found.body)) ? { ...found, body: withoutEnvelope(found.body) } : undefined
  }
}

function isAbout({ parent, equals }: ListQuery, owner: string): boolean {
  return equals?.[0] === owner || parent === `users/${owner}` || parent?.startsWith(`users/${owner}/`) === true
}

/** Which of the equals is a blind field, if its index has one. */
function blindAt({ collection, index, equals = [] }: ListQuery): number {
  const { blind, indexes } = rowOf(collection) ?? {}
  if (blind === undefined || index === undefined || !Object.hasOwn(indexes ?? {}, index)) return -1
  const at = (indexes?.[index] ?? []).findIndex((path) => blind.includes(path))
  return at < equals.length ? at : -1
}

function isBlind(query: ListQuery): boolean {
  return blindAt(query) >= 0
}

async function blindQuery(ring: KeyRing, query: ListQuery): Promise<ListQuery> {
  const at = blindAt(query)
  const owner = query.parent?.split('/')[1] ?? query.equals?.[0]
  if (at < 0 || typeof owner !== 'string') return query
  const keys = ring.known(owner) ?? (await ring.opening(owner))
  return keys === undefined
    ? query
    : { ...query, equals: query.equals?.map((value, n) => (n === at ? keys.blinded(String(value)) : value)) ?? [] }
}
