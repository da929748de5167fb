import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { AuditSigner } from '../flows/audit-checkpoint.ts'
import { Problem } from '../model/problem.ts'
import type { Config } from './config.ts'
import { keysOf } from './stores.ts'

/** The key that signs checkpoints lies beside the root key. */
export function auditKeyPath(config: Config): string {
  return join(dirname(keysOf(config).rootKey), 'audit.key')
}

/**
 * Who signs the checkpoints of the log of these keys' store: an Ed25519 key, made where there is none. Every machine that signs for one
 * store must have the same file.
 */
export function openAuditSigner(config: Config, storeId: string): AuditSigner {
  const path = auditKeyPath(config)
  if (!existsSync(path)) makeKey(path)
  const key = keyIn(path)
  return { origin: originOf(storeId), publicKey: rawPublic(key), sign: (bytes) => sign(null, bytes, key) }
}

/** The name that stands in the log's checkpoints. */
function originOf(storeId: string): string {
  return `clarity-loop/audit/${storeId}`
}

/** Whether an Ed25519 key, as its 32 bytes, signed a text. */
export function isSignedBy(publicKey: Uint8Array, text: string, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }, format: 'jwk' })
  return verify(null, Buffer.from(text), key, signature)
}

function rawPublic(key: KeyObject): Uint8Array {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' })
  return Buffer.from(x, 'base64url')
}

function keyIn(path: string): KeyObject {
  try {
    return createPrivateKey(readFileSync(path))
  } catch (cause) {
    throw new Problem('unavailable', `What lies at ${path} is no key that can be read; bring it back from its backup.`, { cause })
  }
}

/** A link, unlike a rename, never takes the place of a key that is there. */
function makeKey(path: string): void {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
  const draft = `${path}.${process.pid}.draft`
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  rmSync(draft, { force: true })
  const descriptor = openSync(draft, 'wx', 0o600)
  try {
    writeSync(descriptor, pem)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(draft, { force: true })
  }
}
