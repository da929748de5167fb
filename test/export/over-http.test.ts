import { afterAll, beforeAll, expect, test } from 'vitest'
import { api } from '../../src/api/api.ts'
import { askForErasure } from '../../src/flows/erase-user.ts'
import { tidyExports } from '../../src/flows/export-job.ts'
import { mayByGrant } from '../../src/flows/grants.ts'
import { handlers } from '../../src/http/handlers.ts'
import { makeServer } from '../../src/http/server.ts'
import { scopesOf } from '../../src/model/principal.ts'
import { collect } from '../contracts/expectations.ts'
import { friend, live, person } from '../erasure/life.ts'
import { temporaryHouse } from '../golden/people.ts'
import { asking } from '../http/asking.ts'
import { ended, quickWorker } from '../worker/world.ts'
import { unzipped } from './unzipped.ts'

const kept = await temporaryHouse()
afterAll(() => kept[Symbol.asyncDispose]())
const time = { nowMs: Date.now() }
const house = { ...kept, clock: { nowMs: () => time.nowMs } }
const ask = asking({ api, handlers, deps: house }, house)
const server = makeServer({
  api,
  handlers,
  deps: house,
  gate: {
    authenticate: async (said) => ({ kind: 'person', userId: said ?? '', scopes: scopesOf.person, credential: said ?? '' }),
    mayByGrant: (owner, grantee, what) => mayByGrant(house, owner, grantee, what),
  },
})
beforeAll(async () => {
  await live(house)
  // It only stands in its place, for erasure: there are no archived rows in it.
  await house.documents.batch([{ op: 'delete', path: `users/${person}/archives/rawData_2019-11` }])
})

/** Asks for one and waits for its job: the link. */
async function exported(format: string): Promise<{ link: string; output: Record<string, unknown> }> {
  const asked = await ask(person, `POST /v1/users/${person}/export?format=${format}`)
  expect(asked).toMatchObject({ status: 202, body: { type: 'export', status: 'pending' } })
  await using _ = quickWorker(house, { only: 'export' })
  const job = await ended(house, asked.body.jobId)
  const output = 'output' in job ? (job.output ?? {}) : {}
  expect(job.status, JSON.stringify(job.errors)).toBe('completed')
  return { link: output.artifacts?.[0] ?? '', output }
}

const fetched = (who: string, url: string) => server.inject({ method: 'GET', url, headers: { authorization: who } })

test.each(['zip', 'fhir', 'omh'])('an export as %s is made by a job and fetched by its link', async (format) => {
  const { link, output } = await exported(format)
  const { statusCode, rawPayload, headers } = await fetched(person, link)
  expect([statusCode, rawPayload.length, Number(headers['content-length'])]).toEqual([200, output.bytes, output.bytes])
  if (format === 'zip') {
    async function* whole() {
      yield rawPayload
    }
    expect([...(await unzipped(whole())).keys()]).toEqual(expect.arrayContaining(['manifest.json', 'profile.json', 'README.txt']))
  }
})

test('the link is for the person alone, until seven days are over, and never again', async () => {
  const { link, output } = await exported('omh')
  expect((await fetched(friend, link)).statusCode).toBe(404)
  expect(
    (
      await fetched(
        person,
        link.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      )
    ).statusCode,
  ).toBe(404)
  time.nowMs = Date.parse(String(output.expiresAt)) - 1
  expect((await fetched(person, link)).statusCode).toBe(200)
  expect(Math.round((Date.parse(String(output.expiresAt)) - time.nowMs) / 86_400_000)).toBe(0)
  time.nowMs += 2
  expect((await fetched(person, link)).statusCode).toBe(404)
  await tidyExports(house)
  expect(await collect(house.blobs.list(`exports/${person}/`))).toEqual([])
})

test('with the person their exports go', async () => {
  await exported('fhir')
  expect(await collect(house.blobs.list(`exports/${person}/`))).toHaveLength(1)
  const { job } = await askForErasure(house, person)
  await using _ = quickWorker(house, { only: 'erase' })
  expect(await ended(house, job.jobId)).toMatchObject({ status: 'completed' })
  expect(await collect(house.blobs.list('exports/'))).toEqual([])
})
