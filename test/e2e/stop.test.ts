import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { serveApi } from '../../src/app/serve/serve.ts'
import { makeKey } from '../../src/flows/keys.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { makeGate } from '../../src/http/gate.ts'
import { temporaryHouse } from '../golden/people.ts'

const house = await temporaryHouse()
afterAll(() => house[Symbol.asyncDispose]())
await house.documents.batch([{ op: 'put', path: 'users/ada', body: newUser(house, 'UTC') }])
const { text: key } = await makeKey(house, { kind: 'person', userId: 'ada' })

const serving = () =>
  serveApi({
    house,
    gate: makeGate(house),
    layers: [],
    version: '0',
    dashboard: async () => undefined,
    host: '127.0.0.1',
    port: 0,
    log: Object.assign(() => undefined, { flush: () => undefined }),
  })

/** A call that was taken, and whose body has not come to its end. */
async function unended(url: string) {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let answer = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text
  })
  const body = JSON.stringify({ purpose: 'dataSharing', given: true, textVersion: '1' })
  const head = ['POST /v1/users/ada/consents HTTP/1.1', `host: ${hostname}:${port}`, `authorization: Bearer ${key}`]
  const more = ['content-type: application/json', 'idempotency-key: a', 'expect: 100-continue', `content-length: ${body.length}`]
  socket.write(`${[...head, ...more].join('\r\n')}\r\n\r\n`)
  await once(socket, 'data')
  expect(answer).toMatch(/^HTTP\/1.1 100/)
  return { closed: once(socket, 'close'), end: () => socket.write(body), answer: () => answer }
}

test('what is not done when the time to stop is over is cut off, and has had no effect', async () => {
  const server = await serving()
  const call = await unended(server.url)
  // Its body never ends, and is waited for much longer than a test: without the cut neither promise would resolve.
  await Promise.all([server.stop(50), call.closed])
  expect(call.answer()).not.toContain('HTTP/1.1 2')
  expect((await house.documents.list({ collection: 'consents', parent: 'users/ada', limit: 10 })).data).toEqual([])
}, 10_000)

test('what is done in that time is answered', async () => {
  const server = await serving()
  const call = await unended(server.url)
  const stopped = server.stop(10_000)
  call.end()
  await Promise.all([stopped, call.closed])
  expect(call.answer()).toContain('HTTP/1.1 201')
}, 10_000)
