import { type CipherKey, createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto'
import { Problem } from '../../model/problem.ts'
import { release } from '../../model/release.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16
export const SEAL_BYTES = NONCE_BYTES + TAG_BYTES

/** AES-256-GCM under a random nonce: nonce, ciphertext, tag. With one key no more than 2^32 times (NIST SP 800-38D, 8.3). */
export function sealBytes(key: CipherKey, bytes: Uint8Array, context: Uint8Array): Uint8Array<ArrayBuffer> {
  return sealInto(new Uint8Array(bytes.length + SEAL_BYTES), key, bytes, context)
}

/** The same, from the start of `sealed` on, which has `SEAL_BYTES` more than `bytes` and may be the memory in which these lie. */
export function sealInto<Sealed extends Uint8Array>(sealed: Sealed, key: CipherKey, bytes: Uint8Array, context: Uint8Array): Sealed {
  const nonce = newNonce()
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(context)
  const content = cipher.update(bytes)
  sealed.set(nonce)
  sealed.set(content, NONCE_BYTES)
  release(content)
  cipher.final()
  sealed.set(cipher.getAuthTag(), sealed.length - TAG_BYTES)
  return sealed
}

// Asked for many at once, since each asking has its price. None is used twice.
const chance = new Uint8Array(NONCE_BYTES * 256)
let used = chance.length

function newNonce(): Uint8Array {
  if (used === chance.length) {
    randomFillSync(chance)
    used = 0
  }
  used += NONCE_BYTES
  return chance.subarray(used - NONCE_BYTES, used)
}

/** Throws `Problem('storage_corrupt')` unless `key` sealed just these bytes in this context. */
export function openBytes(key: CipherKey, sealed: Uint8Array, context: Uint8Array): Uint8Array {
  const end = sealed.length - TAG_BYTES
  if (end < NONCE_BYTES) throw notSealedHere()
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES)).setAAD(context)
  decipher.setAuthTag(sealed.subarray(end))
  const bytes = decipher.update(sealed.subarray(NONCE_BYTES, end))
  try {
    decipher.final()
  } catch (cause) {
    throw notSealedHere(cause)
  }
  return bytes
}

export function notSealedHere(cause?: unknown): Problem {
  return new Problem('storage_corrupt', 'What is stored is not what was sealed for this place.', { cause })
}
