import { expect, test } from 'vitest'
import { temporaryHouse } from '../../test/golden/people.ts'
import { release } from '../model/release.ts'
import { sessionFilesOf } from './shared-files.ts'

const key = 'samples/robin/2024-06/abc.parquet'

test('a part that a session was moved to meanwhile is read though nobody announced it', async () => {
  await using house = await temporaryHouse()
  const bytes = Uint8Array.from({ length: 90 }, (_, at) => at)
  await house.blobs.putAll([{ key, bytes }])
  const [first, second, moved] = [0, 30, 60].map((offset) => {
    const file = bytes.slice(offset, offset + 30)
    return { file, pointer: { key, offset, length: 30, sha256: house.sha256(file), rows: 1 } }
  })
  if (!first || !second || !moved) throw new Error('three parts')
  const read = sessionFilesOf(house, [first.pointer, second.pointer])
  for (const { pointer, file } of [second, moved, first]) expect(await read(pointer)).toEqual(file)
})

test('of two sessions with one part the second reads it though the first gave it up', async () => {
  await using house = await temporaryHouse()
  const bytes = Uint8Array.from({ length: 30 }, (_, at) => at)
  await house.blobs.putAll([{ key, bytes }])
  const pointer = { key, offset: 0, length: 30, sha256: house.sha256(bytes), rows: 1 }
  const read = sessionFilesOf(house, [pointer, pointer])
  release(await read(pointer))
  expect(await read(pointer)).toEqual(bytes)
})
