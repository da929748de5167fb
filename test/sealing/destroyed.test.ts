import { afterEach, beforeEach, expect, test } from 'vitest'
import { openMemoryCache } from '../../src/adapters/cache/memory.ts'
import { openKeys } from '../../src/adapters/keys/open-keys.ts'
import { withEvents } from '../../src/flows/events.ts'
import { collect, expectProblem, inChunks, put, text } from '../contracts/expectations.ts'
import { sealedWorld } from './world.ts'

type World = Awaited<ReturnType<typeof sealedWorld>>
let world: World
beforeEach(async () => {
  world = await sealedWorld()
})
afterEach(() => world[Symbol.asyncDispose]())

const dayOf = (userId: string, date: string) => put(`users/${userId}/days/${date}`, { userId, date, steps: 4711 })
const key = 'samples/ada/2024-01/x.parquet'

async function fill(): Promise<void> {
  await world.documents.batch([dayOf('ada', '2024-01-20'), dayOf('ada', '2024-01-21'), dayOf('bob', '2024-01-20')])
  await world.blobs.putAll([{ key, bytes: text('4711') }])
}

test('of a person whose keys were destroyed nothing opens within a second, in any process, and nothing new is sealed', async () => {
  await fill()
  await using keys = await openKeys(world.place)
  const other = world.opened(keys)
  expect((await other.documents.get('users/ada/days/2024-01-20'))?.body).toMatchObject({ steps: 4711 })
  expect(await other.blobs.get(key)).toEqual(text('4711'))
  await world.keys.destroy('ada')
  world.timer.pass(500)
  for (const { documents, blobs } of [world, other]) {
    await expectProblem('erased', documents.get('users/ada/days/2024-01-20'))
    await expectProblem('erased', documents.batch([dayOf('ada', '2024-01-22')]))
    await expectProblem('erased', blobs.get(key))
    await expectProblem('erased', collect(blobs.read(key)))
    await expectProblem('erased', blobs.putAll([{ key, bytes: text('1') }]))
    await expectProblem('erased', blobs.putStream(key, inChunks(text('1'), 1)))
    expect((await documents.get('users/bob/days/2024-01-20'))?.body).toMatchObject({ steps: 4711 })
  }
  expect(await world.lying.documents.get('users/ada/days/2024-01-22')).toBeUndefined()
})

test('a reader of a large object is stopped on its way', async () => {
  await world.blobs.putStream(key, inChunks(new Uint8Array(5 << 20), 1 << 20))
  let length = 0
  const reading = (async () => {
    for await (const chunk of world.blobs.read(key)) {
      length += chunk.length
      await world.keys.destroy('ada')
      world.timer.pass(500)
    }
  })()
  await expectProblem('erased', reading)
  expect(length).toBe(1 << 20)
})

test('what is left is listed for whoever clears it away, and in no list of everybody’s', async () => {
  await fill()
  await world.keys.destroy('ada')
  world.timer.pass(500)
  const own = await world.documents.list({ collection: 'days', parent: 'users/ada', limit: 10 })
  expect(own.data.map(({ body }) => body)).toEqual([
    { userId: 'ada', date: '2024-01-20' },
    { userId: 'ada', date: '2024-01-21' },
  ])
  const indexed = await world.documents.list({ collection: 'days', index: 'userDate', equals: ['ada'], limit: 10 })
  expect(indexed.data).toHaveLength(2)
  const all = await world.documents.list({ collection: 'days', limit: 10 })
  expect(all.data.map(({ path }) => path)).toEqual(['users/bob/days/2024-01-20'])
  const documents = withEvents({
    documents: world.documents,
    cache: openMemoryCache({ clock: { nowMs: () => 0 } }),
    clock: { nowMs: () => 0 },
    newId: () => 'f'.repeat(32),
    hasWebhooks: async () => false,
  })
  await documents.batch(own.data.map(({ path }) => ({ op: 'delete', path })))
  await world.blobs.delete(key)
  expect((await world.lying.documents.list({ collection: 'days', limit: 10 })).data).toHaveLength(1)
})

test('without their keys data that are sealed are corrupt, and never taken for empty', async () => {
  await fill()
  await using others = await openKeys({ keys: `file:${world.folder}/others`, rootKey: `${world.folder}/others.key` })
  const stranger = world.opened(others)
  await expectProblem('storage_corrupt', stranger.documents.get('users/ada/days/2024-01-20'))
  await expectProblem('storage_corrupt', stranger.blobs.get(key))
})
