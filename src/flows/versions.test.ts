import { afterAll, expect, test } from 'vitest'
import { temporaryHouse } from '../../test/golden/people.ts'
import { putVersioned } from './versions.ts'

const house = await temporaryHouse()
afterAll(() => house[Symbol.asyncDispose]())
const { documents } = house
const path = 'system/counted'

test('what two change at once is changed by both', async () => {
  const add = () => putVersioned<{ count: number }>(documents, path, (stored) => ({ body: { count: (stored?.body.count ?? 0) + 1 } }))
  const versions = await Promise.all([add(), add(), add()])
  expect(versions.map(({ version }) => version).sort()).toEqual([1, 2, 3])
  expect((await documents.get(path))?.body).toEqual({ count: 3 })
})

test('only the version that is named is replaced', async () => {
  const put = (ifVersion: number) => putVersioned(documents, path, () => ({ body: { count: 9 } }), ifVersion)
  for (const stale of [0, 2, 4]) await expect(put(stale)).rejects.toMatchObject({ code: 'precondition_failed' })
  expect(await put(3)).toEqual({ version: 4, body: { count: 9 } })
})

test('what is refused beside it comes out, and nothing is written', async () => {
  await documents.batch([{ op: 'put', path: 'system/beside', body: { there: true } }])
  const beside = { op: 'put', path: 'system/beside', body: {}, ifAbsent: true } as const
  const put = putVersioned(documents, path, () => ({ body: { count: 10 }, also: [beside] }))
  await expect(put).rejects.toMatchObject({ code: 'conflict' })
  expect((await documents.get(path))?.body).toEqual({ count: 9 })
})
