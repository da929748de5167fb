import { exportSPKI, importJWK } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTokens } from '../../src/adapters/tokens/oidc.ts'
import type { Tokens } from '../../src/ports/tokens.ts'
import { type Issuer, startIssuer } from '../engines/issuer.ts'

const NOW_S = 1_800_000_000
const clock = { nowMs: () => NOW_S * 1000 }
const good = { exp: NOW_S + 300, iat: NOW_S }

let issuer: Issuer
let other: Issuer
let tokens: Tokens

beforeAll(async () => {
  issuer = await startIssuer()
  other = await startIssuer()
})
beforeEach(() => {
  issuer.asked.length = 0
  issuer.instead.clear()
  tokens = openTokens([{ issuer: issuer.url, audience: 'clarity-loop' }], { clock })
})
afterAll(async () => {
  await issuer.stop()
  await other.stop()
})

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** A token whose header jose would not write. */
async function forged(header: Record<string, unknown>): Promise<string> {
  const [, payload, signature] = (await issuer.sign(good)).split('.')
  return `${part({ alg: 'ES256', kid: 'key-1', ...header })}.${payload}.${signature}`
}

test('a token of the issuer for this audience names a person and what may be asked', async () => {
  const token = await issuer.sign({ ...good, scope: 'openid sessions:read' })
  expect(await tokens.verify(token)).toEqual({
    issuer: issuer.url,
    subject: 'ada',
    userId: 'ada',
    scopes: ['openid', 'sessions:read'],
  })
  expect(await tokens.verify(await issuer.sign({ ...good, sub: 'auth0|7', clarity_user_id: 'bob' }))).toMatchObject({ userId: 'bob' })
})

test('the keys are fetched once', async () => {
  for (const sub of ['ada', 'bob', 'eve']) await tokens.verify(await issuer.sign({ ...good, sub }))
  expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys'])
})

test.each([
  ['115: expired a second ago', { exp: NOW_S - 1 }],
  ['115: begins in a second', { ...good, nbf: NOW_S + 1 }],
])('%s is within the skew of clocks', async (_, times) => {
  expect(await tokens.verify(await issuer.sign(times))).toMatchObject({ userId: 'ada' })
})

test.each([
  ['115: expired 31 s ago', { exp: NOW_S - 31 }],
  ['115: begins in 31 s', { ...good, nbf: NOW_S + 31 }],
])('%s is beyond it', async (_, times) => {
  await expect(tokens.verify(await issuer.sign(times))).rejects.toMatchObject({ code: 'token_expired' })
})

test.each([
  ['116: of another audience', () => issuer.sign({ ...good, aud: 'elsewhere' })],
  ['116: of no audience', () => issuer.sign({ ...good, aud: [] })],
  ['116: of another issuer', () => other.sign(good)],
  ['116: of another issuer that says it is this one', () => other.sign({ ...good, iss: issuer.url })],
  ['116: of this issuer, signed by another', () => issuer.sign(good, {}, other.privateKey)],
  ['that never expires', () => issuer.sign({ iat: NOW_S })],
  ['of nobody', () => issuer.sign({ ...good, sub: undefined })],
  ['of somebody who cannot be one of ours', () => issuer.sign({ ...good, sub: '../eve' })],
  ['113: with alg none', async () => `${part({ alg: 'none', kid: 'key-1' })}.${part({ ...good, iss: issuer.url, sub: 'ada' })}.`],
  ['113: with alg none and a signature', () => forged({ alg: 'none' })],
  ['113: with an array for alg', () => forged({ alg: ['ES256', 'none'] })],
  ['113: with alg HS256', () => forged({ alg: 'HS256' })],
  ['114: whose key id is a path', () => issuer.sign(good, { kid: '../../dev/null' })],
  ['114: whose key id is no text', () => forged({ kid: 7 })],
  ['114: without a key id', () => issuer.sign(good, { kid: undefined })],
  ['114: that names where its key is', () => issuer.sign(good, { jku: `${issuer.url}/jku` })],
  ['114: that names where its certificate is', () => issuer.sign(good, { x5u: `${issuer.url}/x5u` })],
  ['114: that brings its key', () => issuer.sign(good, { jwk: issuer.keys[0] })],
  ['114: that brings its certificate', () => issuer.sign(good, { x5c: ['AAAA'] })],
  ['with an extension that is not understood', () => forged({ crit: ['b64'], b64: false })],
  ['119: of 8 kB', () => issuer.sign({ ...good, more: 'x'.repeat(8000) })],
  ['that is no token', async () => 'a.b.c'],
  ['that is cut off', async () => (await issuer.sign(good)).slice(0, -4)],
] satisfies [string, () => Promise<string>][])('a token %s is refused', async (_, make) => {
  await tokens.verify(await issuer.sign(good))
  issuer.asked.length = 0
  await expect(tokens.verify(await make())).rejects.toMatchObject({ code: 'unauthorized' })
  expect(issuer.asked).toEqual([])
})

test('114: nothing is fetched for a token whose header is refused', async () => {
  for (const header of [{ kid: '../../dev/null' }, { jku: `${issuer.url}/jku` }, { x5u: `${issuer.url}/x5u` }, { jwk: issuer.keys[0] }])
    await expect(tokens.verify(await issuer.sign(good, header))).rejects.toMatchObject({ code: 'unauthorized' })
  expect(issuer.asked).toEqual([])
})

test('113: a token signed with the public key as a secret is refused', async () => {
  const rsa = await startIssuer('RS256')
  const trusting = openTokens([{ issuer: rsa.url, audience: 'clarity-loop' }], { clock })
  try {
    expect(await trusting.verify(await rsa.sign(good))).toMatchObject({ userId: 'ada' })
    const publicKey = await importJWK(rsa.keys[0] ?? {}, 'RS256', { extractable: true })
    const secret = new TextEncoder().encode(await exportSPKI(publicKey as CryptoKey))
    await expect(trusting.verify(await rsa.sign(good, { alg: 'HS256' }, secret))).rejects.toMatchObject({ code: 'unauthorized' })
  } finally {
    await rsa.stop()
  }
})

test('a key that was changed is found, and asked for no more than every 30 s', async () => {
  await tokens.verify(await issuer.sign(good))
  for (const kid of ['key-2', 'key-3']) await expect(tokens.verify(await issuer.sign(good, { kid }))).rejects.toThrow('refused')
  expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys'])
})

test.each([
  ['sends elsewhere', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
  ['does not find its document', { status: 404 }],
  ['answers with something else', { status: 200, body: '<html>' }],
  [
    'names another issuer',
    { status: 200, body: JSON.stringify({ issuer: 'https://other.example', jwks_uri: 'https://other.example/keys' }) },
  ],
  ['answers without end', { status: 200, body: 'x'.repeat(2_000_000) }],
])('an issuer that %s is not available, and is asked again', async (_, reply) => {
  issuer.instead.set('/.well-known/openid-configuration', reply)
  await expect(tokens.verify(await issuer.sign(good))).rejects.toMatchObject({ code: 'unavailable' })
  issuer.instead.clear()
  expect(await tokens.verify(await issuer.sign(good))).toMatchObject({ userId: 'ada' })
})

test('keys that are elsewhere and not under https are not fetched', async () => {
  const body = JSON.stringify({ issuer: issuer.url, jwks_uri: `${other.url}/keys` })
  issuer.instead.set('/.well-known/openid-configuration', { status: 200, body })
  other.asked.length = 0
  await expect(tokens.verify(await issuer.sign(good))).rejects.toMatchObject({ code: 'unavailable' })
  expect(other.asked).toEqual([])
})
