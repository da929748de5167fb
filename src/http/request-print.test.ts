import { createHmac, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Endpoint } from '../api/endpoint.ts'
import { sessionsApi } from '../api/sessions.ts'
import { usersApi } from '../api/users.ts'
import type { Call } from './call.ts'
import { type Content, wholeOf } from './read-body.ts'
import { openPrints } from './request-print.ts'

const houseOf = (key: string) => ({ keyedHash: async (text: string) => createHmac('sha256', key).update(text).digest('hex') })
const prints = openPrints(houseOf('one house'))
const body = randomBytes(100_003)

function callWith(content: Content, said: Partial<Call<Endpoint>> = {}): Call<Endpoint> {
  return { query: {}, mediaType: 'application/json', content, header: () => undefined, ...said } as unknown as Call<Endpoint>
}

function cutAt(bytes: Uint8Array, ...ends: readonly number[]): Uint8Array[] {
  return [0, ...ends].map((from, at) => bytes.subarray(from, ends[at]))
}

const gathered = (pieces: readonly Uint8Array[]): Content => ({ pieces: async () => pieces, ...streamed(pieces) })
const streamed = (pieces: readonly Uint8Array[]): Content => ({
  async *[Symbol.asyncIterator]() {
    yield* pieces
  },
})
const printOf = async (content: Content, said?: Partial<Call<Endpoint>>) =>
  (await prints(callWith(content, said), sessionsApi.addSessions)).print

test('a body has one print, however it comes in pieces', async () => {
  const whole = await printOf(gathered([body]))
  expect(whole).toMatch(/^[0-9a-f]{64}$/)
  for (const ends of [[1], [17, 65_536], [65_535], [16, 17, 18, 99_999]]) {
    expect(await printOf(gathered(cutAt(body, ...ends)))).toBe(whole)
    expect(await printOf(streamed(cutAt(body, ...ends)))).toBe(whole)
  }
})

test('any other byte, one more, one less, and any other thing that is said make another print', async () => {
  const bent = (at: number) => body.map((byte, n) => (n === at ? byte ^ 1 : byte))
  const contents = [0, 15, 16, 65_535, 100_002].map(bent)
  const zero = new Uint8Array(1)
  const all = [body, ...contents, body.subarray(1), body.subarray(0, -1), Buffer.concat([body, zero]), Buffer.concat([zero, body])]
  const found = await Promise.all(all.map((each) => printOf(gathered([each]))))
  const others = [{ mediaType: 'application/x-ndjson' }, { query: { restore: '1' } }, { handling: 'strict' as const }]
  for (const said of others) found.push(await printOf(gathered([body]), said as Partial<Call<Endpoint>>))
  expect(new Set(found).size).toBe(all.length + others.length)
})

test('who has a print and not the key of the house cannot try bodies', async () => {
  const { print } = await openPrints(houseOf('another house'))(callWith(gathered([body])), sessionsApi.addSessions)
  expect(print).not.toBe(await printOf(gathered([body])))
})

test('of a body that is read as JSON it is the HMAC of what is said, whatever the order of its members', async () => {
  const { keyedHash } = houseOf('one house')
  const key = Buffer.from(await keyedHash('request'), 'hex')
  const expected = createHmac('sha256', key).update('[{},"application/json",null]{"a":1,"b":{"c":2}}').digest('hex')
  const call = callWith(gathered([]), { body: { b: { c: 2 }, a: 1 } } as unknown as Partial<Call<Endpoint>>)
  expect((await prints(call, usersApi.createUser)).print).toBe(expected)
})

test('the body is there again from its beginning', async () => {
  for (const make of [gathered, streamed]) {
    const { content } = await prints(callWith(make(cutAt(body, 70_000))), sessionsApi.addSessions)
    expect(Buffer.compare(await wholeOf(content), body)).toBe(0)
  }
})

test('keys that could not be had are asked for again', async () => {
  let isDown = true
  const { keyedHash } = houseOf('one house')
  const shaky = openPrints({
    keyedHash: (text) => (isDown ? Promise.reject(new Error('down')) : keyedHash(text)),
  })
  await expect(shaky(callWith(gathered([body])), sessionsApi.addSessions)).rejects.toThrow('down')
  isDown = false
  expect((await shaky(callWith(gathered([body])), sessionsApi.addSessions)).print).toBe(await printOf(gathered([body])))
})
