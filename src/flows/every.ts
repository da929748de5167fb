import type { Documents, ListQuery, Stored } from '../ports/documents.ts'

const PAGE = 500

type Listing = Omit<ListQuery, 'cursor' | 'limit'>

/** Every document of a listing, page after page. */
export async function* every<T>(documents: Documents, query: Listing): AsyncGenerator<Stored<T>> {
  for await (const page of pages<T>(documents, query)) yield* page
}

/** The same a page at a time: for so many that a step for each would be felt. */
export async function* pages<T>(documents: Documents, query: Listing): AsyncGenerator<readonly Stored<T>[]> {
  let cursor: string | undefined
  do {
    const page = await documents.list<T>({ ...query, limit: PAGE, ...(cursor !== undefined && { cursor }) })
    yield page.data
    cursor = page.nextCursor
  } while (cursor !== undefined)
}

/** The same with their bodies as JSON text. */
export function textPages(documents: Documents, query: Listing): AsyncGenerator<readonly Stored<string>[]> {
  return pages<string>(documents, { ...query, asText: true })
}

/** The same, all at once: for listings that fit in memory. */
export async function all<T>(documents: Documents, query: Listing): Promise<Stored<T>[]> {
  const found: Stored<T>[] = []
  for await (const page of pages<T>(documents, query)) found.push(...page)
  return found
}
