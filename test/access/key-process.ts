/**
 * Serves the keys of a store of its own: `node test/access/key-process.ts DATA LATE_MS [die]`. Its clock is late by so much. With `die` it is
 * killed as soon as a key is kept, before it is told. Says `http://… KEY` with the key of a service that may make others.
 */
import { hash, randomBytes, randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { openTokens } from '../../src/adapters/tokens/oidc.ts'
import { keysApi } from '../../src/api/keys.ts'
import { openDocuments } from '../../src/app/stores.ts'
import { makeKey } from '../../src/flows/keys.ts'
import { makeGate } from '../../src/http/gate.ts'
import { keysHandlers } from '../../src/http/handlers/keys.ts'
import { answerOnce } from '../../src/http/idempotency.ts'
import { makeServer } from '../../src/http/server.ts'
import type { Write } from '../../src/ports/documents.ts'
import { keyedHash } from '../http/toy.ts'

const [data = '', lateMs = '0', fate, known] = process.argv.slice(2)
const store = await openDocuments(`sqlite:${data}/clarity.db`)
const clock = { nowMs: () => Date.now() + Number(lateMs) }
const deps = {
  documents: store,
  clock,
  newId: () => randomUUID().replaceAll('-', ''),
  newSecret: () => randomBytes(32).toString('base64url'),
  sha256: (bytes: Uint8Array) => hash('sha256', bytes, 'hex'),
}
const maker = known ?? (await makeKey(deps, { kind: 'operator' })).text

async function batch(writes: readonly Write[]): Promise<void> {
  await store.batch(writes)
  const isMade = writes.some((write) => write.op === 'put' && write.path.startsWith('keys/') && !('lastUsedAt' in write.body))
  if (fate === 'die' && isMade) process.kill(process.pid, 'SIGKILL')
}

const server = makeServer({
  api: keysApi,
  handlers: keysHandlers,
  deps: { ...deps, documents: { ...store, batch } },
  gate: makeGate({ ...deps, tokens: openTokens([], { clock }), timer: { elapsedMs: () => performance.now() } }),
  layers: [answerOnce({ documents: store, clock, keyedHash })],
})
writeSync(1, `${await server.listen({ host: '127.0.0.1', port: 0 })} ${maker}\n`)
