import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGuardedEgress } from '../../src/adapters/egress/guarded.ts'
import { openHttpInference } from '../../src/adapters/inference/http.ts'
import { Problem } from '../../src/model/problem.ts'

const MB = 1 << 20
let instead: (response: ServerResponse) => void = () => undefined
const server = createServer((request, response) => {
  request.resume()
  if (request.url?.endsWith('/ready')) response.end()
  else instead(response)
})
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const inference = openHttpInference({ egress: openGuardedEgress({ loopback: true }), timeoutMs: 500 })
const night = { rows: 1, columns: 2, values: Float32Array.of(0, 0) }

async function askModel() {
  const { port } = server.address() as AddressInfo
  const weights = () => Promise.reject(new Error('A remote model needs none here'))
  await using model = await inference.load({ name: 'm', version: '1', weights, sha256: '', endpoint: `http://127.0.0.1:${port}` })
  return model.run([night])
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'believed',
    (error: unknown) => (error instanceof Problem ? error.code : error),
  )
const output = (data: string, more = '') => `{${more}"outputs":[{"name":"probabilities","shape":[1,1,4],"data":[${data}]}]}`

test.each([
  ['HTML', '<!doctype html><title>OK</title>'],
  ['NaN', output('NaN,0,0,1')],
  ['what is read as infinite', output('1e999,0,0,0')],
  ['texts', output('"a",0,0,1')],
  ['the night of another length', output('1,0,0,0,1,0,0,0')],
])('188: a model that answers %s is not believed', async (_, text) => {
  instead = (response) => response.end(text)
  expect(await codeOf(askModel())).toBe('unavailable')
})

test('188: a model that answers without end is cut off', async () => {
  let sent = 0
  instead = (response) => {
    const chunk = Buffer.alloc(MB, '1')
    const more = () => {
      sent += chunk.length
      if (!response.destroyed && sent < 2048 * MB && response.write(chunk)) more()
    }
    response.on('drain', more)
    more()
  }
  expect(await codeOf(askModel())).toBe('unavailable')
  expect(sent).toBeLessThan(32 * MB)
})

test('188: a model that is silent is given up', async () => {
  instead = () => undefined
  expect(await codeOf(askModel())).toBe('unavailable')
})

test('188: of an answer that names somebody else only the probabilities are taken', async () => {
  instead = (response) => response.end(output('0,0,0,1', '"id":"bob","parameters":{"userId":"bob"},'))
  expect(await askModel()).toEqual([{ rows: 1, columns: 4, values: Float32Array.of(0, 0, 0, 1) }])
})
