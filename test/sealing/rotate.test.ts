import { afterEach, beforeEach, expect, test } from 'vitest'
import { every } from '../../src/flows/every.ts'
import { rotateKeys } from '../../src/flows/reseal.ts'
import { collectionNames } from '../../src/model/collections.ts'
import { HOUSE } from '../../src/ports/keys.ts'
import { collect, put, text } from '../contracts/expectations.ts'
import { sealedWorld } from './world.ts'

type World = Awaited<ReturnType<typeof sealedWorld>>
let world: World
beforeEach(async () => {
  world = await sealedWorld()
})
afterEach(() => world[Symbol.asyncDispose]())

const digest = 'a'.repeat(64)
const samples = (key: string) => ({ key, length: 3, sha256: digest, rows: 1 })

/** A little of everything that is of a person, and something of nobody. */
const documents = ['ada', 'bob'].flatMap((userId) => {
  const session = { userId, localDate: '2024-01-20', samples: samples(`samples/${userId}/2024-01/now`), source: { name: 'Watch' } }
  const before = { ...session, samples: samples(`samples/${userId}/2024-01/before`) }
  const answer = { status: 201, body: `the profile of ${userId}` }
  return [
    put(`users/${userId}`, { profile: { email: `${userId}@example.org`, timezone: 'UTC' }, healthProfile: { weight: 70 } }),
    put(`users/${userId}/healthSessions/s1`, session),
    put(`users/${userId}/healthSessions/s1/revisions/1`, { userId, sessionId: 's1', replacedAt: '2024-01-21T00:00:00Z', session: before }),
    put(`users/${userId}/days/2024-01-20`, { userId, date: '2024-01-20', steps: 4711 }),
    put(`users/${userId}/imports/i1`, { userId, createdAt: '2024-01-20T00:00:00Z', sha256: digest, original: `uploads/${userId}/i1` }),
    put(`requests/of_${userId}`, { userId, status: 'answered', print: 'x', expiresAt: '2024-01-21T00:00:00Z', answer }),
  ]
})
const ofNobody = put('requests/of_nobody', { status: 'answered', print: 'x', expiresAt: '2024-01-21T00:00:00Z', answer: { status: 200 } })
const objects = ['ada', 'bob'].flatMap((userId) =>
  [`samples/${userId}/2024-01/now`, `samples/${userId}/2024-01/before`, `uploads/${userId}/i1`].map((key) => ({ key, bytes: text(key) })),
)

async function contentOf({ documents, blobs }: Pick<World, 'documents' | 'blobs'>) {
  const bodies: Record<string, unknown> = {}
  for (const collection of collectionNames) for await (const { path, body } of every(documents, { collection })) bodies[path] = body
  const held: Record<string, unknown> = {}
  for await (const { key } of blobs.list('')) held[key] = Buffer.from(await blobs.get(key)).toString()
  return { bodies, held }
}

async function staleIn(): Promise<string[]> {
  const stale: string[] = []
  for (const collection of collectionNames)
    for await (const lying of every<object>(world.lying.documents, { collection }))
      if (await world.sealing.isStale(lying)) stale.push(lying.path)
  for await (const { key } of world.disk.list('')) if (await world.sealing.isStaleObject(key)) stale.push(key)
  return stale.sort()
}

const paths = [...documents, ofNobody].map(({ path }) => path)
const keys = objects.map(({ key }) => key)

test('what was kept before there were keys is read as it is, found by what it says, and sealed by a rotation', async () => {
  await world.lying.documents.batch([...documents, ofNobody])
  await world.disk.putAll(objects)
  const before = await contentOf(world)
  expect(before.bodies).toEqual(Object.fromEntries([...documents, ofNobody].map(({ path, body }) => [path, body])))
  expect((await staleIn()).length).toBe(paths.length + keys.length)
  const byDigest = { collection: 'imports', parent: 'users/ada', index: 'content', equals: ['ada', digest], limit: 10 }
  expect((await world.documents.list(byDigest)).data).toHaveLength(1)

  const done = await rotateKeys(world)
  expect(done).toEqual({ people: 2, documents: paths.length, objects: keys.length })
  expect(await staleIn()).toEqual([])
  expect(await contentOf(world)).toEqual(before)
  expect((await world.documents.list(byDigest)).data.map(({ body }) => body)).toMatchObject([{ sha256: digest }])
  const lying = JSON.stringify(await contentOf(world.lying))
  for (const secret of ['@example.org', 'Watch', '4711', 'the profile of', digest]) expect(lying).not.toContain(secret)
})

test('a rotation of one person seals what is theirs anew, and nobody else’s', async () => {
  await world.documents.batch([...documents, ofNobody])
  await world.blobs.putAll(objects)
  const before = await contentOf(world)
  const done = await rotateKeys(world, 'ada')
  expect(done).toEqual({ people: 1, documents: 6, objects: 3 })
  expect((await world.keys.of('ada'))?.data.map(({ version }) => version)).toEqual([2, 1])
  expect((await world.keys.of('bob'))?.data.map(({ version }) => version)).toEqual([1])
  expect(await staleIn()).toEqual([])
  expect(await contentOf(world)).toEqual(before)
  await rotateKeys(world)
  expect((await world.keys.of(HOUSE))?.data.map(({ version }) => version)).toEqual([2, 1])
  expect(await contentOf(world)).toEqual(before)
})

test('who writes meanwhile is not written over, what was left meanwhile stays away, and who was erased is passed by', async () => {
  await world.documents.batch([...documents, ofNobody])
  await world.blobs.putAll(objects)
  await world.keys.destroy('bob')
  world.timer.pass(1000)
  const day = 'users/ada/days/2024-01-20'
  const busy = {
    ...world,
    documents: {
      ...world.documents,
      async get<T>(path: string) {
        const found = await world.documents.get<T>(path)
        if (path === day) await world.documents.batch([put(day, { userId: 'ada', date: '2024-01-20', steps: 1 })])
        return found
      },
    },
    blobs: {
      ...world.blobs,
      read(key: string) {
        const leaving = { ...documents[4]?.body, original: 'uploads/ada/other' }
        return (async function* () {
          yield* world.blobs.read(key)
          if (!key.startsWith('uploads/')) return
          await world.documents.batch([put('users/ada/imports/i1', leaving)])
          await world.blobs.delete(key)
        })()
      },
    },
  }
  expect(await rotateKeys(busy)).toMatchObject({ people: 1 })
  expect((await world.documents.get(day))?.body).toMatchObject({ steps: 1 })
  expect((await collect(world.disk.list('uploads/ada/'))).map(({ key }) => key)).toEqual([])
  expect(await staleIn()).toEqual([])
})
