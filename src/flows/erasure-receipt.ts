import { type Erasing, ErasureReceipt, type ErasureStatement } from '../model/erasure.ts'
import { canonicalJson } from '../model/in-order.ts'
import { parseAs } from '../model/parse.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Signer } from '../ports/signer.ts'

/** What was erased, signed: who has it can hold it against the public key of this installation without asking anybody. */
export async function erasureReceipt(
  { signer, clock }: { readonly signer: Signer; readonly clock: Clock },
  { erasureId, requestedAt, classes, credentials, keyFingerprints = [] }: Erasing,
  rescans: number,
): Promise<ErasureReceipt> {
  const statement: ErasureStatement = {
    kind: 'clarity-erasure-receipt',
    version: 1,
    erasureId,
    requestedAt,
    erasedAt: formatInstant(clock.nowMs()),
    classes,
    credentials,
    keyFingerprints,
    rescans,
  }
  const value = await signer.sign(bytesOf(statement))
  return { ...statement, signature: { algorithm: 'Ed25519', publicKey: await signer.publicKey(), value } }
}

/** Checks a signature, both in base64url. */
export type VerifySignature = (publicKey: string, bytes: Uint8Array, signature: string) => boolean

/** The receipt that a JSON value is, and whether its signature is of it. Throws `Problem('invalid')` for what is no receipt. */
export function checkReceipt(verify: VerifySignature, value: unknown): { readonly receipt: ErasureReceipt; readonly isGenuine: boolean } {
  const receipt = parseAs(ErasureReceipt.strict(), value, 'receipt')
  const { signature, ...statement } = receipt
  return { receipt, isGenuine: verify(signature.publicKey, bytesOf(statement), signature.value) }
}

function bytesOf(statement: ErasureStatement): Uint8Array {
  return new TextEncoder().encode(canonicalJson(statement))
}
