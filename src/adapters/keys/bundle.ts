import type { PersonKey, PersonKeys } from '../../ports/keys.ts'
import { notSealedHere } from '../sealed/gcm.ts'

export const KEY_BYTES = 32
const ENTRY_BYTES = 4 + KEY_BYTES

/** A person's keys as the bytes that are wrapped: the audit key, then version and key of each data key, the newest first. */
export function bundleOf({ audit, data }: PersonKeys): Uint8Array {
  const bytes = new Uint8Array(KEY_BYTES + data.length * ENTRY_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set(audit)
  for (const [at, { version, bytes: key }] of data.entries()) {
    view.setUint32(KEY_BYTES + at * ENTRY_BYTES, version)
    bytes.set(key, KEY_BYTES + at * ENTRY_BYTES + 4)
  }
  return bytes
}

export function keysIn(bundle: Uint8Array): PersonKeys {
  const bytes = new Uint8Array(bundle)
  const count = (bytes.length - KEY_BYTES) / ENTRY_BYTES
  if (!Number.isInteger(count) || count < 1) throw notSealedHere()
  const view = new DataView(bytes.buffer)
  const data = Array.from({ length: count }, (_, at): PersonKey => {
    const from = KEY_BYTES + at * ENTRY_BYTES
    return { version: view.getUint32(from), bytes: bytes.slice(from + 4, from + ENTRY_BYTES) }
  })
  return { audit: bytes.slice(0, KEY_BYTES), data }
}
