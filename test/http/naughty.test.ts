import { afterAll, expect, test } from 'vitest'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { openLog } from '../../src/app/serve/log.ts'
import { makeServer } from '../../src/http/server.ts'
import { naughty } from './naughty.ts'
import { toyApi, toyGate, toyHandlers } from './toy.ts'

const documents = openSqliteDocuments('sqlite::memory:')
const server = makeServer({ api: toyApi, handlers: toyHandlers, deps: { documents }, gate: toyGate })
const url = await server.listen({ host: '127.0.0.1', port: 0 })
afterAll(async () => {
  await server.close()
  await documents.close()
})

async function put(payload: string) {
  const headers = { authorization: 'Bearer ada', 'content-type': 'application/json' }
  const reply = await fetch(`${url}/v1/users/ada/notes/n1`, { method: 'PUT', headers, body: payload })
  return { status: reply.status, said: await reply.text() }
}

test('I158: there are more than 200 of them', () => {
  expect(new Set(naughty).size).toBeGreaterThan(200)
})

test('I158, I159, I160, I162: each comes back byte for byte, in the JSON type in which it was sent, from the answer and from the store', async () => {
  for (const text of naughty) {
    expect({ text, ...(await put(JSON.stringify({ text }))) }).toEqual({ text, status: 200, said: JSON.stringify({ text }) })
    expect(await documents.get('system/n1')).toMatchObject({ body: { text } })
  }
})

test('I158: said in escapes each is the same', async () => {
  for (const text of naughty) {
    const escaped = [...text]
      .flatMap((character) => character.split(''))
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    const { said } = await put(`{"text":"${escaped.join('')}"}`)
    expect(JSON.parse(said)).toEqual({ text })
  }
})

test('I161: a line of the log is one line, whatever stands in it', () => {
  let written = ''
  const log = openLog('info', (text) => {
    written += text
  })
  for (const text of naughty) log('info', 'request', { text })
  log.flush()
  const lines = written.split('\n').slice(0, -1)
  expect(lines).toHaveLength(naughty.length)
  expect(lines.map((line) => JSON.parse(line).text)).toEqual(naughty)
})
