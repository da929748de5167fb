import { hash, randomBytes, randomUUID } from 'node:crypto'
import { openMemoryCache } from '../../src/adapters/cache/memory.ts'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { openTokens } from '../../src/adapters/tokens/oidc.ts'
import { StoredUser } from '../../src/model/user.ts'
import type { Documents } from '../../src/ports/documents.ts'

export const START_MS = Date.UTC(2026, 10, 25, 12)

/** What keys and the gate need, over a real store in memory, with clocks that a test moves. */
export function openWorld(issuers: Parameters<typeof openTokens>[0] = []) {
  const time = { nowMs: START_MS }
  const clock = { nowMs: () => time.nowMs }
  const documents = openSqliteDocuments('sqlite::memory:')
  return {
    time,
    clock,
    documents,
    timer: { elapsedMs: () => time.nowMs },
    cache: openMemoryCache({ clock }),
    tokens: openTokens(issuers, { clock }),
    newId: () => randomUUID().replaceAll('-', ''),
    newSecret: () => randomBytes(32).toString('base64url'),
    sha256: (bytes: Uint8Array) => hash('sha256', bytes, 'hex'),
  }
}

/** Puts people as the API would have made them, with the flags of the specification's defaults. */
export async function seedUsers({ documents }: { readonly documents: Documents }, ...userIds: string[]): Promise<void> {
  const at = new Date(START_MS).toISOString()
  const body = StoredUser.parse({ profile: { timezone: 'UTC' }, metadata: { createdAt: at, updatedAt: at, dataVersion: '1.0.0' } })
  await documents.batch(userIds.map((userId) => ({ op: 'put', path: `users/${userId}`, body }) as const))
}
