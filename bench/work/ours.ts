import { closeSync, openSync, readSync } from 'node:fs'
import { heapOver } from '../../src/importers/apple-health/heap.ts'
import { type RowWriter, rowWriter } from '../../src/importers/apple-health/row-writer.ts'
import { Bits, newRows } from '../../src/importers/apple-health/rows.ts'
import { scanner } from '../../src/importers/apple-health/scanner.ts'
import { newTally } from '../../src/importers/apple-health/tally.ts'
import { vocabularyOver } from '../../src/importers/apple-health/vocabulary.ts'
import { fiveColumns } from './columns.ts'
import { report } from './report.ts'

// Everything is read and interned in both modes: nine attributes, metadata and beats. `five` also fills the peer's sink.
const [path = '', mode] = process.argv.slice(2)
const columns = fiveColumns()
const texts: Uint8Array[] = []
let length = 0
const heap = heapOver({
  append(bytes) {
    texts.push(bytes.slice())
    length += bytes.length
    return length - bytes.length
  },
  read() {
    throw new Error('not read in this bench')
  },
  length: 0,
  close() {},
})
const vocabulary = vocabularyOver(heap)
const tally = newTally()
const isRecord: boolean[] = []
/** Straight into the peer's sink, by the door that the product's own rows go through. */
const next = new Float64Array(4)
const five: RowWriter = {
  next,
  add(_metadata, kind, origin, _place, bits) {
    if (bits & (Bits.NESTED | Bits.BEAT)) return
    isRecord[kind] ??= vocabulary.kinds[kind]?.type.startsWith('HK') ?? false
    const value = bits & Bits.TEXT ? Number.NaN : (next[2] as number)
    if (isRecord[kind]) columns.add(kind, origin, value, ((next[0] as number) / 1000) | 0, ((next[1] as number) / 1000) | 0)
  },
  flush() {},
}
const writer = mode === 'five' ? five : rowWriter(newRows(1 << 18), () => {})
const scan = scanner(vocabulary, writer, tally)
const file = openSync(path, 'r')
const chunk = Buffer.alloc(1 << 20)
for (let count = readSync(file, chunk); count > 0; count = readSync(file, chunk)) scan.push(chunk.subarray(0, count))
closeSync(file)
const whole = scan.end()
report(mode === 'five' ? { ...columns.sums(process.argv.at(-1) === 'check'), rejected: tally.counts.rejected } : { whole, ...tally.counts })
