import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const data = mkdtempSync(join(tmpdir(), 'clarity-key-once-'))
const processes: ChildProcess[] = []
afterAll(() => {
  for (const child of processes) child.kill('SIGKILL')
  rmSync(data, { recursive: true })
})

async function start(...words: string[]) {
  const program = fileURLToPath(import.meta.resolve('./key-process.ts'))
  const child = spawn(process.execPath, [program, data, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
  processes.push(child)
  const ended = once(child, 'exit')
  const line = once(createInterface(child.stdout), 'line')
  const [said] = await Promise.race([line, ended.then(() => Promise.reject(new Error('It ended')))])
  const [at = '', maker = ''] = String(said).split(' ')
  return { at, maker, child, ended }
}

function headersOf(key: string) {
  return { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
}

async function make(at: string, maker: string, name: string) {
  const body = JSON.stringify({ kind: 'operator', scopes: ['system:read'] })
  const reply = await fetch(`${at}/v1/keys`, { method: 'POST', headers: { ...headersOf(maker), 'idempotency-key': name }, body })
  return { status: reply.status, said: (await reply.json()) as { key: string; keyId: string; code: string } }
}

async function list(at: string, key: string) {
  const reply = await fetch(`${at}/v1/keys`, { headers: headersOf(key) })
  const { data = [] } = (await reply.json()) as { data?: { keyId: string }[] }
  return { status: reply.status, ids: data.map(({ keyId }) => keyId) }
}

test('a process that is killed between a key and its answer leaves one key, and the same call gets its secret', async () => {
  const dying = await start('0', 'die')
  await expect(make(dying.at, dying.maker, 'lost')).rejects.toThrow()
  await dying.ended

  const { at, maker } = await start('61000', 'live', dying.maker)
  const left = await list(at, maker)
  expect(left.ids).toHaveLength(2)
  const told = await make(at, maker, 'lost')
  expect(told.status).toBe(201)
  expect((await list(at, maker)).ids.toSorted()).toEqual(left.ids.toSorted())
  expect(left.ids).toContain(told.said.keyId)

  // That answer may be lost too: whoever asks again has a key that opens, and the one before opens nothing.
  const again = await make(at, maker, 'lost')
  expect(again).toMatchObject({ status: 201, said: { keyId: told.said.keyId } })
  expect(await list(at, told.said.key)).toMatchObject({ status: 401 })
  expect(await list(at, again.said.key)).toMatchObject({ status: 200 })

  // Once it was used it has arrived, and a late repetition takes nothing away.
  expect(await make(at, maker, 'lost')).toMatchObject({ status: 409, said: { code: 'conflict' } })
  expect(await list(at, again.said.key)).toMatchObject({ status: 200 })
  expect((await make(at, maker, 'another')).said.keyId).not.toBe(told.said.keyId)
})
