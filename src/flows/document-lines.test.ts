import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collect, inChunks } from '../../test/contracts/expectations.ts'
import { fromLines, toLines } from './document-lines.ts'

async function written(values: readonly object[]): Promise<Uint8Array> {
  return Buffer.concat(await collect(toLines(values)))
}

test('any values come back from their lines, wherever the chunks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue())),
      fc.integer({ min: 1, max: 50 }),
      async (values, size) => {
        const bytes = await written(values)
        expect(await collect(fromLines(inChunks(bytes, size)))).toEqual(JSON.parse(JSON.stringify(values)))
      },
    ),
  )
})

test('many values are many chunks, none of them a whole file', async () => {
  const values = Array.from({ length: 5000 }, (_, n) => ({ n, text: 'ü'.repeat(200) }))
  const chunks = await collect(toLines(values))
  expect(chunks.length).toBeGreaterThan(3)
  expect(await collect(fromLines(inChunks(Buffer.concat(chunks), 1 << 20)))).toEqual(values)
})

test('a line that is cut off, or is no JSON in UTF-8, is damage', async () => {
  const whole = await written([{ a: 1 }, { b: 'ä' }])
  const damaged = [whole.subarray(0, -1), whole.subarray(0, -4), Buffer.from('{"a":1\n'), Buffer.from([0x22, 0xff, 0x22, 0x0a])]
  for (const bytes of damaged) await expect(collect(fromLines(inChunks(bytes, 3)))).rejects.toMatchObject({ code: 'storage_corrupt' })
})
