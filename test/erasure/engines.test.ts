import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { api } from '../../src/api/api.ts'
import { type House, openHouse } from '../../src/app/house.ts'
import { ingestSession } from '../../src/flows/ingest-session.ts'
import { makeKey } from '../../src/flows/keys.ts'
import { makeGate } from '../../src/http/gate.ts'
import { handlers } from '../../src/http/handlers.ts'
import { makeServer } from '../../src/http/server.ts'
import { readHanded } from '../../src/model/handed-session.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startPostgres } from '../engines/postgres.ts'
import { startRedis } from '../engines/redis.ts'
import { startS3 } from '../engines/s3.ts'
import { quickWorker } from '../worker/world.ts'
import { about, canaries, everything, friend, live, person, sessionOf } from './life.ts'

const folder = mkdtempSync(join(tmpdir(), 'clarity-erase-engines-'))
afterAll(() => rmSync(folder, { recursive: true }))

const [postgres, s3, redis] = await Promise.all([startPostgres({ own: true }), startS3(), startRedis({ own: true })])
afterAll(() => Promise.all([postgres, s3, redis].map((each) => ('missing' in each ? undefined : each.stop()))))
const missing = [postgres, s3, redis].find((each) => 'missing' in each)
const engines = missing ?? { postgres, s3, redis }

/** A process of its own: its stores, its gate that believes for half a second, and a clock for that. */
function processOf(house: House) {
  const time = { nowMs: 0 }
  const gate = makeGate({ ...house, timer: { elapsedMs: () => time.nowMs } })
  const server = makeServer({
    api,
    handlers,
    deps: house,
    gate,
    actingFor: (deps, userId) => ({ ...deps, documents: deps.documents.actingFor(userId) }),
  })
  return {
    house,
    time,
    async ask(key: string, method: 'GET' | 'PUT' | 'DELETE', url: string, body?: unknown) {
      const headers = { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) }
      const reply = await server.inject({ method, url, headers, ...(body !== undefined && { payload: JSON.stringify(body) }) })
      return { status: reply.statusCode, code: reply.json().code, body: reply.json() }
    },
  }
}

describeEngine(
  'erasure on PostgreSQL, an object store and Redis, in two processes',
  engines as { missing: string } | { ready: true },
  () => {
    let one: ReturnType<typeof processOf>
    let other: ReturnType<typeof processOf>
    let url = ''
    beforeAll(async () => {
      if ('missing' in postgres || 'missing' in s3 || 'missing' in redis) throw new Error('An engine is missing')
      url = await postgres.createDatabase()
      const config = {
        documents: url,
        blobs: `${s3.url}&prefix=${Math.random().toString(36).slice(2)}`,
        cache: redis.url,
        keys: url,
        stagedNights: 'none',
      } as const
      const open = (name: string) => openHouse({ ...config, data: join(folder, name), rootKey: `file:${join(folder, 'root.key')}` })
      one = processOf(await open('one'))
      other = processOf(await open('other'))
      await live(one.house)
    })
    afterAll(async () => {
      await one.house[Symbol.asyncDispose]()
      await other.house[Symbol.asyncDispose]()
    })

    test('what races an erasure is there before it or refused, and afterwards nothing is anywhere', async () => {
      const own = (await makeKey(one.house, { kind: 'person', userId: person })).text
      const service = (await makeKey(one.house, { kind: 'service' })).text
      const reads = [`/v1/users/${person}`, `/v1/users/${person}/days`, `/v1/users/${person}/sessions/handed_0`]
      for (const path of reads) for (const key of [own, service]) expect(await other.ask(key, 'GET', path)).toMatchObject({ status: 200 })

      const uploads = Array.from({ length: 4 }, async (_, lane) => {
        for (let n = 0; ; n++) {
          const session = readHanded(sessionOf(`racing_${lane}_${n}`, n))
          const code = await ingestSession(other.house, { userId: person, session, handling: undefined }).then(
            () => '',
            ({ code }) => code,
          )
          if (code !== '') return code
        }
      })
      await expect.poll(async () => (await other.ask(own, 'GET', `/v1/users/${person}/sessions/racing_0_3`)).status).toBe(200)
      const { status, body } = await one.ask(own, 'DELETE', `/v1/users/${person}`)
      expect(status).toBe(202)
      for (const code of await Promise.all(uploads)) expect(['erased', 'not_found']).toContain(code)

      // What the gate of the other process believed is over after half a second of its clock.
      other.time.nowMs += 501
      for (const path of reads) expect(await other.ask(service, 'GET', path)).toMatchObject({ status: 410, code: 'erased' })
      const late = await other.ask(service, 'PUT', `/v1/users/${person}/sessions/late`, sessionOf('late', 3))
      expect(late).toMatchObject({ status: 410, code: 'erased' })

      await using _ = quickWorker(one.house, { only: 'erase' })
      const receipt = () => other.ask(body.receiptKey, 'GET', `/v1/erasures/${body.erasureId}`)
      await expect.poll(async () => (await receipt()).body.status, { timeout: 30_000 }).toBe('erased')
      expect((await receipt()).body.receipt).toMatchObject({ kind: 'clarity-erasure-receipt', credentials: 2 })
      // The key is for this receipt alone, and a phone that comes with the old key hears that all is gone.
      expect(await other.ask(body.receiptKey, 'GET', `/v1/erasures/${'0'.repeat(64)}`)).toMatchObject({ status: 404 })
      expect(await other.ask(body.receiptKey, 'GET', `/v1/users/${friend}`)).toMatchObject({ status: 403 })
      other.time.nowMs += 501
      expect(await other.ask(own, 'GET', `/v1/users/${person}`)).toMatchObject({ status: 410, code: 'erased' })
      expect(about(person, await everything(other.house))).toEqual([])
      expect(await other.ask(service, 'GET', `/v1/users/${friend}/days`)).toMatchObject({ status: 200 })
    })

    test('in the memory of Redis, and in every file of PostgreSQL with its log, stands no word of theirs', async () => {
      if ('missing' in redis) throw new Error('Redis is missing')
      const keys = (await redis.command('KEYS', '*')) as string[]
      const values = await Promise.all(keys.map((key) => redis.command('GET', key).catch(() => '')))
      expect([...keys, ...values].filter((text) => String(text).includes(person))).toEqual([])
      const client = new Client({ connectionString: url })
      await client.connect()
      await client.query('CHECKPOINT')
      const { rows } = await client.query('SHOW data_directory')
      await client.end()
      const place = rows[0].data_directory
      const files = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(place, name)).isFile())
      const found = files.filter((name) => {
        const bytes = readFileSync(join(place, name))
        return canaries.some((word) => bytes.includes(word))
      })
      expect(files.length).toBeGreaterThan(100)
      expect(found).toEqual([])
    })
  },
)
