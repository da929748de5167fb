/** Takes sessions, with the audit log or without: `node bench/work/audit-server.ts DATA with|without [DOCUMENTS]`. Says its address and a key. */
import { sessionsApi } from '../../src/api/sessions.ts'
import { openHouse } from '../../src/app/house.ts'
import { makeKey } from '../../src/flows/keys.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { sealAudit } from '../../src/flows/seal-audit.ts'
import { keepAccount } from '../../src/http/account.ts'
import { makeGate } from '../../src/http/gate.ts'
import { sessionsHandlers } from '../../src/http/handlers/sessions.ts'
import type { HandlerDeps } from '../../src/http/handlers.ts'
import { answerOnce } from '../../src/http/idempotency.ts'
import { makeServer } from '../../src/http/server.ts'

const [data = '', audit = 'with', documents] = process.argv.slice(2)
const house = await openHouse({ data, ...(documents !== undefined && { documents }) }, 'bench', { isBusy: true })
await house.documents.batch(
  Array.from({ length: 200 }, (_, at) => ({ op: 'put', path: `users/u${at}`, body: newUser(house, 'UTC') }) as const),
)
const { text: key } = await makeKey(house, { kind: 'service' })
const server = makeServer<typeof sessionsApi, HandlerDeps>({
  api: sessionsApi,
  handlers: sessionsHandlers,
  deps: house,
  gate: makeGate(house),
  layers: [answerOnce(house)],
  actingFor: (deps, userId) => ({ ...deps, documents: deps.documents.actingFor(userId) }),
  ...(audit === 'with' && { account: keepAccount<HandlerDeps>(house) }),
})
const url = await server.listen({ host: '127.0.0.1', port: 0 })
// As the worker does it; here in the process that answers, where it costs most.
let sealing = Promise.resolve(0)
if (audit === 'with') setInterval(() => (sealing = sealing.then(() => sealAudit(house, 'bench'))), 500).unref()
process.stdout.write(`${JSON.stringify({ url, key })}\n`)
process.once('SIGTERM', async () => {
  await server.close()
  await sealing
  await house[Symbol.asyncDispose]()
})
