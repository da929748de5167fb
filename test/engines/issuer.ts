import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

export interface Issuer {
  readonly url: string
  /** Paths that were asked for, in order. */
  readonly asked: string[]
  /** Keys that its key set shows. */
  readonly keys: JWK[]
  /** What it answers instead, by path. */
  readonly instead: Map<string, { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }>
  readonly privateKey: CryptoKey
  sign(payload: Record<string, unknown>, header?: Record<string, unknown>, key?: CryptoKey | Uint8Array): Promise<string>
  stop(): Promise<void>
}

/** An OpenID issuer on loopback with one key, `key-1`. */
export async function startIssuer(alg = 'ES256'): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const asked: string[] = []
  const keys: JWK[] = [{ ...(await exportJWK(publicKey)), kid: 'key-1', use: 'sig' }]
  const instead: Issuer['instead'] = new Map()
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const other = instead.get(path)
    if (other !== undefined) response.writeHead(other.status, other.headers).end(other.body ?? '')
    else if (path === '/.well-known/openid-configuration') response.end(JSON.stringify({ issuer: url, jwks_uri: `${url}/keys` }))
    else if (path === '/keys') response.end(JSON.stringify({ keys }))
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    asked,
    keys,
    instead,
    privateKey,
    sign: (payload, header = {}, key = privateKey) =>
      new SignJWT({ iss: url, aud: 'clarity-loop', sub: 'ada', ...payload }).setProtectedHeader({ alg, kid: 'key-1', ...header }).sign(key),
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  }
}
