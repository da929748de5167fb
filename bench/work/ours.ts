import { closeSync, openSync, readSync } from 'node:fs'
import { heapOver } from '../../src/importers/apple-health/heap.ts'
import { rowWriter } from '../../src/importers/apple-health/row-writer.ts'
import { Bits, newRows, ROW_DOUBLES, ROW_SHORTS } from '../../src/importers/apple-health/rows.ts'
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
const rows = newRows(1 << 18)
const tally = newTally()
const kept = { rows: 0, withMetadata: 0, created: 0 }
const writer = rowWriter(rows, (count) => {
  kept.rows += count
  if (mode !== 'five') return
  for (let row = 0; row < count; row++) {
    const bits = rows.shorts[row * ROW_SHORTS + 19] as number
    const kind = rows.shorts[row * ROW_SHORTS + 16] as number
    if (bits & (Bits.NESTED | Bits.BEAT) || !vocabulary.kinds[kind]?.type.startsWith('HK')) continue
    const value = bits & Bits.TEXT ? Number.NaN : (rows.doubles[row * ROW_DOUBLES + 2] as number)
    columns.add(
      kind,
      rows.shorts[row * ROW_SHORTS + 17] as number,
      value,
      (rows.doubles[row * ROW_DOUBLES] as number) / 1000,
      (rows.doubles[row * ROW_DOUBLES + 1] as number) / 1000,
    )
  }
})
const scan = scanner(vocabulary, writer, tally)
const file = openSync(path, 'r')
const chunk = Buffer.alloc(1 << 20)
for (let count = readSync(file, chunk); count > 0; count = readSync(file, chunk)) scan.push(chunk.subarray(0, count))
closeSync(file)
const whole = scan.end()
report(mode === 'five' ? { ...columns.sums(), rejected: tally.counts.rejected } : { whole, ...tally.counts })
