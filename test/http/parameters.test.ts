import { afterAll, beforeAll, expect, test } from 'vitest'
import { api } from '../../src/api/api.ts'
import type { Endpoint } from '../../src/api/endpoint.ts'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { importFile } from '../../src/flows/import-file.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { runLifecycle } from '../../src/flows/run-lifecycle.ts'
import { drainOutbox } from '../../src/flows/warehouse-outbox.ts'
import { handlers } from '../../src/http/handlers.ts'
import { makeServer } from '../../src/http/server.ts'
import { scopesOf } from '../../src/model/principal.ts'
import { exportText, steps } from '../golden/export-text.ts'
import { imported, sourceOf, temporaryHouse } from '../golden/people.ts'
import { asking } from './asking.ts'
import { type Demonstration, demonstrations, lists, streams } from './parameters.ts'
import { seedDocuments } from './seed-documents.ts'
import { sessionBody } from './session-bodies.ts'

const kept = await temporaryHouse()
let nowMs = Date.parse('2024-06-20T12:00:00Z')
const house = { ...kept, clock: { nowMs: () => nowMs } }
const ask = asking({ api, handlers, deps: house }, house)
afterAll(() => kept[Symbol.asyncDispose]())

beforeAll(async () => {
  await house.documents.batch([{ op: 'put', path: 'users/sam', body: newUser(house, 'UTC') }])
  const dates = ['2024-06-12', '2024-06-13', '2024-06-14']
  await imported(house, sourceOf(exportText(dates.map((date, at) => steps('phone', date, '08:00', '09:00', 1000 + at)))), 'UTC')
  nowMs = Date.parse('2024-06-21T12:00:00Z')
  await imported(house, sourceOf(exportText([steps('watch', '2024-06-13', '08:00', '09:00', 700)])), 'UTC')
  await drainOutbox(house)
  await seedDocuments(house)
  await seedOld()
  for (const id of ['kept_1', 'deleted_1', 'deleted_2'])
    expect(await ask('robin', 'POST /v1/users/robin/sessions', { body: sessionBody(id) })).toMatchObject({ status: 201 })
  const again = { body: sessionBody('kept_1', 4), headers: { 'if-match': '"1"' } }
  expect(await ask('robin', 'PUT /v1/users/robin/sessions/kept_1', again)).toMatchObject({ status: 200 })
  for (const id of ['deleted_1', 'deleted_2'])
    expect(await ask('robin', `DELETE /v1/users/robin/sessions/${id}`)).toMatchObject({ status: 204 })
})

/** A session of three years ago, and a day of six: the one is archived, of the other what was made of it. */
async function seedOld(): Promise<void> {
  for (const date of ['2018-06-12', '2021-06-12']) {
    const source = sourceOf(exportText([steps('phone', date, '08:00', '09:00', 500)]))
    await importFile(house, { userId: 'olga', fileName: 'export.xml', source, zone: 'UTC' })
    await analyseDirtyDays(house, 'olga')
  }
  await runLifecycle(house, { atMs: nowMs, isSure: true })
}

const endpoints = Object.entries(api) as unknown as readonly (readonly [keyof typeof api, Endpoint])[]
const parameters = endpoints.flatMap(([name, { query }]) => Object.keys(query?.shape ?? {}).map((parameter) => [name, parameter] as const))

const url = ({ path, beside = '' }: Demonstration, parameter: string, value: string | undefined) => {
  const pairs = [beside, value === undefined ? '' : `${parameter}=${encodeURIComponent(value)}`].filter((pair) => pair !== '')
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}
const isOf = ({ path }: Endpoint, shown: string) =>
  new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(shown.split('?', 1)[0] ?? '')

/** Status and words; what differs from one call to the next is left out. */
function said({ status, body }: Awaited<ReturnType<typeof ask>>): unknown {
  const text = JSON.stringify(body ?? null, (key, value) => (/^(?:requestId|importId|jobId|createdAt)$/.test(key) ? undefined : value))
  return { status, text }
}

/** What a job is to do, without what it is called. */
async function workOf(who: string, { body }: Awaited<ReturnType<typeof ask>>) {
  const { status, headers, body: job } = await ask(who, `GET /v1/jobs/${body.jobId}`)
  return { status, headers, body: { ...job.input, exportId: undefined } }
}

