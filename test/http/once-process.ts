/**
 * Serves the toy table over a store of its own, with answers kept: `node test/http/once-process.ts DATA LATE_MS [die]`. Its clock is late by
 * so much. With `die` it is killed as soon as the first POST had its effect. Says `http://…`.
 */
import { writeSync } from 'node:fs'
import { openDocuments } from '../../src/app/stores.ts'
import { answerOnce } from '../../src/http/idempotency.ts'
import { makeServer } from '../../src/http/server.ts'
import { keyedHash, toyApi, toyGate, toyHandlers } from './toy.ts'

const [data = '', lateMs = '0', fate] = process.argv.slice(2)
const documents = await openDocuments(`sqlite:${data}/clarity.db`)
const done = () => {
  if (fate === 'die') process.kill(process.pid, 'SIGKILL')
}
const clock = { nowMs: () => Date.now() + Number(lateMs) }
const server = makeServer({
  api: toyApi,
  handlers: toyHandlers,
  deps: { documents, done },
  gate: toyGate,
  layers: [answerOnce({ documents, clock, keyedHash })],
})
writeSync(1, `${await server.listen({ host: '127.0.0.1', port: 0 })}\n`)
