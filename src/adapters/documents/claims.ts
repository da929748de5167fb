import { Problem } from '../../model/problem.ts'
import type { ClaimQuery, ListQuery, Stored } from '../../ports/documents.ts'
import { planWrites, type WritePlan } from './writes.ts'

const maxClaims = 100
const maxLooked = 1000
// Where the first were passed by, more are looked at in one go.
const laterPage = 50

/** What a claim still looks for, and what it has found so far. */
export interface Claim {
  /** The next page to look at; undefined when there is nothing left to look for. `cursor` is that of the page before. */
  next(cursor?: string): ListQuery | undefined
  /** The write that takes this document, or undefined where `change` passes it by. */
  take(found: Stored): WritePlan | undefined
  readonly taken: Stored[]
}

/** The same for every engine that lists and writes within one transaction. Throws `Problem('invalid')` for a bad limit. */
export function beginClaim<T extends object>(query: ClaimQuery, change: (found: Stored<T>) => T | undefined): Claim {
  const { collection, index, equals, limit } = query
  if (!Number.isInteger(limit) || limit < 1 || limit > maxClaims) throw new Problem('invalid', `A claim takes 1 to ${maxClaims}`)
  const taken: Stored[] = []
  const seen = new Set<string>()
  let looked = 0
  return {
    taken,
    next(cursor) {
      const size = Math.min(looked === 0 ? limit : Math.max(limit - taken.length, laterPage), maxLooked - looked)
      return taken.length === limit || size <= 0
        ? undefined
        : { collection, index, equals, limit: size, ...(cursor === undefined ? {} : { cursor }) }
    },
    take(found) {
      // Taken a moment ago, it may have moved to where this claim looks next.
      if (seen.has(found.path) || taken.length === limit) return undefined
      seen.add(found.path)
      looked += 1
      const { path, version } = found
      const body = change(found as Stored<T>)
      if (body === undefined) return undefined
      const [plan] = planWrites([{ op: 'put', path, body, ifVersion: version }])
      taken.push({ path, version: version + 1, body: JSON.parse(plan?.body ?? 'null') })
      return plan
    },
  }
}
