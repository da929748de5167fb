import { Problem } from '../../model/problem.ts'
import type { ClaimQuery, Documents, Stored } from '../../ports/documents.ts'
import { type Body, envelopeOf, openedBody, ownerOf, sealedBody } from './envelope.ts'
import type { KeyRing, OwnerKeys } from './key-ring.ts'
import { planOf } from './writes.ts'

/**
 * A claim decides at once, and keys may have to be asked for: whoever's are not known is passed by, with all behind them, until they are.
 * Documents of those whose keys were destroyed are passed by.
 */
export async function claimSealed<T extends object>(
  documents: Documents,
  ring: KeyRing,
  query: ClaimQuery,
  change: (found: Stored<T>) => T | undefined,
): Promise<readonly Stored<T>[]> {
  const taken: Stored<T>[] = []
  const erased = new Set<string>()
  for (;;) {
    let awaited: string | undefined
    const changed = new Map<string, T>()
    const more = await documents.claim<Body>({ ...query, limit: query.limit - taken.length }, (found) => {
      const owner = ownerOf(found.path, found.body)
      if (awaited !== undefined || erased.has(owner) || taken.some(({ path }) => path === found.path)) return undefined
      const keys = ring.knownToSeal(owner)
      if (keys === undefined) {
        awaited = owner
        return undefined
      }
      const body = change(openedWith(keys, owner, found) as unknown as Stored<T>)
      if (body === undefined) return undefined
      changed.set(found.path, JSON.parse(JSON.stringify(body)))
      return sealedWith(keys, owner, found.path, body as unknown as Body)
    })
    for (const each of more) taken.push({ ...each, body: changed.get(each.path) as T })
    if (awaited === undefined || taken.length === query.limit) return taken
    if (!(await isThere(ring, awaited))) erased.add(awaited)
  }
}

function openedWith(keys: OwnerKeys, owner: string, found: Stored<Body>): Stored<Body> {
  const envelope = envelopeOf(found.body)
  return envelope === undefined ? found : { ...found, body: openedBody(found.body, envelope, owner, found.path, keys) }
}

function sealedWith(keys: OwnerKeys, owner: string, path: string, body: Body): Body {
  const { sealing } = planOf({ op: 'put', path, body })
  return sealing === undefined ? body : sealedBody(sealing.parted, owner, path, keys)
}

async function isThere(ring: KeyRing, owner: string): Promise<boolean> {
  try {
    await ring.sealing(owner)
    return true
  } catch (error) {
    if (error instanceof Problem && error.code === 'erased') return false
    throw error
  }
}
