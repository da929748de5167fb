import { afterAll, expect, test } from 'vitest'
import { expectProblem, put } from '../contracts/expectations.ts'
import { sealedWorld } from './world.ts'

interface Lying {
  readonly _sealed: { readonly key: number; readonly box: string; readonly apart: string }
}

const world = await sealedWorld()
afterAll(() => world[Symbol.asyncDispose]())

const dayOf = (date: string, userId = 'ada') => ({ userId, date, revision: 3, inputHash: `hash of ${date}`, steps: 4711 })
const pathOf = (date: string, userId = 'ada') => `users/${userId}/days/${date}`
const [date, later] = ['2024-01-20', '2024-01-21'] as const
const stamp = { userId: 'ada', date, revision: 3, inputHash: `hash of ${date}` }

const days = { collection: 'days', parent: 'users/ada', limit: 10 }
const briefly = async () => (await world.documents.list({ ...days, brief: true })).data.map(({ body }) => body)
const sealedAt = async (path: string) => {
  const found = await world.lying.documents.get<Lying>(path)
  if (found === undefined) throw new Error(`Nothing lies at ${path}`)
  return found.body
}
const lay = (path: string, body: object) => world.lying.documents.batch([put(path, body)])
const fill = () =>
  world.documents.batch([
    put(pathOf(date), dayOf(date)),
    put(pathOf(later), dayOf(later)),
    put(pathOf(date, 'bob'), dayOf(date, 'bob')),
    { op: 'delete', path: pathOf('2024-01-22') },
  ])

test('of what is sealed only what is kept apart is opened', async () => {
  await fill()
  const body = await sealedAt(pathOf(date))
  await lay(pathOf(date), { ...body, _sealed: { ...body._sealed, box: 'AAAA' } })
  await expectProblem('storage_corrupt', world.documents.list(days))
  expect(await briefly()).toEqual([stamp, { ...stamp, date: later, inputHash: `hash of ${later}` }])
})

test('what is kept apart lies sealed, and what is asked for whole is whole without it', async () => {
  await fill()
  const body = await sealedAt(pathOf(date))
  expect(JSON.stringify(body)).not.toContain('hash of')
  await lay(pathOf(date), { ...body, _sealed: { ...body._sealed, apart: 'AAAA' } })
  await expectProblem('storage_corrupt', briefly())
  expect((await world.documents.list(days)).data[0]?.body).toEqual(dayOf(date))
})

test('it opens at no other place, and neither box in place of the other', async () => {
  await fill()
  const [mine, next, bobs] = [await sealedAt(pathOf(date)), await sealedAt(pathOf(later)), await sealedAt(pathOf(date, 'bob'))]
  for (const apart of [next._sealed.apart, bobs._sealed.apart, mine._sealed.box]) {
    await lay(pathOf(date), { ...mine, _sealed: { ...mine._sealed, apart } })
    await expectProblem('storage_corrupt', briefly())
  }
  await lay(pathOf(date), { ...mine, _sealed: { ...mine._sealed, box: mine._sealed.apart } })
  await expectProblem('storage_corrupt', world.documents.list(days))
})

test('a document of which nothing is kept apart comes whole', async () => {
  await fill()
  const { _sealed, ...open } = await sealedAt(pathOf(date))
  await lay(pathOf(date), { ...open, _sealed: { key: _sealed.key, box: _sealed.box } })
  await lay(pathOf(later), dayOf(later))
  expect(await briefly()).toEqual([dayOf(date), dayOf(later)])
})

test('of whom the keys were destroyed only the open fields are left', async () => {
  await fill()
  await world.keys.destroy('ada')
  world.timer.pass(1000)
  expect(await briefly()).toEqual([date, later].map((each) => ({ userId: 'ada', date: each, revision: 3 })))
})
