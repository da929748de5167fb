import { parquetMetadata, parquetReadObjects, parquetSchema, snappyUncompress } from 'hyparquet'
import { expect, test } from 'vitest'
import { type ArchivedRow, decodeArchiveFile, encodeArchiveFile, rowsOfFile } from './archive-file.ts'
import { compress, compressedMost } from './snappy.ts'

function rowsOf(bodies: readonly string[]): ArchivedRow[] {
  return bodies.map((body, n) => ({ path: `users/ada/days/2024-01-${n}`, version: n + 1, at: '2024-01-01', body }))
}

test('documents come back as they were, whatever their text', async () => {
  const bodies = ['{}', '{"a":"é€😀"}', JSON.stringify({ note: 'ab'.repeat(40_000) }), '']
  const bytes = encodeArchiveFile(rowsOf(bodies))
  expect(await decodeArchiveFile(bytes)).toEqual(rowsOf(bodies))
  expect(await rowsOfFile(bytes)).toBe(4)
})

test('a large file does not change what comes after it', async () => {
  encodeArchiveFile(rowsOf(Array.from({ length: 3000 }, (_, n) => `{"n":${n},"note":"${'x'.repeat(n)}"}`)))
  expect(await decodeArchiveFile(encodeArchiveFile(rowsOf(['{"a":1}'])))).toEqual(rowsOf(['{"a":1}']))
})

test('another reader finds the columns, their types and sizes', async () => {
  const bytes = encodeArchiveFile(rowsOf(['{"a":1}', '{"a":2}']))
  const metadata = parquetMetadata(bytes.buffer)
  expect(parquetSchema(metadata).children.map(({ element: { name, type, converted_type } }) => [name, type, converted_type])).toEqual([
    ['path', 'BYTE_ARRAY', 'UTF8'],
    ['version', 'INT32', undefined],
    ['at', 'BYTE_ARRAY', 'UTF8'],
    ['body', 'BYTE_ARRAY', 'UTF8'],
  ])
  const [{ columns = [] } = {}] = metadata.row_groups
  const ends = columns.map(({ meta_data: column }) => Number(column?.data_page_offset) + Number(column?.total_compressed_size))
  expect(ends.slice(0, 3)).toEqual(columns.slice(1).map(({ meta_data: column }) => Number(column?.data_page_offset)))
  expect(await parquetReadObjects({ file: bytes.buffer, columns: ['version'] })).toEqual([{ version: 1 }, { version: 2 }])
})

test('whatever bytes are compressed, another reader opens them', () => {
  let state = 7
  const next = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % below
  }
  for (let round = 0; round < 300; round++) {
    const length = next(round < 100 ? 40 : 200_000)
    const letters = 1 + next(round % 3 === 0 ? 256 : 4)
    const bytes = Uint8Array.from({ length }, () => next(letters))
    for (let copies = next(20); copies > 0 && length > 100; copies--) bytes.copyWithin(next(length), next(length), next(length))
    const into = new Uint8Array(compressedMost(length) + 3)
    const end = compress(bytes, into, 3)
    expect(end).toBeLessThanOrEqual(into.length)
    const found = new Uint8Array(length)
    if (length > 0) snappyUncompress(into.subarray(3, end), found)
    expect(Buffer.compare(found, bytes), `round ${round}`).toBe(0)
  }
})

test('what repeats becomes small', () => {
  const bytes = new TextEncoder().encode('{"heart_rate":71,"source":"watch"}'.repeat(3000))
  expect(compress(bytes, new Uint8Array(compressedMost(bytes.length)), 0)).toBeLessThan(bytes.length / 15)
})
