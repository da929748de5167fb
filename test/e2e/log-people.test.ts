import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openHouse } from '../../src/app/house.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { startIssuer } from '../engines/issuer.ts'
import { sessionBody } from '../http/session-bodies.ts'
import { startServer } from './server-process.ts'

const issuer = await startIssuer()
const data = mkdtempSync(join(tmpdir(), 'clarity-people-'))
afterAll(async () => {
  await issuer.stop()
  rmSync(data, { recursive: true })
})

test('no line of the log says who asked or whose data a job was about, neither of calls with a token nor of jobs', async () => {
  const person = 'robin_of_loxley'
  {
    await using house = await openHouse({ data })
    await house.documents.batch([{ op: 'put', path: `users/${person}`, body: newUser(house, 'UTC') }])
  }
  await using server = await startServer({ data, env: { CLARITY_ISSUERS: `${issuer.url}#clarity`, CLARITY_STAGED_NIGHTS: 'none' } })
  const token = await issuer.sign({ sub: person, aud: 'clarity', exp: Math.floor(Date.now() / 1000) + 600 })
  const ask = async (path: string, method: string, body?: object) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(method === 'POST' && { 'idempotency-key': path }),
      ...(body && { 'content-type': 'application/json' }),
    }
    const reply = await fetch(`${server.url}/v1/users/${person}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    expect(reply.status, await reply.text()).toBeLessThan(300)
  }
  const linesOf = (event: string) =>
    server
      .log()
      .split('\n')
      .filter((line) => line.includes(`"event":"${event}"`))
      .map((line) => JSON.parse(line))
  const done = () => new Set(linesOf('ended').map(({ jobId }) => jobId.replace(/_.*/, '')))
  const untilDone = (...types: string[]) => expect.poll(done, { timeout: 30_000 }).toEqual(new Set(types))
  await ask('/sessions', 'POST', sessionBody('s1', 60))
  // Made again at once, it would be done with what waits.
  await untilDone('days', 'trends')
  await ask('/insights/daily/2024-01-20', 'POST')
  await ask('/export', 'POST', {})
  await ask('', 'GET')
  await untilDone('days', 'trends', 'remake', 'export')
  await server.end()
  expect(server.log()).not.toContain(person)
  const names = new Set(linesOf('request').map(({ credential }) => credential))
  expect([...names]).toEqual([expect.stringMatching(/^token_[A-Za-z0-9_-]{22}$/)])
}, 60_000)
