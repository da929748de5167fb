import { openSync, readSync } from 'node:fs'
import { fiveColumns } from './columns.ts'
import { report } from './report.ts'

interface Sax {
  on(event: 'opentag', use: (tag: { name: string; attributes: Record<string, string> }) => void): void
  on(event: 'closetag', use: () => void): void
  write(text: string): void
  close(): void
}

// Named by a variable: the peers are installed for benches only, and types are checked without them.
const peer = '../peers/node_modules/saxes/saxes.js'
const { SaxesParser }: { SaxesParser: new () => Sax } = await import(peer)
const columns = fiveColumns()
const types = new Map<string, number>()
const sources = new Map<string, number>()
let depth = 0
let rejected = 0

const parser = new SaxesParser()
parser.on('opentag', ({ name, attributes }) => {
  depth++
  if (name !== 'Record' || depth !== 2) return
  const { type = '', sourceName = '', value, unit, startDate = '', endDate = '' } = attributes as Record<string, string>
  const startS = epochS(startDate)
  const endS = epochS(endDate)
  if (endS < startS) rejected++
  else columns.add(idOf(types, type), idOf(sources, sourceName), unit === undefined ? Number.NaN : Number(value), startS, endS)
})
parser.on('closetag', () => {
  depth--
})
const file = openSync(process.argv[2] as string, 'r')
const chunk = Buffer.alloc(1 << 20)
const decoder = new TextDecoder()
for (let count = readSync(file, chunk); count > 0; count = readSync(file, chunk))
  parser.write(decoder.decode(chunk.subarray(0, count), { stream: true }))
parser.close()
report({ ...columns.sums(process.argv.at(-1) === 'check'), rejected })

function idOf(known: Map<string, number>, word: string): number {
  let id = known.get(word)
  if (id === undefined) {
    id = known.size
    known.set(word, id)
  }
  return id
}

/** `2019-01-01 00:03:20 -0800` without Date.parse, which is slower. */
function epochS(text: string): number {
  const two = (at: number) => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48
  const offset = (two(21) * 60 + two(23)) * (text.charCodeAt(20) === 45 ? -60 : 60)
  return (daysOf(two(0) * 100 + two(2), two(5), two(8)) * 86_400 + two(11) * 3600 + two(14) * 60 + two(17) - offset) | 0
}

function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const ofEra = y - era * 400
  return (
    era * 146_097 +
    ofEra * 365 +
    Math.floor(ofEra / 4) -
    Math.floor(ofEra / 100) +
    Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) +
    day -
    719_469
  )
}
