import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { importsApi } from '../../src/api/imports.ts'
import { uploadsApi } from '../../src/api/uploads.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { tidyUploads } from '../../src/flows/uploads.ts'
import { importsHandlers } from '../../src/http/handlers/imports.ts'
import { uploadsHandlers } from '../../src/http/handlers/uploads.ts'
import { PART_BYTES } from '../../src/model/upload.ts'
import { exportText, steps } from '../golden/export-text.ts'
import { temporaryHouse } from '../golden/people.ts'
import { ended, quickWorker } from '../worker/world.ts'
import { asking } from './asking.ts'

let house: Awaited<ReturnType<typeof temporaryHouse>>
let ask: ReturnType<typeof asking>
beforeEach(async () => {
  house = await temporaryHouse()
  await house.documents.batch([{ op: 'put', path: 'users/ada', body: newUser(house, 'UTC') }])
  ask = asking({ api: { ...importsApi, ...uploadsApi }, handlers: { ...importsHandlers, ...uploadsHandlers }, deps: house }, house)
})
afterEach(() => house[Symbol.asyncDispose]())

// Two parts and a bit: spaces are allowed between the elements of XML.
const text = exportText([steps('phone', '2024-06-12', '08:00', '09:00', 1200)])
const file = Buffer.from(text.replace('</HealthData>', `${' '.repeat(2 * PART_BYTES)}</HealthData>`))
const octets = { 'content-type': 'application/octet-stream' }
const part = (offset: number) => file.subarray(offset, offset + PART_BYTES)
const send = (place: string, offset: number, payload = part(offset)) =>
  ask('ada', `PUT ${place}?offset=${offset}`, { payload, headers: octets })

async function opened(form: object = {}, who = 'ada', userId = 'ada'): Promise<string> {
  const made = await ask(who, `POST /v1/users/${userId}/uploads`, { body: { file: 'export.xml', size: file.length, ...form } })
  expect(made.status).toBe(201)
  return made.headers.location as string
}

async function objects(): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of house.blobs.list('uploads/')) keys.push(key)
  return keys
}

test('a file in parts is the import that it would be in one piece, and its parts are gone', async () => {
  const place = await opened({ zone: 'Europe/Berlin' })
  expect(place).toMatch(/^\/v1\/users\/ada\/uploads\/upload_[0-9a-f]{32}$/)
  for (const [offset, received] of [
    [0, PART_BYTES],
    [PART_BYTES, 2 * PART_BYTES],
    [2 * PART_BYTES, file.length],
  ] as const)
    expect(await send(place, offset)).toMatchObject({ status: 200, body: { received, size: file.length } })
  const made = await ask('ada', `POST ${place}/import`)
  expect(made).toMatchObject({ status: 202, body: { status: 'processing', file: 'export.xml', zone: 'Europe/Berlin' } })
  const { importId, jobId } = made.body
  const original = `uploads/ada/${importId}_`
  const kept = await objects()
  expect(kept).toEqual([expect.stringMatching(`^${original}`)])
  expect(Buffer.from(await house.blobs.get(kept[0] ?? '')).equals(file)).toBe(true)
  expect((await ask('ada', `POST ${place}/import`)).body).toEqual(made.body)
  expect((await ask('ada', `GET ${place}`)).body).toMatchObject({ importId, received: file.length })
  await using _ = quickWorker(house)
  await ended(house, jobId)
  expect((await ask('ada', `GET /v1/users/ada/imports/${importId}`)).body).toMatchObject({ status: 'completed', report: { accepted: 1 } })
})

test('a part that is not the next one, or not as long as it must be, changes nothing and is told where the upload stands', async () => {
  const place = await opened()
  await send(place, 0)
  const before = await ask('ada', `GET ${place}`)
  for (const offset of [0, 1, 2 * PART_BYTES])
    expect(await send(place, offset)).toMatchObject({
      status: 409,
      body: { code: 'wrong_offset', detail: `Of ${file.length} bytes ${PART_BYTES} are there.` },
    })
  for (const payload of [part(PART_BYTES).subarray(1), Buffer.alloc(0)])
    expect(await send(place, PART_BYTES, payload)).toMatchObject({ status: 422, body: { code: 'invalid' } })
  expect(await ask('ada', `GET ${place}`)).toMatchObject({ body: before.body })
  expect(await ask('ada', `POST ${place}/import`)).toMatchObject({ status: 409, body: { code: 'wrong_offset' } })
})

test('of two who send the same part at once one is told that it is there', async () => {
  const place = await opened()
  const answers = await Promise.all([send(place, 0), send(place, 0)])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  await send(place, PART_BYTES)
  await send(place, 2 * PART_BYTES)
  const made = await Promise.all([ask('ada', `POST ${place}/import`), ask('ada', `POST ${place}/import`)])
  expect(made.map(({ status }) => status)).toEqual([202, 202])
  expect(made[0]?.body).toEqual(made[1]?.body)
  expect(await objects()).toHaveLength(1)
})

test('a file of no known format leaves nothing, neither parts nor a person', async () => {
  const noise = randomBytes(1000)
  const place = await opened({ size: noise.length, newPerson: true, file: 'notes.bin' }, 'service:', 'newcomer')
  expect(await ask('service:', `PUT ${place}?offset=0`, { payload: noise, headers: octets })).toMatchObject({ status: 200 })
  expect(await ask('service:', `POST ${place}/import`)).toMatchObject({ status: 415, body: { code: 'not_a_zip' } })
  expect(await objects()).toEqual([])
  expect(await ask('service:', `GET ${place}`)).toMatchObject({ status: 404 })
  expect(await house.documents.get('users/newcomer')).toBeUndefined()
})

test('it is its owner’s: nobody else finds it, adds to it or takes it away, and a person makes no person', async () => {
  const place = await opened()
  for (const asked of [`GET ${place}`, `POST ${place}/import`, `DELETE ${place}`])
    expect(await ask('bob', asked)).toMatchObject({ status: 404 })
  expect(await ask('bob', `PUT ${place}?offset=0`, { payload: part(0), headers: octets })).toMatchObject({ status: 404 })
  const body = { file: 'export.xml', size: 10, newPerson: true }
  expect(await ask('ada', 'POST /v1/users/ada/uploads', { body })).toMatchObject({ status: 403, body: { code: 'forbidden' } })
})

test('what is given up goes at once, and what nobody goes on with for a day goes then', async () => {
  const given = await opened()
  await send(given, 0)
  expect(await ask('ada', `DELETE ${given}`)).toMatchObject({ status: 204 })
  expect(await objects()).toEqual([])
  const left = await opened()
  await send(left, 0)
  const day = 86_400_000
  const at = (ms: number) => ({ ...house, clock: { nowMs: () => house.clock.nowMs() + ms } })
  expect(await tidyUploads(at(day - 60_000))).toBe(0)
  expect(await objects()).toHaveLength(1)
  expect(await tidyUploads(at(day + 60_000))).toBe(1)
  expect(await objects()).toEqual([])
  expect(await ask('ada', `GET ${left}`)).toMatchObject({ status: 404 })
})

test('a person has at most sixteen of them', async () => {
  const places = await Promise.all(Array.from({ length: 16 }, () => opened()))
  const one = { body: { file: 'export.xml', size: 10 } }
  expect(await ask('ada', 'POST /v1/users/ada/uploads', one)).toMatchObject({ status: 422, body: { code: 'too_many_items' } })
  await ask('ada', `DELETE ${places[0]}`)
  expect(await ask('ada', 'POST /v1/users/ada/uploads', one)).toMatchObject({ status: 201 })
})
