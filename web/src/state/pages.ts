/** What the server gives at once. */
const PAGE = 1000

export interface Page<T> {
  readonly data: readonly T[]
  readonly nextCursor?: string | undefined
}

/** The first of a list, as many as are wanted, page after page; with `nextCursor` where there are more. */
export async function firstOf<T>(
  wanted: number,
  ask: (query: { readonly limit: number; readonly cursor?: string }) => Promise<Page<T>>,
): Promise<Page<T>> {
  const data: T[] = []
  let cursor: string | undefined
  do {
    const limit = Math.min(PAGE, wanted - data.length)
    const page = await ask({ limit, ...(cursor !== undefined && { cursor }) })
    data.push(...page.data)
    cursor = page.nextCursor
  } while (cursor !== undefined && data.length < wanted)
  return { data, nextCursor: cursor }
}
