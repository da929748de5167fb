import { expect, test } from 'vitest'
import { every } from '../../src/flows/every.ts'
import { expectProblem, put } from '../contracts/expectations.ts'
import { sealedWorld } from './world.ts'

const dates = Array.from({ length: 9 }, (_, n) => `2024-01-0${n + 1}`)
const pathOf = (date: string) => `users/ada/days/${date}`
const days = { collection: 'days', parent: 'users/ada' }
const isOdd = (body: unknown) => Number((body as { readonly date: string }).date.slice(-1)) % 2 === 1

test('what is of no use to the caller is not opened, and every page goes on to the next', async () => {
  await using world = await sealedWorld()
  await world.documents.batch(dates.map((date) => put(pathOf(date), { userId: 'ada', date, steps: 4711 })))
  const sealed = await world.lying.documents.get<{ readonly _sealed: object }>(pathOf('2024-01-02'))
  await world.lying.documents.batch([put(pathOf('2024-01-02'), { ...sealed?.body, _sealed: { key: 1, box: 'AAAA' } })])
  await expectProblem('storage_corrupt', world.documents.list({ ...days, limit: 10 }))

  const found: unknown[] = []
  let cursor: string | undefined
  do {
    const page = await world.documents.list({ ...days, isOfUse: isOdd, limit: 2, ...(cursor !== undefined && { cursor }) })
    found.push(...page.data.map(({ body }) => body))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  expect(found).toEqual(dates.filter((_, n) => n % 2 === 0).map((date) => ({ userId: 'ada', date, steps: 4711 })))
})

test('it is asked of the open fields alone', async () => {
  await using world = await sealedWorld()
  await world.documents.batch(dates.map((date) => put(pathOf(date), { userId: 'ada', date, steps: 4711 })))
  const seen: unknown[] = []
  const isOfUse = (body: unknown) => seen.push(body) === 0
  for await (const day of every(world.documents, { ...days, isOfUse })) expect.fail(day.path)
  expect(JSON.stringify(seen)).not.toContain('4711')
  expect(seen).toHaveLength(dates.length)
})
