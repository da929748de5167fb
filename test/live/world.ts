import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMemoryCache } from '../../src/adapters/cache/memory.ts'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { openGuardedEgress } from '../../src/adapters/egress/guarded.ts'
import { systemTimer } from '../../src/adapters/timer/system.ts'
import { eventsApi } from '../../src/api/events.ts'
import { webhooksApi } from '../../src/api/webhooks.ts'
import type { DeliverDeps } from '../../src/flows/deliver-webhooks.ts'
import { type EventDeps, withEvents } from '../../src/flows/events.ts'
import type { FollowDeps } from '../../src/flows/follow-events.ts'
import { type WebhookDeps, watchWebhooks } from '../../src/flows/webhooks.ts'
import { eventsHandlers } from '../../src/http/handlers/events.ts'
import { webhooksHandlers } from '../../src/http/handlers/webhooks.ts'
import { type Gate, makeServer } from '../../src/http/server.ts'
import { type Principal, scopesOf } from '../../src/model/principal.ts'
import { Problem } from '../../src/model/problem.ts'
import type { Documents } from '../../src/ports/documents.ts'

export type LiveDeps = FollowDeps & DeliverDeps & WebhookDeps & EventDeps

export interface World extends AsyncDisposable {
  readonly url: string
  /** With events. */
  readonly documents: Documents
  /** Without. */
  readonly kept: Documents
  readonly deps: LiveDeps
  /** Milliseconds that the clock is ahead of the true time. */
  ahead: number
  /** Credentials that are void. */
  readonly revoked: Set<string>
  /** `owner>grantee:resource` */
  readonly grants: Set<string>
}

export const newId = () => randomUUID().replaceAll('-', '')

/** A server on loopback over a store of its own, where every person's token is their id; `service` is that of a service. */
export async function openWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-live-'))
  const kept = openSqliteDocuments(`sqlite:${join(folder, 'documents.db')}`)
  const world = { ahead: 0, revoked: new Set<string>(), grants: new Set<string>() }
  const clock = { nowMs: () => Date.now() + world.ahead }
  const parts = { cache: openMemoryCache({ clock }), clock, newId, timer: systemTimer }
  // Looked up each time: a test does not wait for the second in which it is remembered.
  const hasWebhooks = () => watchWebhooks({ documents: kept, timer: systemTimer })()
  const documents = withEvents({ ...parts, documents: kept, hasWebhooks })
  const deps: LiveDeps = {
    ...parts,
    documents,
    hasWebhooks,
    egress: openGuardedEgress({ loopback: true }),
    hmacSha256: (key, text) => createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64'),
    newWebhookKey: () => randomBytes(32).toString('base64'),
  }
  const server = makeServer({
    api: { ...eventsApi, ...webhooksApi },
    handlers: { ...eventsHandlers, ...webhooksHandlers },
    deps,
    gate: gateOf(world),
  })
  await server.listen({ port: 0, host: '127.0.0.1' })
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  return Object.assign(world, {
    url,
    documents,
    kept,
    deps,
    async [Symbol.asyncDispose]() {
      server.server.closeAllConnections()
      await server.close()
      await kept.close()
      rmSync(folder, { recursive: true })
    },
  })
}

function gateOf({ revoked, grants }: Pick<World, 'revoked' | 'grants'>): Gate {
  return {
    async authenticate(authorization = '') {
      const token = authorization.slice('Bearer '.length)
      if (token === '' || revoked.has(token)) throw new Problem('unauthorized', 'No valid credential.')
      if (token === 'service') return { kind: 'service', scopes: scopesOf.service, credential: token } satisfies Principal
      return { kind: 'person', userId: token, scopes: scopesOf.person, credential: token } satisfies Principal
    },
    mayByGrant: async (owner, grantee, { resource }) => grants.has(`${owner}>${grantee}:${resource}`),
  }
}
