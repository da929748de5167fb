import type { ErasureReceipt } from '../../../src/model/erasure.ts'
import { canonical } from '../format/canonical.ts'

/** Whether the signature of a receipt is of what it says, as this browser finds; undefined where it knows no Ed25519. */
export async function isGenuine({ signature, ...statement }: ErasureReceipt): Promise<boolean | undefined> {
  try {
    const key = await crypto.subtle.importKey('raw', bytesOf(signature.publicKey), 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', key, bytesOf(signature.value), new TextEncoder().encode(canonical(statement)))
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotSupportedError') return undefined
    throw error
  }
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}
