import { zeros } from '../columns/column-rooms.ts'
import { wordMaker } from '../model/handed-samples.ts'
import { metrics } from '../model/metrics.ts'
import { makeTable, noNumbers, noWords, type SampleTable, type WordColumn, type Words } from '../model/sample-table.ts'
import type { Block } from './session-blocks.ts'

export interface Gathered {
  readonly table: SampleTable
  readonly duplicates: number
  /** For each row 1 where its unit is none that the metric can have. */
  readonly unitUnknown: Uint8Array | undefined
}

/** Blocks as one table, in the order of every session file: metric, start, end. The same sample twice is there once. */
export function gatherBlocks(blocks: readonly Block[]): Gathered {
  const placed = blocks
    .toSorted((a, b) => (a.metric === b.metric ? 0 : a.metric < b.metric ? -1 : 1))
    .map((block) => ({ block, order: orderOf(block) }))
  const [first] = placed
  return first !== undefined && placed.length === 1 && first.order === undefined ? asItIs(first.block) : gatherPlaced(blocks, placed)
}

/** One block whose rows are in order: its columns are those of the table. */
function asItIs(block: Block): Gathered {
  const { metric, count, startMs, endMs, value, raw, rawUnit, text, metadata, offset, flags } = block
  const none = noWords(count)
  const same = (word: string): Words => ({ codes: zeros(count).subarray(0, count), words: [word] })
  const said: Partial<Record<WordColumn, Words | undefined>> = {
    metric: same(metric),
    type: same(metric),
    unit: same(metrics[metric].unit),
    raw_unit: rawUnit === undefined ? none : same(rawUnit),
    text,
    metadata,
    offset,
    flags,
  }
  const columns = { start: startMs, end: endMs, created: noNumbers(count), value, raw_value: raw ?? noNumbers(count) }
  const table = makeTable(count, {
    words: (name) => (said[name]?.words.length ? said[name] : none),
    instants: (name) => columns[name],
    numbers: (name) => columns[name],
  })
  return { table, duplicates: 0, unitUnknown: block.isUnitUnknown && new Uint8Array(count).fill(1) }
}

interface Placed {
  readonly block: Block
  readonly order: Int32Array | undefined
}

function gatherPlaced(blocks: readonly Block[], placed: readonly Placed[]): Gathered {
  const rows = placed.reduce((sum, { block, order }) => sum + (order?.length ?? block.count), 0)
  const said = filled.filter((name) => blocks.some((block) => isSaid(block, name)))
  const space = spaceFor(rows, said.length)
  const columns = {
    start: space.numbers(0),
    end: space.numbers(1),
    created: noNumbers(rows),
    value: space.numbers(2),
    raw_value: blocks.some(({ raw }) => raw !== undefined) ? new Float64Array(rows).fill(Number.NaN) : noNumbers(rows),
  }
  const words = new Map<WordColumn, ReturnType<typeof wordMaker>>(said.map((name, at) => [name, wordMaker(rows, space.codes(at))]))
  let unitUnknown: Uint8Array | undefined
  let row = 0
  for (const { block, order } of placed) {
    const count = order?.length ?? block.count
    place(columns.start, block.startMs, order, row)
    place(columns.end, block.endMs, order, row)
    place(columns.value, block.value, order, row)
    if (block.raw) place(columns.raw_value, block.raw, order, row)
    placeConstant(words.get('metric'), block.metric, row, count)
    placeConstant(words.get('type'), block.metric, row, count)
    placeConstant(words.get('unit'), metrics[block.metric].unit, row, count)
    if (block.rawUnit !== undefined) placeConstant(words.get('raw_unit'), block.rawUnit, row, count)
    for (const name of ['text', 'metadata', 'offset', 'flags'] as const) placeWords(words.get(name), block[name], order, row, count)
    if (block.isUnitUnknown) {
      unitUnknown ??= new Uint8Array(rows)
      unitUnknown.fill(1, row, row + count)
    }
    row += count
  }
  const none = noWords(rows)
  const table = makeTable(rows, {
    words: (name) => words.get(name)?.words ?? none,
    instants: (name) => columns[name],
    numbers: (name) => columns[name],
  })
  const received = blocks.reduce((sum, { count }) => sum + count, 0)
  return { table, duplicates: received - rows, unitUnknown }
}

const filled = ['metric', 'type', 'unit', 'raw_unit', 'text', 'metadata', 'offset', 'flags'] as const satisfies readonly WordColumn[]

function isSaid(block: Block, name: (typeof filled)[number]): boolean {
  if (name === 'metric' || name === 'type' || name === 'unit') return true
  if (name === 'raw_unit') return block.rawUnit !== undefined
  return (block[name]?.words.length ?? 0) > 0
}

const NUMBERS = 3

/** One piece of memory for all columns: to ask for each by itself takes longer than to fill them. */
function spaceFor(rows: number, words: number) {
  const space = new ArrayBuffer(rows * (8 * NUMBERS + 4 * words))
  return {
    numbers: (at: number) => new Float64Array(space, 8 * rows * at, rows),
    codes: (at: number) => new Int32Array(space, rows * (8 * NUMBERS + 4 * at), rows),
  }
}

/** Which rows and in which order; undefined where that is all of them as they are. */
function orderOf({ count, startMs, endMs, value, text, metadata }: Block): Int32Array | undefined {
  let ascending = true
  for (let at = 1; at < count && ascending; at++) ascending = (startMs[at] as number) > (startMs[at - 1] as number)
  if (ascending) return undefined
  const textAt = (words: Words | undefined, at: number) => words?.words[words.codes[at] as number] ?? ''
  const alike = (a: number, b: number) =>
    startMs[a] === startMs[b] && endMs[a] === endMs[b] && value[a] === value[b] && textAt(text, a) === textAt(text, b)
  const compare = (a: number, b: number) =>
    (startMs[a] as number) - (startMs[b] as number) ||
    (endMs[a] as number) - (endMs[b] as number) ||
    (value[a] as number) - (value[b] as number) ||
    byText(textAt(text, a), textAt(text, b)) ||
    byText(textAt(metadata, a), textAt(metadata, b))
  const sorted = Int32Array.from({ length: count }, (_, at) => at).sort(compare)
  return sorted.filter((row, at) => at === 0 || !alike(row, sorted[at - 1] as number))
}

function byText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function place(into: Float64Array, from: Float64Array, order: Int32Array | undefined, row: number): void {
  if (order === undefined) into.set(from, row)
  else for (let at = 0; at < order.length; at++) into[row + at] = from[order[at] as number] as number
}

type Maker = ReturnType<typeof wordMaker> | undefined

function placeConstant(maker: Maker, word: string, row: number, count: number): void {
  if (maker === undefined || count === 0) return
  maker.set(row, word)
  maker.words.codes.fill(maker.words.codes[row] as number, row, row + count)
}

function placeWords(maker: Maker, from: Words | undefined, order: Int32Array | undefined, row: number, count: number): void {
  if (maker === undefined || from === undefined || from.words.length === 0) return
  const codes = new Int32Array(from.words.length).fill(-1)
  for (let at = 0; at < count; at++) {
    const code = from.codes[order === undefined ? at : (order[at] as number)] as number
    if (code < 0) continue
    if ((codes[code] as number) < 0) {
      maker.set(row + at, from.words[code])
      codes[code] = maker.words.codes[row + at] as number
    } else maker.words.codes[row + at] = codes[code] as number
  }
}
