import { expect, test } from 'vitest'
import type { Block } from './session-blocks.ts'
import { gatherBlocks } from './session-table.ts'

const block: Block = {
  metric: 'lean_body_mass',
  count: 3,
  startMs: Float64Array.of(1000, 2000, 3000),
  endMs: Float64Array.of(1000, 2500, 3000),
  value: Float64Array.of(70.5, 71, 72),
  raw: Float64Array.of(155.4, 156.5, 158.7),
  rawUnit: 'lb',
  metadata: { codes: Int32Array.of(0, -1, 1), words: ['a', 'b'] },
  offset: { codes: Int32Array.of(0, 0, 0), words: ['+01:00'] },
  flags: { codes: Int32Array.of(-1, -1, -1), words: [] },
}

/** The same samples in the order of these rows. */
function reordered({ startMs, endMs, value, raw = value, metadata, offset, ...rest }: Block, rows: readonly number[]): Block {
  const of = (column: Float64Array) => Float64Array.from(rows, (row) => column[row] as number)
  const words = (said: Block['metadata']) => said && { ...said, codes: Int32Array.from(rows, (row) => said.codes[row] as number) }
  const moved = { startMs: of(startMs), endMs: of(endMs), value: of(value), raw: of(raw) }
  return { ...rest, ...moved, metadata: words(metadata), offset: words(offset), count: rows.length } as Block
}

test('samples that come in order are the table that they are in any other order', () => {
  for (const each of [block, { ...block, isUnitUnknown: true } as const]) {
    const gathered = gatherBlocks([each])
    expect(gatherBlocks([reordered(each, [2, 0, 1])])).toEqual(gathered)
    expect(gatherBlocks([reordered(each, [0, 1, 1, 2])])).toEqual({ ...gathered, duplicates: 1 })
  }
  const { table } = gatherBlocks([block])
  expect([table.words.metric, table.words.raw_unit.words, table.words.text.words]).toEqual([
    { codes: new Int32Array(3), words: ['lean_body_mass'] },
    ['lb'],
    [],
  ])
  expect(table.instants.end).toEqual(block.endMs)
})
