import { expect, test } from 'vitest'
import { exportText, steps } from '../../test/golden/export-text.ts'
import { imported, sourceOf, temporaryHouse } from '../../test/golden/people.ts'
import { findStrays } from './find-strays.ts'

// A month each, so that each session's samples are an object of their own.
const records = ['2024-06-12', '2024-07-13', '2024-08-14'].map((date) => steps('phone', date, '08:00', '09:00', 1200))

test('objects without a document are strays, and only they are removed', async () => {
  await using house = await temporaryHouse()
  await imported(house, sourceOf(exportText(records)), 'America/New_York')
  expect(await findStrays(house, false)).toEqual({ sessions: 3, missing: [], damaged: [], strays: 0 })
  const lost = [
    { key: 'samples/robin/2024-06/s_20240612_phone_x-9.parquet', bytes: Uint8Array.of(1) },
    { key: 'samples/nobody/2024-06/s.parquet', bytes: Uint8Array.of(2) },
    { key: 'uploads/robin/import_lost', bytes: Uint8Array.of(3) },
  ]
  await house.blobs.putAll(lost)
  expect(await findStrays(house, false)).toMatchObject({ strays: 3 })
  for (const { key } of lost) expect(await house.blobs.head(key)).toBeDefined()
  expect(await findStrays(house, true)).toMatchObject({ strays: 3, missing: [], damaged: [] })
  for (const { key } of lost) expect(await house.blobs.head(key)).toBeUndefined()
  expect(await findStrays(house, false)).toEqual({ sessions: 3, missing: [], damaged: [], strays: 0 })
})

test('objects that a session names are missed when they are gone, and damaged when their length is another', async () => {
  await using house = await temporaryHouse()
  await imported(house, sourceOf(exportText(records)), 'America/New_York')
  const keys: string[] = []
  for await (const { key } of house.blobs.list('samples/')) keys.push(key)
  const [first = '', second = ''] = keys
  await house.blobs.delete(first)
  await house.blobs.putAll([{ key: second, bytes: Uint8Array.of(1, 2, 3) }])
  expect(await findStrays(house, true)).toEqual({ sessions: 3, missing: [first], damaged: [second], strays: 0 })
})
