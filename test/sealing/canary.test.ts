import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openHouse } from '../../src/app/house.ts'
import { every } from '../../src/flows/every.ts'
import { makeKey } from '../../src/flows/keys.ts'
import { collectionNames } from '../../src/model/collections.ts'
import { run } from '../e2e/cli.ts'
import { type ServerProcess, startServer } from '../e2e/server-process.ts'
import { appleExport } from './apple-export.ts'

/** What a person says of themselves and what is measured, in values that stand nowhere by chance. */
const words = {
  email: 'kanarienvogel.ada@example.org',
  name: 'Kanarienvogel Ada',
  born: '1987-06-05',
  condition: 'kanarienfieber',
  medication: 'kanarienol',
  device: 'Kanarienuhr von Ada',
  context: 'kanariengefühl',
  note: 'kanariennotiz',
  file: 'kanarien-export.zip',
  webhook: 'https://93.184.215.14/kanarienhaken',
}
const rates = [61.0625, 62.1875, 63.3125]

let data = ''
let backup = ''
let server: ServerProcess
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'clarity-plain-'))
  backup = join(tmpdir(), `${data.split('/').at(-1)}-backup`)
  let key = ''
  {
    await using house = await openHouse({ data })
    key = (await makeKey(house, { kind: 'service' })).text
  }
  server = await startServer({ data, env: { CLARITY_STAGED_NIGHTS: 'none' } })
  const send = async (path: string, body: string | Uint8Array<ArrayBuffer>, more: Readonly<Record<string, string>> = {}) => {
    const credential = { authorization: `Bearer ${key}`, 'idempotency-key': crypto.randomUUID() }
    const headers = { 'content-type': 'application/json', ...credential, ...more }
    const response = await fetch(`${server.url}/v1${path}`, { method: 'POST', headers, body })
    expect(response.status, await response.clone().text()).toBeLessThan(300)
    return response.json() as Promise<Record<string, string>>
  }
  const profile = { email: words.email, displayName: words.name, dateOfBirth: words.born, timezone: 'Europe/Berlin' }
  const healthProfile = { chronicConditions: [words.condition], medications: [words.medication] }
  await send('/users', JSON.stringify({ userId: 'ada', profile, healthProfile }))
  await send('/users/ada/sessions', JSON.stringify(session))
  await send('/webhooks', JSON.stringify({ userId: 'ada', url: words.webhook }))
  const upload = appleExport(words.device, 400)
  const { importId } = await send('/users/ada/imports', upload, {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${words.file}"`,
  })
  const said = async () =>
    (await fetch(`${server.url}/v1/users/ada/imports/${importId}`, { headers: { authorization: `Bearer ${key}` } })).json()
  await vi.waitFor(async () => expect(await said()).toMatchObject({ status: 'completed' }), { timeout: 30_000, interval: 200 })
  expect(run('cli', ['backup', '--to', backup], { data })).toMatchObject({ code: 0 })
  // Nothing is tidied up: what a thief of the disk finds.
  await server.end('SIGKILL')
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  for (const folder of [data, backup]) rmSync(folder, { recursive: true, force: true })
})

const session = {
  sessionInfo: {
    sessionId: 's1',
    startTime: '2026-03-02T10:00:00Z',
    endTime: '2026-03-02T10:01:00Z',
    dataSource: words.device,
    dataTypes: ['heart_rate'],
  },
  heartRate: {
    samples: rates.map((value, at) => ({ timestamp: `2026-03-02T10:00:0${at}Z`, value, context: words.context })),
  },
  note: words.note,
}

function filesIn(folder: string): { readonly name: string; readonly bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }))
}

/** A text as it is, and as JSON or base64 would have it; a number as text and as its eight bytes. */
function formsOf(canary: string | number): Buffer[] {
  if (typeof canary === 'string') return [Buffer.from(canary), Buffer.from(Buffer.from(canary).toString('base64').slice(2, -4))]
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(canary)
  return [Buffer.from(String(canary)), bytes]
}

const canaries = [...Object.values(words), ...rates]

test('no file of the store, of its log, of its objects or of a backup holds what a person said or what was measured', () => {
  const files = [...filesIn(data), ...filesIn(backup)]
  const names = files.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['clarity.db', 'clarity.db-wal', expect.stringMatching(/^blobs\/uploads\//)]))
  const found = files.flatMap(({ name, bytes }) =>
    canaries.filter((canary) => formsOf(canary).some((form) => bytes.includes(form))).map((canary) => `${canary} in ${name}`),
  )
  expect(found).toEqual([])
  for (const { name, bytes } of files)
    for (const mark of ['PAR1', 'PK\u0003\u0004']) if (/blobs|objects/.test(name)) expect(bytes.indexOf(mark)).toBe(-1)
})

test('all of it is there for whoever has the keys', async () => {
  await using house = await openHouse({ data })
  const bodies: string[] = []
  for (const collection of collectionNames)
    for await (const { body } of every(house.documents, { collection })) bodies.push(JSON.stringify(body))
  const held: Uint8Array[] = [Buffer.from(bodies.join('\n'))]
  for await (const { key } of house.blobs.list('')) held.push(await house.blobs.get(key))
  for (const { body } of (await house.documents.list<{ samples?: { inline?: string } }>({ collection: 'healthSessions', limit: 100 })).data)
    held.push(Buffer.from(body.samples?.inline ?? '', 'base64'))
  const missing = canaries.filter((canary) => !held.some((bytes) => formsOf(canary).some((form) => Buffer.from(bytes).includes(form))))
  expect(missing).toEqual([])
})
