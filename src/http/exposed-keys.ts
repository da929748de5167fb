import type { FastifyInstance } from 'fastify'
import type { Gate } from './server.ts'

const KEY = /clk_[0-9a-f]{32}_[A-Za-z0-9_-]{43}/g
/** An address holds hundreds, and each costs a look into the store. */
const MOST = 3

/** Whatever else becomes of the request, a key that stands in its address is void from then on. */
export function endExposed(server: FastifyInstance, { exposed }: Gate): void {
  if (exposed === undefined) return
  server.addHook('onRequest', async ({ url }) => {
    if (url.includes('clk_')) for (const key of (url.match(KEY) ?? []).slice(0, MOST)) await exposed(key)
  })
}
