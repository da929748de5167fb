import { getRandomValues, hash, randomBytes } from 'node:crypto'
import { Problem } from '../../model/problem.ts'
import type { DestroyedKeys, Keys, PersonKey, PersonKeys } from '../../ports/keys.ts'
import type { FailpointOptions } from '../failpoints.ts'
import { bundleOf, KEY_BYTES, keysIn } from './bundle.ts'
import { isDestroyed, type KeyRows, personOf, type StoreRow, type WrappedRow } from './key-rows.ts'
import type { RootKey } from './root-key.ts'

/** Unwrapped keys that are remembered: each is held against its row before it is used. */
const MOST_REMEMBERED = 10_000
/** Newer keys than these no wrapped bundle of 4 KiB holds. */
const MOST_VERSIONS = 100

/** The port over rows and a root key. Throws `Problem('wrong_root_key')` where the store was begun with another. */
export async function openKeysOver(rows: KeyRows, root: RootKey, options: FailpointOptions = {}): Promise<Keys> {
  const storeId = await provenStore(rows, root)
  const { keysOf, hashOf, forget } = openUnwrapping(root, storeId)

  async function rowOf(userId: string): Promise<WrappedRow | undefined> {
    const row = await rows.of(hashOf(userId))
    if (row === undefined || !isDestroyed(row)) return row
    forget(userId)
    throw new Problem('erased', 'The keys of this person were destroyed.')
  }

  /** False where another was quicker. */
  async function put(userId: string, revision: number, keys: PersonKeys): Promise<boolean> {
    const wrapped = await root.wrap(bundleOf(keys), contextOf(storeId, userId))
    const isPut = await rows.put({ person: hashOf(userId), userId, revision, wrapped })
    options.failpoint?.('keys:written-one')
    if (!isPut) await turnToNewest(rows, root)
    return isPut
  }

  async function of(userId: string): Promise<PersonKeys | undefined> {
    const row = await rowOf(userId)
    return row && keysOf(row)
  }

  async function make(userId: string): Promise<PersonKeys> {
    return await untilDone(async () => {
      const row = await rowOf(userId)
      if (row !== undefined) return keysOf(row)
      const keys: PersonKeys = { audit: newBytes(), data: [newKey(1)] }
      return (await put(userId, 1, keys)) ? keys : undefined
    })
  }

  async function rotate(userId: string): Promise<PersonKeys> {
    return await untilDone(async () => {
      const row = await rowOf(userId)
      const before = row && (await keysOf(row))
      const newest = newKey((before?.data[0]?.version ?? 0) + 1)
      const keys: PersonKeys = { audit: before?.audit ?? newBytes(), data: [newest, ...(before?.data ?? [])] }
      if (keys.data.length > MOST_VERSIONS) throw new Problem('conflict', `${MOST_VERSIONS} data keys are all that a person can have.`)
      return (await put(userId, (row?.revision ?? 0) + 1, keys)) ? keys : undefined
    })
  }

  async function destroy(userId: string): Promise<DestroyedKeys | undefined> {
    const person = hashOf(userId)
    const row = await rows.of(person)
    if (row === undefined) return undefined
    if (isDestroyed(row)) return { fingerprints: row.fingerprints }
    const { audit, data } = await keysOf(row)
    const fingerprints = [...data.map(({ bytes }) => bytes), audit].map((bytes) => hash('sha256', bytes, 'hex'))
    forget(userId)
    const isPut = await rows.put({ person, revision: row.revision + 1, fingerprints })
    options.failpoint?.('keys:written-one')
    // Rotated or wrapped anew meanwhile.
    return isPut ? { fingerprints } : destroy(userId)
  }

  return { storeId, of, make, rotate, destroy, [Symbol.asyncDispose]: () => rows[Symbol.asyncDispose]() }
}

/** Unwrapping may be a call to another machine: what was unwrapped is remembered as long as its row says the same. */
function openUnwrapping(root: RootKey, storeId: string) {
  const remembered = new Map<string, { readonly person: string; readonly wrapped: Uint8Array; readonly keys: PersonKeys }>()
  const hashOf = (userId: string) => remembered.get(userId)?.person ?? personOf(storeId, userId)

  async function keysOf({ person, userId, wrapped }: WrappedRow): Promise<PersonKeys> {
    const known = remembered.get(userId)
    if (known !== undefined && Buffer.compare(known.wrapped, wrapped.bytes) === 0) return known.keys
    const keys = keysIn(await root.unwrap(wrapped, contextOf(storeId, userId)))
    remembered.delete(userId)
    remembered.set(userId, { person, wrapped: wrapped.bytes, keys })
    for (const oldest of remembered.keys()) {
      if (remembered.size <= MOST_REMEMBERED) break
      remembered.delete(oldest)
    }
    return keys
  }

  return { keysOf, hashOf, forget: (userId: string) => void remembered.delete(userId) }
}

/** Which keys of a store belong to whom is bound into what wraps them. */
export function contextOf(storeId: string, userId: string): string {
  return JSON.stringify([storeId, userId])
}

/** What only the store's root key opens. */
const proofContext = (storeId: string) => JSON.stringify([storeId, 'proof'])
const proofBytes = (storeId: string) => Buffer.from(storeId, 'hex')

/**
 * Has the store take the newest root key, where another process is at turning it and has not come so far. The store is read before the root
 * key is: never is one that was taken already turned back.
 */
export async function turnToNewest(rows: KeyRows, root: RootKey): Promise<void> {
  const store = await rows.store()
  if (store === undefined) throw new Error('A store of keys was begun when it was opened')
  const proof = await root.wrap(proofBytes(store.id), proofContext(store.id))
  if (proof.by !== store.proof.by) await rows.turn(proof, store.proof.by)
}

async function provenStore(rows: KeyRows, root: RootKey): Promise<string> {
  const found = await rows.store()
  if (found !== undefined) return prove(root, found)
  await beginStore(rows, root, randomBytes(16).toString('hex'))
  return provenStore(rows, root)
}

/** Nothing where there is one already. */
export async function beginStore(rows: KeyRows, root: RootKey, id: string): Promise<void> {
  await rows.begin({ id, proof: await root.wrap(proofBytes(id), proofContext(id)) })
}

/** Throws `Problem('wrong_root_key')` unless it is this root key's. */
export async function prove(root: RootKey, { id, proof }: StoreRow): Promise<string> {
  await root.unwrap(proof, proofContext(id))
  return id
}

function newKey(version: number): PersonKey {
  return { version, bytes: newBytes() }
}

/** Each failed try means that another process got on. */
async function untilDone<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 100; tries++) {
    const done = await attempt()
    if (done !== undefined) return done
  }
  throw new Problem('unavailable', 'The keys of this person keep changing; try again.')
}

function newBytes(): Uint8Array {
  return getRandomValues(new Uint8Array(KEY_BYTES))
}
