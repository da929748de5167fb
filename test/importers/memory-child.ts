import type { ByteSource } from '../../src/importers/byte-source.ts'
import { findImporter } from '../../src/importers/registry.ts'
import { Problem } from '../../src/model/problem.ts'
import { exportOf, heartRates, metadata, record } from './export-text.ts'
import { endlessExport, generated } from './generated-source.ts'
import { nowMs, scratch, sourceOf } from './reading.ts'
import { deflatedRepetition, zipOf } from './zip-bytes.ts'

// Reads one export in a process of its own and tells what came of it, and how far the memory rose above that of a small one.

const MB = 1_000_000

function* around(pieces: Iterable<string>): Generator<Buffer> {
  yield Buffer.from(`<HealthData>\n${' '.repeat(5000)}`)
  for (const piece of pieces) yield Buffer.from(piece)
  yield Buffer.from('</HealthData>\n')
}

/** The same `size` in every piece, so that the length is known before any of it is made. */
function repeated(count: number, piece: (n: string) => string): ByteSource {
  const numbered = (n: number) => piece(String(n).padStart(7, '0'))
  function* pieces() {
    for (let n = 0; n < count; n++) yield numbered(n)
  }
  return generated(around(pieces()), 5013 + 14 + count * Buffer.byteLength(numbered(0)))
}

/** Day after day from 1990 on. */
function dateOf(n: string): string {
  return `${Temporal.PlainDate.from('1990-01-01').add({ days: Number(n) % 11_000 })} 12:00:00 +0000`
}

const scenarios: Readonly<Record<string, () => ByteSource>> = {
  'a large export': () => endlessExport(4_400 * MB, 1000).source,
  'a text of 200 MB': () => repeated(200, (n) => (n === '0000000' ? '<Record value="'.padEnd(MB, 'x') : 'x'.repeat(MB))),
  'a nesting of 10 million elements': () => repeated(10_000, () => '<a>'.repeat(1000)),
  'a workout with a gigabyte of events': () => {
    const event = `<WorkoutEvent type="${'x'.repeat(MB / 2)}"/>`
    const dates = 'startDate="2024-01-20 12:00:00 +0000" endDate="2024-01-20 13:00:00 +0000"'
    return repeated(2000, (n) =>
      n === '0000000' ? `<Workout workoutActivityType="x" sourceName="y" ${dates}>`.padEnd(event.length) : event,
    )
  },
  'a gigabyte of spaces that declare 20 MB': () => {
    const packed = deflatedRepetition(exportOf(heartRates(10)).replace('</HealthData>', ''), ' '.repeat(MB), 1000)
    return sourceOf(zipOf([{ name: 'export.xml', packed, says: { bytes: 20 * MB } }]))
  },
  'sixteen entries of a gigabyte that declare a byte each': () => {
    const packed = deflatedRepetition('', '\0'.repeat(MB), 1000)
    return sourceOf(zipOf(Array.from({ length: 16 }, (_, n) => ({ name: `${n}`, packed, says: { bytes: 1 } }))))
  },
  '60,000 sources on one day': () => repeated(60_000, (n) => record({ sourceName: `s${n}` })),
  '600 MB of words': () => repeated(12_000, (n) => record({ sourceVersion: n.padEnd(50_000, 'v') })),
  '600 MB of metadata': () => repeated(1200, (n) => record({ at: dateOf(n) }, metadata({ note: n.padEnd(MB / 2, 'm') }))),
}

async function readAll(source: ByteSource): Promise<Record<string, unknown>> {
  try {
    const reading = await (await findImporter(source)).read(source, { scratch, nowMs })
    let kept = 0
    let sum = 0
    for (const { table } of reading.drafts()) {
      kept += table.rows
      for (const value of table.numbers.value) sum += value
    }
    reading.close()
    return { received: reading.counts.received, duplicate: reading.counts.duplicate, kept, sum, whole: reading.whole }
  } catch (error) {
    if (error instanceof Problem) return { problem: error.code }
    throw error
  }
}

const source = scenarios[process.argv[2] ?? '']?.()
if (source === undefined) throw new Error('no such scenario')
await readAll(sourceOf(exportOf(heartRates(2000))))
const before = process.memoryUsage().rss
const result = await readAll(source)
// Kilobytes, the highest of the process's life.
const grownMB = (process.resourceUsage().maxRSS * 1024 - before) / 2 ** 20
console.log(JSON.stringify({ ...result, length: source.length, grownMB: Math.round(grownMB) }))
