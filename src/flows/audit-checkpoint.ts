import { auditId } from '../model/audit.ts'
import { formatInstant } from '../model/time.ts'
import type { Blobs } from '../ports/blobs.ts'
import { chainOf } from './audit-chain.ts'
import { type Digest, rootOf } from './merkle-tree.ts'
import { findChain, putChain, type SealDeps } from './seal-audit.ts'

/** Who signs: Ed25519, over the bytes of the text. */
export interface AuditSigner {
  /** The log's own name, without spaces or `+`. */
  readonly origin: string
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  readonly sign: (bytes: Uint8Array) => Uint8Array
}

export interface CheckpointDeps extends SealDeps {
  /** Where checkpoints go, out of the reach of who writes the log. */
  readonly checkpoints: Blobs
  readonly signer: AuditSigner
}

/** What a checkpoint says, and who signed it. */
export interface Checkpoint {
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
  /** What is signed. */
  readonly text: string
  readonly signatures: readonly { readonly name: string; readonly keyId: string; readonly signature: Uint8Array }[]
}

export interface VerifyDeps {
  readonly digest: Digest
  /** Ed25519. */
  readonly isSignedBy: (publicKey: Uint8Array, text: string, signature: Uint8Array) => boolean
}

const EVERY = 1000
const EVERY_MS = 60_000

/**
 * Signs how far the log is sealed, once there are 1,000 new entries or the first of them waits a minute, or at once. What is signed once
 * for a size is the same however often it is signed.
 */
export async function signCheckpoint(deps: CheckpointDeps, when: 'due' | 'now' = 'due'): Promise<boolean> {
  const { documents, clock, digest, checkpoints, signer } = deps
  const found = await findChain(documents)
  if (found === undefined) return false
  const { size, signed } = found.body
  const isNew = size > (signed?.size ?? 0)
  const isDue = size - (signed?.size ?? 0) >= EVERY || clock.nowMs() - Date.parse(signed?.at ?? '1970-01-01T00:00:00Z') >= EVERY_MS
  if (!isNew || !(isDue || when === 'now')) return false
  const note = checkpointNote(digest, signer, size, rootOf(digest, chainOf(found.body).tree))
  await checkpoints.putAll([{ key: `checkpoints/${auditId(size)}`, bytes: new TextEncoder().encode(note) }])
  await putChain(documents, found, { ...found.body, signed: { size, at: formatInstant(clock.nowMs()) } })
  return true
}

/** A signed note with the body of a checkpoint, as C2SP's signed-note and tlog-checkpoint have them. */
export function checkpointNote(digest: Digest, signer: AuditSigner, size: number, root: Uint8Array): string {
  const text = `${signer.origin}\n${size}\n${root.toBase64()}\n`
  const signature = signer.sign(new TextEncoder().encode(text))
  return `${text}\n— ${signer.origin} ${joined(keyIdOf(digest, signer.origin, signer.publicKey), signature).toBase64()}\n`
}

/** The key as C2SP writes it for whoever verifies: name, id, and the public key behind its type. */
export function verifierKey(digest: Digest, { origin, publicKey }: Pick<AuditSigner, 'origin' | 'publicKey'>): string {
  const id = keyIdOf(digest, origin, publicKey).toHex()
  return `${origin}+${id}+${joined(ED25519, publicKey).toBase64()}`
}

const SIGNATURE = /^— (\S+) ((?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/gm

/** Undefined for what is no checkpoint. */
export function readCheckpoint(note: string): Checkpoint | undefined {
  const match = /^(([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*)\n((?:— [^\n]+\n)+)$/.exec(note)
  if (match === null) return undefined
  const [, text = '', origin = '', size, root = '', lines = ''] = match
  const signatures = [...lines.matchAll(SIGNATURE)].flatMap(([, name = '', code = '']) => {
    const bytes = Uint8Array.fromBase64(code)
    // Bits that nobody reads must be 0: one signature is written in one way.
    return bytes.toBase64() === code ? [{ name, keyId: bytes.subarray(0, 4).toBase64(), signature: bytes.subarray(4) }] : []
  })
  return { origin, size: Number(size), root: Uint8Array.fromBase64(root), text, signatures }
}

/** The keys of a `verifierKey`; undefined for what is none. */
export function readVerifierKey(digest: Digest, key: string): { origin: string; publicKey: Uint8Array; keyId: string } | undefined {
  const [, origin = '', id = '', code = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(key.trim()) ?? []
  const publicKey = Uint8Array.fromBase64(code).subarray(1)
  const known = origin === '' ? '' : verifierKey(digest, { origin, publicKey })
  return known === key.trim() && id !== '' ? { origin, publicKey, keyId: keyIdOf(digest, origin, publicKey).toBase64() } : undefined
}

/** Whether the key that `verifierKey` writes signed it. */
export function isSigned({ digest, isSignedBy }: VerifyDeps, { origin, text, signatures }: Checkpoint, key: string): boolean {
  const known = readVerifierKey(digest, key)
  if (known === undefined || origin !== known.origin) return false
  return signatures.some(
    ({ name, keyId, signature }) => name === origin && keyId === known.keyId && isSignedBy(known.publicKey, text, signature),
  )
}

const ED25519 = new Uint8Array([1])

function keyIdOf(digest: Digest, origin: string, publicKey: Uint8Array): Uint8Array {
  return digest(joined(new TextEncoder().encode(`${origin}\n`), ED25519, publicKey)).subarray(0, 4)
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
