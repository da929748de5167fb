import type { FastifyInstance } from 'fastify'
import type { Gate } from './server.ts'

const KEY = /clk_[0-9a-f]{32}_[A-Za-z0-9_-]{43}/g
/** An address holds hundreds, and each costs a look into the store. */
const MOST = 3

/** Whatever else becomes of the request, a key that stands in its address is void from then on. */
export function endExposed(server: FastifyInstance, { exposed }: Gate): void {
  if (exposed === undefined) return
  server.addHook('onRequest', ({ url }, _reply, done) => {
    if (url.includes('clk_')) endAll((url.match(KEY) ?? []).slice(0, MOST), exposed).then(() => done(), done)
    else done()
  })
}

async function endAll(keys: readonly string[], exposed: NonNullable<Gate['exposed']>): Promise<void> {
  for (const key of keys) await exposed(key)
}
