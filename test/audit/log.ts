import { createPrivateKey, createPublicKey, hash, sign } from 'node:crypto'
import { type Chain, canonical, emptyChain, sealed } from '../../src/flows/audit-chain.ts'
import { type AuditSigner, checkpointNote, verifierKey } from '../../src/flows/audit-checkpoint.ts'
import { rootOf } from '../../src/flows/merkle-tree.ts'
import type { AuditNote } from '../../src/model/audit.ts'

export const digest = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer')

/** PKCS#8 of an Ed25519 key, before its 32 bytes (RFC 8410). */
const head = Buffer.from('302e020100300506032b657004220420', 'hex')

export function signerOf(seed: number, origin = 'example.org/audit'): AuditSigner {
  const privateKey = createPrivateKey({ key: Buffer.concat([head, Buffer.alloc(32, seed)]), format: 'der', type: 'pkcs8' })
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  return { origin, publicKey: Buffer.from(String(x), 'base64url'), sign: (bytes) => sign(null, bytes, privateKey) }
}

export interface Log {
  readonly lines: readonly string[]
  readonly checkpoints: readonly string[]
  readonly key: string
}

/** A sealed log of these notes, signed wherever `at` says. */
export function logOf(notes: readonly AuditNote[], at: readonly number[], signer: AuditSigner): Log {
  const { lines, signed } = sealing(
    (n) => notes[n] ?? noteOf(n),
    notes.length,
    (size) => at.includes(size),
    signer,
  )
  return { lines: [...lines], ...signed() }
}

/** The same line by line, and what was signed up to there. */
export function sealing(note: (n: number) => AuditNote, count: number, isSigned: (size: number) => boolean, signer: AuditSigner) {
  const checkpoints: string[] = []
  function* lines(): Generator<string> {
    let chain: Chain = emptyChain
    for (let n = 0; n < count; n += 1) {
      const next = sealed(digest, chain, note(n))
      chain = next.chain
      if (isSigned(n + 1)) checkpoints.push(checkpointNote(digest, signer, n + 1, rootOf(digest, chain.tree)))
      yield canonical(next.entry)
    }
  }
  return { lines: lines(), signed: () => ({ checkpoints, key: verifierKey(digest, signer) }) }
}

export function noteOf(n: number): AuditNote {
  return {
    at: new Date(1.8e12 + n * 1000).toISOString(),
    actor: { type: 'person', id: letters(n, 43), keyId: letters(n + 1, 43) },
    action: 'R',
    purpose: 'self',
    subject: letters(n, 43),
    resource: { type: 'users/days', idHmac: letters(n + 2, 43) },
    dataClasses: ['days'],
    count: n,
    outcome: 'allow',
    policyVersion: '0.1.0',
    requestId: `request-${n} €`,
    ip: '192.0.2.0/24',
  }
}

function letters(n: number, length: number): string {
  return hash('sha256', String(n), 'base64url').slice(0, length)
}
