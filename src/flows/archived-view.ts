import { type Collection, type CollectionName, collections, isCollectionName, placeOf } from '../model/collections.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents, ListQuery, Page, Stored } from '../ports/documents.ts'
import { type ArchiveDeps, everyArchived } from './archived-documents.ts'
import { type AgedRow, agedRow, objectOf, openedRow, withObject } from './archived-row.ts'

/**
 * The same stores as if nothing of this person had been archived: archived documents stand in every list among the others, and their samples
 * under the keys of hot ones. For who takes everything; a page may be longer than its limit.
 */
export function withArchived<D extends ArchiveDeps>(deps: D, userId: string): D {
  const [archived, hot] = [`archive/${userId}/`, `samples/${userId}/`]
  let loading: Promise<readonly Stored[]> | undefined
  // Only months have folders among hot samples, so that no two keys become one.
  const asHot = (key: string) => (key.startsWith(archived) ? `${hot}${key.slice(archived.length)}` : key)
  const asItLies = (key: string) => (key.startsWith(`${hot}rawData/`) ? `${archived}${key.slice(hot.length)}` : key)

  async function load(): Promise<readonly Stored[]> {
    const found: Stored[] = []
    for await (const row of everyArchived(deps, userId)) found.push(openedRow(hotForm(agedRow(row), asHot)))
    return found
  }

  const all = () => {
    loading ??= load()
    return loading
  }
  const blobs: Blobs = {
    ...deps.blobs,
    get: (key, options) => deps.blobs.get(asItLies(key), options),
    read: (key, expect) => deps.blobs.read(asItLies(key), expect),
    head: (key) => deps.blobs.head(asItLies(key)),
  }
  return { ...deps, documents: mergedDocuments(deps.documents, userId, all), blobs }
}

function hotForm(row: AgedRow, asHot: (key: string) => string): AgedRow {
  const samples = objectOf(row)
  return samples === undefined ? row : withObject(row, { ...samples, key: asHot(samples.key) })
}

function mergedDocuments(documents: Documents, userId: string, all: () => Promise<readonly Stored[]>): Documents {
  const waiting = new Map<string, readonly Stored[]>()

  async function list<T>(query: ListQuery): Promise<Page<T>> {
    if (!isAbout(query, userId)) return documents.list<T>(query)
    // All of them: of one that is archived too the hot one counts.
    const { isOfUse: _, asText, ...whole } = query
    if (asText) return asTexts(await list(whole))
    const page = await documents.list<T>(whole)
    const { cursor, limit: __, ...said } = whole
    const name = JSON.stringify(said)
    const hot = new Set(page.data.map(({ path }) => path))
    const left = (cursor === undefined ? matching(await all(), query) : (waiting.get(name) ?? [])).filter(({ path }) => !hot.has(path))
    const last = page.data.at(-1)
    const isNext = (document: Stored) => page.nextCursor === undefined || (last !== undefined && order(query, document, last) < 0)
    waiting.set(
      name,
      left.filter((document) => !isNext(document)),
    )
    const data = [...page.data, ...(left.filter(isNext) as Stored<T>[])].sort((a, b) => order(query, a, b))
    return { ...page, data }
  }

  return {
    ...documents,
    list,
    async get<T>(path: string) {
      return (await documents.get<T>(path)) ?? ((await all()).find((document) => document.path === path) as Stored<T> | undefined)
    },
  }
}

function asTexts<T>({ data, ...page }: Page): Page<T> {
  return { ...page, data: data.map((document) => ({ ...document, body: JSON.stringify(document.body) as T })) }
}

function isAbout({ collection, parent, equals }: ListQuery, userId: string): boolean {
  return (
    isCollectionName(collection) &&
    (parent === `users/${userId}` || parent?.startsWith(`users/${userId}/`) === true || equals?.[0] === userId)
  )
}

function matching(all: readonly Stored[], query: ListQuery): Stored[] {
  const { collection, parent, equals = [], from, to } = query
  return all.filter((document) => {
    const place = placeOf(document.path)
    const fields = fieldsOf(query, document)
    const next = query.index === undefined ? place.id : (fields[equals.length] ?? '')
    return (
      place.collection === collection &&
      (parent === undefined || place.parent === parent) &&
      equals.every((value, at) => fields[at] === value) &&
      (from === undefined || next >= from) &&
      (to === undefined || next < to)
    )
  })
}

/** In the order of the list: by the index's fields, then the id, in the direction of the last of them. */
function order(query: ListQuery, a: Stored, b: Stored): number {
  const { descending = [], indexes }: Collection = collections[query.collection as CollectionName]
  const names = query.index === undefined ? [] : (indexes[query.index] ?? [])
  const [one, other] = [fieldsOf(query, a), fieldsOf(query, b)]
  const at = names.findIndex((_, n) => one[n] !== other[n])
  const isDown = descending.includes(names[at < 0 ? names.length - 1 : at] ?? '')
  const isLess = at < 0 ? placeOf(a.path).id < placeOf(b.path).id : (one[at] ?? '') < (other[at] ?? '')
  if (at < 0 && a.path === b.path) return 0
  return isLess === isDown ? 1 : -1
}

function fieldsOf({ collection, index }: ListQuery, { body }: Stored): (string | number)[] {
  const { indexes }: Collection = collections[collection as CollectionName]
  const names = index === undefined ? [] : (indexes[index] ?? [])
  return names.map(
    (name) =>
      name.split('.').reduce<unknown>((inner, step) => (inner as Record<string, unknown> | undefined)?.[step], body) as string | number,
  )
}
