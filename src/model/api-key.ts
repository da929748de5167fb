import { z } from 'zod'
import { principalKinds, scopes } from './principal.ts'
import { Id, Instant, text } from './text.ts'

/** `keys/{keyId}`: an API key as kept. Of its secret only the SHA-256: 256 random bits need no slow hash. */
export const ApiKey = z.object({
  keyId: Id,
  /** What a list shows of it. */
  prefix: text(1, 40),
  secretSha256: z.string().regex(/^[0-9a-f]{64}$/),
  kind: z.enum(principalKinds),
  /** Of a person or device: whose. */
  userId: Id.optional(),
  scopes: z.array(z.enum(scopes)).min(1),
  createdAt: Instant,
  expiresAt: Instant.optional(),
  revokedAt: Instant.optional(),
  /** Of a person who was erased: whose it was is not known any more, but that it is over can be said. */
  erasureId: Id.optional(),
  /** To the hour, at most once an hour. */
  lastUsedAt: Instant.optional(),
})
export type ApiKey = z.infer<typeof ApiKey>

/** What the owner of the key sees once: `clk_`, the id, `_`, and the secret in base64url. */
export function keyText(keyId: string, secret: string): string {
  return `clk_${keyId}_${secret}`
}

/** The parts of a key's text; undefined for what is none. */
export function readKeyText(said: string): { readonly keyId: string; readonly secret: string } | undefined {
  const [, keyId, secret] = /^clk_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/.exec(said) ?? []
  return keyId === undefined || secret === undefined ? undefined : { keyId, secret }
}
