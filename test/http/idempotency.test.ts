import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { openDocuments } from '../../src/app/stores.ts'
import { forgetRequests } from '../../src/flows/kept-requests.ts'
import { answerOnce } from '../../src/http/idempotency.ts'
import { makeServer } from '../../src/http/server.ts'
import { keyedHash, toyApi, toyGate, toyHandlers } from './toy.ts'

const newFolder = () => mkdtempSync(join(tmpdir(), 'clarity-once-'))
const time = { ms: Date.UTC(2026, 0, 1) }
const clock = { nowMs: () => time.ms }
const documents = await openDocuments(`sqlite:${newFolder()}/clarity.db`)
const gates: { done?: () => Promise<void> } = {}
const server = makeServer({
  api: toyApi,
  handlers: toyHandlers,
  deps: { documents, done: () => gates.done?.() },
  gate: toyGate,
  layers: [answerOnce({ documents, clock, keyedHash })],
})
const url = await server.listen({ host: '127.0.0.1', port: 0 })
afterAll(async () => {
  await server.close()
  await documents[Symbol.asyncDispose]()
})

interface Sent {
  readonly key: string
  readonly body?: string | Uint8Array<ArrayBuffer>
  readonly as?: string
  readonly of?: string
  readonly path?: string
  readonly at?: string
}

async function post({ key, body = '{"text":"hello"}', as = 'ada', of = as, path = 'notes', at = url }: Sent) {
  const type = path !== 'files' ? 'application/json' : 'application/octet-stream'
  const headers = { authorization: `Bearer ${as}`, 'idempotency-key': key, 'content-type': type }
  const reply = await fetch(`${at}/v1/users/${of}/${path}`, { method: 'POST', headers, body })
  return {
    status: reply.status,
    replayed: reply.headers.get('idempotency-replayed'),
    tag: reply.headers.get('etag'),
    text: await reply.text(),
  }
}
const codeOf = ({ text }: { text: string }) => JSON.parse(text).code

test('F122: the same request with the same key has one effect and one answer, byte for byte', async () => {
  const first = await post({ key: 'same' })
  const again = await post({ key: 'same', body: '{ "text" : "hello" }' })
  expect(first).toMatchObject({ status: 201, replayed: null, tag: '"1"' })
  expect(again).toEqual({ ...first, replayed: 'true' })
})

test('F122: the same key with another body is refused', async () => {
  await post({ key: 'other-body' })
  const other = await post({ key: 'other-body', body: '{"text":"goodbye"}' })
  expect([other.status, codeOf(other)]).toEqual([422, 'idempotency_mismatch'])
})

test('F122: the same key of another credential, or for another person, is another request', async () => {
  const ids = [await post({ key: 'k' }), await post({ key: 'k', as: 'ben' }), await post({ key: 'k', as: 'service', of: 'ada' })].map(
    ({ text }) => JSON.parse(text).noteId,
  )
  expect(new Set(ids).size).toBe(3)
})

test('F122: while the first is under way the second is told so', async () => {
  const entered = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  gates.done = () => {
    entered.resolve()
    return go.promise
  }
  const first = post({ key: 'slow' })
  await entered.promise
  delete gates.done
  const second = await post({ key: 'slow' })
  expect([second.status, codeOf(second)]).toEqual([409, 'idempotency_in_flight'])
  go.resolve()
  expect((await first).status).toBe(201)
  expect(await post({ key: 'slow' })).toMatchObject({ status: 201, replayed: 'true' })
})

test('what was refused is not kept: the key serves the corrected request', async () => {
  expect((await post({ key: 'mend', body: '{"text":"refuse me"}' })).status).toBe(409)
  expect((await post({ key: 'mend', body: '{"text":7}' })).status).toBe(422)
  expect(await post({ key: 'mend' })).toMatchObject({ status: 201, replayed: null })
})

test('a secret is not kept: the handler is asked for it again', async () => {
  expect(await post({ key: 'secret', path: 'secrets' })).toMatchObject({ status: 201, text: '{"secret":"told once"}' })
  expect(await post({ key: 'secret', path: 'secrets' })).toMatchObject({ status: 201, replayed: null, text: '{"secret":"told once"}' })
  expect(await post({ key: 'secret', path: 'secrets', body: '{"text":"other"}' })).toMatchObject({ status: 422 })
  const { data } = await documents.list({ collection: 'requests', limit: 100 })
  expect(JSON.stringify(data)).not.toContain('told once')
})

test('an answer is kept for a day, and then forgotten', async () => {
  await post({ key: 'day' })
  time.ms += 24 * 3_600_000 - 1
  expect((await post({ key: 'day' })).replayed).toBe('true')
  time.ms += 1
  expect(await forgetRequests({ documents, clock })).toBeGreaterThan(0)
  expect((await post({ key: 'day' })).replayed).toBeNull()
})

test('a file is told by its beginning and its length, and sent again it need not be received', async () => {
  const file = new Uint8Array(3_000_000).fill(7)
  const first = await post({ key: 'file', path: 'files', body: file })
  expect(first).toMatchObject({ status: 201, text: '{"bytes":3000000}' })
  expect(await post({ key: 'file', path: 'files', body: file })).toMatchObject({ status: 201, replayed: 'true', text: first.text })
  expect((await post({ key: 'file', path: 'files', body: file.slice(1) })).status).toBe(422)
  expect((await post({ key: 'file', path: 'files', body: file.with(0, 8) })).status).toBe(422)
})

const processes: ChildProcess[] = []
afterAll(() => {
  for (const child of processes) child.kill('SIGKILL')
})

async function start(data: string, ...rest: string[]) {
  const program = fileURLToPath(import.meta.resolve('./once-process.ts'))
  const child = spawn(process.execPath, [program, data, ...rest], { stdio: ['ignore', 'pipe', 'inherit'] })
  processes.push(child)
  const lines = createInterface(child.stdout)
  const [at] = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => Promise.reject(new Error('It ended')))])
  return { at: String(at), child, ended: once(child, 'exit') }
}

test('a process that is killed between the effect and its record leaves one effect, and the next answers', async () => {
  const data = newFolder()
  const dying = await start(data, '0', 'die')
  await expect(post({ key: 'kill', at: dying.at })).rejects.toThrow()
  await dying.ended
  const soon = await start(data)
  const early = await post({ key: 'kill', at: soon.at })
  expect([early.status, codeOf(early)]).toEqual([409, 'idempotency_in_flight'])
  soon.child.kill()
  await soon.ended
  const later = await start(data, '60000')
  const answer = await post({ key: 'kill', at: later.at })
  expect(answer).toMatchObject({ status: 201, replayed: null })
  expect(JSON.parse(answer.text).n).toBe(1)
  expect(await post({ key: 'kill', at: later.at })).toEqual({ ...answer, replayed: 'true' })
})
