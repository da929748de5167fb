import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { api } from '../../src/api/api.ts'
import { openHouse } from '../../src/app/house.ts'
import { makeClient } from '../../src/client/client.ts'
import { makeKey } from '../../src/flows/keys.ts'
import { run } from '../e2e/cli.ts'
import { type ServerProcess, startServer } from '../e2e/server-process.ts'
import { canaries, live, person } from './life.ts'

const folder = mkdtempSync(join(tmpdir(), 'clarity-rights-'))
const data = join(folder, 'data')
let server: ServerProcess
let [service, own] = ['', '']
beforeAll(async () => {
  {
    await using house = await openHouse({ data, stagedNights: 'none' })
    await live(house)
    service = (await makeKey(house, { kind: 'service' })).text
    own = (await makeKey(house, { kind: 'person', userId: person })).text
  }
  server = await startServer({ data, env: { CLARITY_STAGED_NIGHTS: 'none' } })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const remote = (key: string, ...words: string[]) => run('cli', [...words, '--json'], { env: { CLARITY_URL: server.url, CLARITY_KEY: key } })

test('the answer after the one that said yes says gone, also of whom had been asked for a moment before', async () => {
  const client = makeClient(api, { url: server.url, token: service })
  const params = { userId: 'eve' }
  await client.createUser({ body: { userId: 'eve', profile: { email: 'eve@example.org', displayName: 'Eve' } } })
  expect((await client.getUser({ params })).status).toBe(200)
  await client.deleteUser({ params })
  await expect(client.getUser({ params })).rejects.toMatchObject({ code: 'erased' })
})

test('a person takes everything with them from a server, and goes with a receipt, by their own key alone', async () => {
  const [zip, receipt] = [join(folder, 'mine.zip'), join(folder, 'receipt.json')]
  const exported = remote(own, 'export', '--user', person, '--to', zip)
  expect(exported, exported.err).toMatchObject({ code: 0 })
  expect(JSON.parse(exported.out)).toEqual({ file: zip, format: 'zip', bytes: statSync(zip).size })

  expect(remote(own, 'erase', '--user', person)).toMatchObject({ code: 2, err: expect.stringContaining('--yes') })
  const erased = remote(own, 'erase', '--user', person, '--yes', '--receipt', receipt)
  expect(erased, erased.err).toMatchObject({ code: 0 })
  expect(JSON.parse(readFileSync(receipt, 'utf8'))).toEqual(JSON.parse(erased.out))
  expect(run('cli', ['verify-receipt', receipt])).toMatchObject({ code: 0, out: expect.stringMatching(/^ok /) })
  for (const key of [own, service])
    expect(remote(key, 'day', '--user', person, '--date', '2024-11-10')).toMatchObject({ code: 1, out: expect.stringContaining('erased') })

  await server.end()
  for (const word of canaries) expect(server.log()).not.toContain(word)
})
