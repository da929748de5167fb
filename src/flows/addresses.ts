import type { AddressClaim } from '../model/address-claim.ts'
import { Problem } from '../model/problem.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'

export interface AddressDeps {
  readonly documents: Documents
  /** Hex. */
  readonly sha256: (bytes: Uint8Array) => string
  /** Hex, with a key of the house: who has the store and no key cannot try addresses. */
  readonly keyedHash: (text: string) => Promise<string>
}

/** Where it stands whose an address is. `key` is the folded address. */
export async function addressPath({ keyedHash }: Pick<AddressDeps, 'keyedHash'>, key: string): Promise<string> {
  return `addresses/${await keyedHash(key)}`
}

/** Also of a claim from before there were keys; looked for at both places at once, so that the answers take alike long. */
export async function claimOf(deps: AddressDeps, key: string): Promise<Stored<AddressClaim> | undefined> {
  const keyed = async () => deps.documents.get<AddressClaim>(await addressPath(deps, key))
  const [claim, unkeyed] = await Promise.all([keyed(), unkeyedClaimOf(deps, key)])
  return claim ?? unkeyed
}

/** From before there were keys. */
export function unkeyedClaimOf({ documents, sha256 }: AddressDeps, key: string): Promise<Stored<AddressClaim> | undefined> {
  return documents.get<AddressClaim>(`addresses/${sha256(new TextEncoder().encode(key))}`)
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
    writes.push({ op: 'put', path: await addressPath(deps, after), body: claim, ifAbsent: true })
  }
  return writes
}

export function addressTaken(cause?: unknown): Problem {
  return new Problem('conflict', 'This e-mail address cannot be used here.', { cause })
}
