import { Problem } from '../model/problem.ts'
import type { Documents } from '../ports/documents.ts'

export interface TombstoneDeps {
  /** As they lie in the store: what is asked here is asked of it, and of no memory. */
  readonly documents: Documents
  /** Hex. */
  readonly sha256: (bytes: Uint8Array) => string
  /** 256 random bits. */
  readonly newSecret: () => string
}

export interface Tombstones {
  /** Where it stands that somebody was erased. */
  pathOf(userId: string): Promise<string>
  isErased(userId: string): Promise<boolean>
  /** Says that this process has just erased somebody. */
  noteErased(): void
  /** Calls whoever remembers that nobody of theirs was erased. */
  whenErased(forget: () => void): void
}

/** What the ids of the erased are hashed with, made once for a store. */
const saltPath = 'system/erasures'

interface Salt {
  readonly salt: string
}

const MOST_PATHS = 10_000

/** Who was erased: known by a salted hash alone. */
export function openTombstones({ documents, sha256, newSecret }: TombstoneDeps): Tombstones {
  let salt: Promise<string> | undefined
  // Each batch of somebody's names the place where their tombstone would stand.
  const paths = new Map<string, string>()
  const forgetting = new Set<() => void>()

  /** What failed is asked again by the next. */
  async function saltOf(): Promise<string> {
    salt ??= findSalt(documents, newSecret)
    try {
      return await salt
    } catch (error) {
      salt = undefined
      throw error
    }
  }

  async function pathOf(userId: string): Promise<string> {
    const known = paths.get(userId)
    if (known !== undefined) return known
    const path = `erasures/${sha256(new TextEncoder().encode(`${await saltOf()}\0${userId}`))}`
    if (paths.size >= MOST_PATHS) paths.clear()
    paths.set(userId, path)
    return path
  }

  return {
    pathOf,
    isErased: async (userId) => (await documents.get(await pathOf(userId))) !== undefined,
    noteErased: () => {
      for (const forget of forgetting) forget()
    },
    whenErased: (forget) => {
      forgetting.add(forget)
    },
  }
}

async function findSalt(documents: Documents, newSecret: () => string): Promise<string> {
  const kept = async () => (await documents.get<Salt>(saltPath))?.body.salt
  const found = await kept()
  if (found !== undefined) return found
  const body: Salt = { salt: newSecret() }
  try {
    await documents.batch([{ op: 'put', path: saltPath, body, ifAbsent: true }])
    return body.salt
  } catch (error) {
    const first = error instanceof Problem && error.code === 'conflict' ? await kept() : undefined
    if (first === undefined) throw error
    return first
  }
}

export function erased(cause?: unknown): Problem {
  return new Problem('erased', 'All data of this account were erased, for good.', { cause })
}
