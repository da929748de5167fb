import { createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { checkReceipt } from '../../flows/erasure-receipt.ts'
import { Problem } from '../../model/problem.ts'
import type { Command } from '../command.ts'

export const verifyReceipt: Command = {
  summary: 'Check the receipt of an erasure, without a store or a server.',
  usage: 'FILE [--public-key=KEY]',
  takesWords: true,
  flags: {
    'public-key': { value: 'KEY', help: 'the key that it must be signed with, as the operator publishes it; else the one it names' },
  },
  async run({ positionals, flags, json, out }) {
    const [file, more] = positionals
    if (file === undefined || more !== undefined) throw new Problem('wrong_use', 'Which receipt? Say verify-receipt FILE.')
    const { receipt, isGenuine } = checkReceipt(isSigned, readReceipt(file))
    const { publicKey } = receipt.signature
    const isExpected = flags['public-key'] === undefined || flags['public-key'] === publicKey
    const ok = isGenuine && isExpected
    if (json) out(`${JSON.stringify({ ok, signature: isGenuine, key: isExpected, publicKey, erasureId: receipt.erasureId })}\n`)
    else
      out(
        ok
          ? `ok   signed with ${publicKey}, erased at ${receipt.erasedAt}\n`
          : `BAD  ${isGenuine ? 'another key signed it' : 'it was changed after it was signed'}\n`,
      )
    return ok ? 0 : 1
  },
}

function readReceipt(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new Problem('malformed_json', `${file} is not JSON.`, { cause })
    throw new Problem('not_found', `${file} cannot be read.`, { cause })
  }
}

function isSigned(publicKey: string, bytes: Uint8Array, signature: string): boolean {
  if (!/^[A-Za-z0-9_-]{43}$/.test(publicKey)) return false
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' })
  return verify(null, bytes, key, Buffer.from(signature, 'base64url'))
}
