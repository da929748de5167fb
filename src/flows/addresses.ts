import type { AddressClaim } from '../model/address-claim.ts'
import { Problem } from '../model/problem.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'

export interface AddressDeps {
  readonly documents: Documents
  /** Hex. */
  readonly sha256: (bytes: Uint8Array) => string
}

/** Where it stands whose an address is. `key` is the folded address. */
export function addressPath({ sha256 }: Pick<AddressDeps, 'sha256'>, key: string): string {
  return `addresses/${sha256(new TextEncoder().encode(key))}`
}

export async function claimOf(deps: AddressDeps, key: string): Promise<Stored<AddressClaim> | undefined> {
  return deps.documents.get<AddressClaim>(addressPath(deps, key))
}

export interface AddressMove {
  readonly userId: string
  readonly before: string | undefined
  readonly after: string | undefined
  readonly at: string
}

/** For the batch that gives a person another address. Throws `Problem('conflict')` for one that is somebody else's. */
export async function moveAddress(deps: AddressDeps, { userId, before, after, at }: AddressMove): Promise<Write[]> {
  if (before === after) return []
  const [old, taken] = await Promise.all([before, after].map(async (key) => (key === undefined ? undefined : claimOf(deps, key))))
  if (taken !== undefined && taken.body.userId !== userId) throw addressTaken()
  const writes: Write[] = []
  if (old?.body.userId === userId) writes.push({ op: 'delete', path: old.path, ifVersion: old.version })
  if (after !== undefined && taken === undefined) {
    const claim: AddressClaim = { userId, claimedAt: at }
    writes.push({ op: 'put', path: addressPath(deps, after), body: claim, ifAbsent: true })
  }
  return writes
}

export function addressTaken(cause?: unknown): Problem {
  return new Problem('conflict', 'This e-mail address cannot be used here.', { cause })
}
