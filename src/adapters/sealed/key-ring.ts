import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { Problem } from '../../model/problem.ts'
import { remembered } from '../../model/remembered.ts'
import type { Keys, PersonKey, PersonKeys } from '../../ports/keys.ts'
import type { Timer } from '../../ports/timer.ts'

/** So long what was asked of the store of keys is taken to be so: destroyed keys open nothing within a second, in any process. */
const FRESH_MS = 400
const MOST_KNOWN = 10_000

/** What a data key is used as: one for documents, and one of each object's own, so that no key serves two ends. */
export interface SealingKey {
  readonly version: number
  readonly documents: KeyObject
  objects(salt: Uint8Array): Uint8Array
}

export interface OwnerKeys {
  readonly newest: SealingKey
  /** Throws `Problem('storage_corrupt')` for a version that there is not. */
  version(version: number): SealingKey
  /** In place of a text that must be found by its equals: nobody can try texts without the key. */
  blinded(text: string): string
}

export interface KeyRing {
  /** Without waiting; undefined where the store of keys must be asked. */
  known(owner: string): OwnerKeys | undefined
  /** The same, to seal with. */
  knownToSeal(owner: string): OwnerKeys | undefined
  /** Made where there are none. Throws `Problem('erased')`. */
  sealing(owner: string): Promise<OwnerKeys>
  /** Undefined for whom nothing was ever sealed. Throws `Problem('erased')`. */
  opening(owner: string): Promise<OwnerKeys | undefined>
}

export interface RingDeps {
  readonly keys: Keys
  readonly timer: Timer
  /** Before anything is sealed: throws unless these keys are those of the data. */
  readonly beforeSealing: () => Promise<void>
}

interface Entry {
  readonly askedMs: number
  readonly keys: Promise<OwnerKeys | undefined>
  done?: OwnerKeys | undefined
}

/** The keys in use, each asked for anew twice a second. */
export function openKeyRing({ keys, timer, beforeSealing }: RingDeps): KeyRing {
  const entries = new Map<string, Entry>()
  let ready: Promise<void> | undefined
  let isReady = false

  function ask(owner: string, how: (owner: string) => Promise<PersonKeys | undefined>): Promise<OwnerKeys | undefined> {
    // From when it is asked on: what is destroyed while the answer is on its way is found out no later.
    const askedMs = timer.elapsedMs()
    const asked = how(owner).then((found) => found && ownerKeysOf(found))
    const entry: Entry = { askedMs, keys: asked }
    entries.delete(owner)
    entries.set(owner, entry)
    for (const oldest of entries.keys()) {
      if (entries.size <= MOST_KNOWN) break
      entries.delete(oldest)
    }
    const drop = () => {
      if (entries.get(owner) === entry) entries.delete(owner)
    }
    asked.then((found) => {
      entry.done = found
      if (found === undefined) drop()
    }, drop)
    return asked
  }

  function fresh(owner: string) {
    const entry = entries.get(owner)
    return entry !== undefined && timer.elapsedMs() - entry.askedMs < FRESH_MS ? entry : undefined
  }

  async function becomeReady(): Promise<void> {
    ready ??= beforeSealing().finally(() => {
      ready = undefined
    })
    await ready
    isReady = true
  }

  return {
    known: (owner) => fresh(owner)?.done,
    knownToSeal: (owner) => (isReady ? fresh(owner)?.done : undefined),
    async opening(owner) {
      return fresh(owner)?.keys ?? ask(owner, keys.of)
    },
    async sealing(owner) {
      if (!isReady) await becomeReady()
      const made = (await fresh(owner)?.keys) ?? (await ask(owner, keys.make))
      if (made === undefined) throw new Error('Keys that were made are there')
      return made
    },
  }
}

const ownerKeysOf = remembered((keys: PersonKeys): OwnerKeys => {
  const versions = new Map(keys.data.map((key) => [key.version, sealingKeyOf(key)]))
  const [first] = versions.values()
  if (first === undefined) throw new Error('Nobody has no data key')
  const blind = derived(keys.audit, '', 'clarity blind')
  return {
    newest: first,
    version(version) {
      const key = versions.get(version)
      if (key === undefined) throw new Problem('storage_corrupt', 'This was sealed with a key that is not among those of its owner.')
      return key
    },
    blinded: (text) => createHmac('sha256', blind).update(text).digest('base64url'),
  }
})

function sealingKeyOf({ version, bytes }: PersonKey): SealingKey {
  return {
    version,
    // Taken as it is by each of many ciphers, where bytes are looked at again for each.
    documents: createSecretKey(derived(bytes, '', 'clarity documents')),
    objects: (salt) => derived(bytes, salt, 'clarity objects'),
  }
}

/** HKDF, RFC 5869. */
function derived(key: Uint8Array, salt: Uint8Array | string, use: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, salt, use, 32))
}
