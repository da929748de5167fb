import { afterAll, expect, test } from 'vitest'
import { openGuardedEgress } from '../../src/adapters/egress/guarded.ts'
import { openHttpInference } from '../../src/adapters/inference/http.ts'
import { openOnnxInference } from '../../src/adapters/inference/onnx.ts'
import { startInferenceServer } from '../engines/inference-server.ts'
import { codeOf, inferenceContract, invented, shippedToLoad } from './inference.ts'

const served = await openOnnxInference().load(shippedToLoad())
const server = await startInferenceServer(served, 'actigraphy_transformer/versions/1.0.0')
const inference = openHttpInference({ egress: openGuardedEgress({ loopback: true }), timeoutMs: 5000 })
const model = {
  ...shippedToLoad(),
  weights: () => Promise.reject(new Error('A remote model needs no weights here')),
  endpoint: `${server.endpoint}/`,
}
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await served[Symbol.asyncDispose]()
})

inferenceContract('http', async () => ({ inference, model, remove: async () => undefined }))

test('a version that the endpoint does not have, and one without an endpoint, are unavailable', async () => {
  expect(await codeOf(inference.load({ ...model, version: '9' }))).toBe('model_unavailable')
  expect(server.asked.at(-1)).toBe('GET /v2/models/actigraphy_transformer/versions/9/ready')
  const { endpoint: _, ...nowhere } = model
  expect(await codeOf(inference.load(nowhere))).toBe('model_unavailable')
})

test('an address that is not of the public internet is not asked', async () => {
  const guarded = openHttpInference({ egress: openGuardedEgress() })
  const before = server.asked.length
  expect(await codeOf(guarded.load(model))).toBe('address_refused')
  expect(server.asked).toHaveLength(before)
})

test('answers that are no probabilities of the night, and failures, are not believed', async () => {
  const loaded = await inference.load(model)
  const json = (status: number, body: string) => {
    server.instead = (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  }
  const outputs = (shape: unknown, data: unknown) => JSON.stringify({ outputs: [{ name: 'probabilities', shape, data }] })
  for (const [status, body] of [
    [500, '{}'],
    [302, '{}'],
    [200, 'no json'],
    [200, 'null'],
    [200, '{"outputs":[null]}'],
    [200, outputs([1, 2, 4], [1, 0, 0, 0, 1, 0, 0, 0])],
    [200, outputs([1, 2, 4], [1, 0, 0, 0])],
    [200, outputs([1, 1, 4], [2, 0, 0, 0])],
    [200, outputs([1, 1, 4], ['a', 0, 0, 0])],
    [200, outputs([1, 1, 4], [1, 0, 0])],
  ] as const) {
    json(status, body)
    expect(await codeOf(loaded.run([invented(1, 1)])), body).toBe('unavailable')
  }
  server.instead = (response) => response.destroy()
  expect(await codeOf(loaded.run([invented(1, 1)]))).toBe('unavailable')
  server.instead = undefined
})
