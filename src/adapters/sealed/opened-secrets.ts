import type { SealingKey } from './key-ring.ts'

type Secret = Readonly<Record<string, unknown>>

/** Characters of a box. What is asked for again and again, such as a person, is short. */
const LONGEST = 2048

interface Opened {
  readonly path: string
  readonly box: string
  readonly secret: Secret
}

// It goes with the key.
const last = new WeakMap<SealingKey, Opened>()

/** What `open` gives for a box, which is opened once as long as it is the last that this key opened by itself. Nobody may change what is given. */
export function openedOnce(key: SealingKey, path: string, box: string, open: () => Secret): Secret {
  const known = last.get(key)
  // A box has a nonce of its own: the same one has the same in it.
  if (known !== undefined && known.path === path && known.box === box) return known.secret
  const secret = open()
  if (box.length <= LONGEST) last.set(key, { path, box, secret: frozen(secret) })
  return secret
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const each of Object.values(value)) frozen(each)
  return Object.freeze(value)
}