async function shown(name: keyof typeof api, parameter: string, demonstration: Demonstration): Promise<unknown[]> {
  const endpoint: Endpoint = api[name]
  const { who, value, before, body, payload, headers } = demonstration
  expect(isOf(endpoint, demonstration.path), 'It asks this endpoint').toBe(true)
  const asked = { ...(body !== undefined && { body }), ...(payload !== undefined && { payload }), ...(headers && { headers }) }
  const answers: unknown[] = []
  for (const each of [before, value]) {
    const answer = await ask(who, `${endpoint.method.toUpperCase()} ${url(demonstration, parameter, each)}`, asked)
    answers.push(said(demonstration.ofJob ? await workOf(who, answer) : answer))
  }
  return answers
}

test.each(parameters.filter(([name, parameter]) => streams[name]?.[parameter] === undefined))(
  '%s: the parameter %s has an effect',
  async (name, parameter) => {
    const list = lists[name]
    if (list !== undefined && (parameter === 'limit' || parameter === 'cursor')) {
      expect(isOf(api[name], list.path)).toBe(true)
      const page = (more: string) => ask(list.who, `GET ${list.path}${list.path.includes('?') ? '&' : '?'}${more}`)
      const [whole, first] = [await page('limit=1000'), await page('limit=1')]
      expect(whole.body.data.length).toBeGreaterThan(1)
      expect(first.body.data).toEqual(whole.body.data.slice(0, 1))
      const second = await page(`limit=1&cursor=${first.body.nextCursor}`)
      expect(second.body.data).toEqual(whole.body.data.slice(1, 2))
      return
    }
    const demonstration = demonstrations[name]?.[parameter]
    if (demonstration === undefined) throw new Error(`Show in parameters.ts what ${parameter} does`)
    const [first, second] = await shown(name, parameter, demonstration)
    expect(second).not.toEqual(first)
    expect([first, second], 'Something is found').toContainEqual(
      expect.objectContaining({ status: expect.toSatisfy((status) => status < 300) }),
    )
  },
)

const followed = Object.entries(streams).flatMap(([name, each]) =>
  Object.entries(each).map(([parameter, way]) => [name, parameter, way] as const),
)

test.each(followed)('%s: the parameter %s has an effect', async (_, parameter, way) => {
  const stopping = new AbortController()
  const server = makeServer({
    api,
    handlers,
    deps: house,
    gate: {
      authenticate: async () => ({ kind: 'person', userId: 'robin', scopes: scopesOf.person, credential: 'k' }),
      mayByGrant: async () => false,
    },
    stopping: stopping.signal,
  })
  const at = await server.listen({ host: '127.0.0.1', port: 0 })
  const open = async (value: string | undefined) => {
    const reply = await fetch(`${at}${url(way, parameter, value)}`, { headers: { authorization: 'x' } })
    return (reply.body as unknown as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream() as never)
      .getReader() as ReadableStreamDefaultReader<string>
  }
  const readers = [await open(way.before), await open(way.value)]
  const firsts = await Promise.all(
    readers.map(async (reader, index) => {
      let text = ''
      let hasChanged = false
      for (;;) {
        const { value = '' } = await reader.read()
        text += value
        if (/event: ready/.test(text) && !hasChanged) {
          hasChanged = true
          await ask('robin', 'POST /v1/users/robin/sessions', { body: sessionBody(`followed_${index}`) })
          await ask('robin', 'POST /v1/jobs', { body: { type: 'health_analysis', input: { dates: ['2024-06-12'] } } })
        }
        const event = /event: ((?!ready)\w+)\./.exec(text)?.[1]
        if (event !== undefined) return event
      }
    }),
  )
  stopping.abort()
  await Promise.all(readers.map((reader) => reader.cancel().catch(() => undefined)))
  await server.close()
  expect(firsts[0]).not.toBe(firsts[1])
})

test('no demonstration shows what no endpoint takes', () => {
  const known = parameters.map(([name, parameter]) => `${name}.${parameter}`)
  for (const table of [demonstrations, streams])
    for (const [name, each] of Object.entries(table))
      for (const parameter of Object.keys(each)) expect(known).toContain(`${name}.${parameter}`)
})
