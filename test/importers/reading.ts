import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFileScratch } from '../../src/adapters/scratch/files.ts'
import { wordAt } from '../../src/columns/select.ts'
import type { ByteSource } from '../../src/importers/byte-source.ts'
import type { Reading, ReadOptions, SessionDraft } from '../../src/importers/importer.ts'
import { findImporter } from '../../src/importers/registry.ts'
import { Problem } from '../../src/model/problem.ts'
import type { WordColumn } from '../../src/model/sample-table.ts'
import type { Source } from '../../src/model/source.ts'

export interface Sample {
  readonly source: Source
  readonly localDate: string
  readonly sessionZone: string
  readonly startMs: number
  readonly endMs: number
  readonly createdMs: number
  readonly value: number
  readonly rawValue: number
  readonly words: Readonly<Record<WordColumn, string | undefined>>
  readonly metadata: Readonly<Record<string, string>>
  readonly flags: readonly string[]
}

export interface ReadExport extends Pick<Reading, 'counts' | 'elements' | 'zones' | 'whole' | 'person'> {
  readonly problems: Readonly<Record<string, number>>
  /** What became of the file's records: `received` is the sum of the others. */
  readonly fates: {
    readonly received: number
    readonly kept: number
    readonly duplicate: number
    readonly rejected: number
    readonly unread: number
  }
  readonly samples: readonly Sample[]
  /** Without the beats of HRV records, which are no records of their own. */
  readonly records: readonly Sample[]
}

/** Bytes in memory that are as strict as a file: what lies outside cannot be read. */
export function sourceOf(content: string | Uint8Array): ByteSource {
  const bytes = Buffer.from(content)
  return {
    length: bytes.length,
    async read(from, to) {
      if (from < 0 || to < from || to > bytes.length) throw new RangeError(`read ${from} to ${to} of ${bytes.length} bytes`)
      return Buffer.from(bytes.subarray(from, to))
    },
  }
}

/** A file of zeros with the mark of a zip at its start and `bytes` at its end: as large as one likes, without a disk. */
export function farBehind(base: number, bytes: Buffer): ByteSource {
  return {
    length: base + bytes.length,
    async read(from, to) {
      const piece = Buffer.alloc(to - from)
      if (from === 0) piece.write('PK\u0003\u0004')
      if (to > base) bytes.copy(piece, Math.max(0, base - from), Math.max(0, from - base), to - base)
      return piece
    },
  }
}

// One folder for each worker, and not one for each run: nothing ever stays in it.
const folder = join(tmpdir(), `clarity-importers-${process.env.VITEST_POOL_ID ?? 'child'}`)
export const scratch = openFileScratch(folder)
/** 1 February 2024, noon. */
export const nowMs = Date.UTC(2024, 1, 1, 12)

export type Options = Partial<Omit<ReadOptions, 'scratch'>>

/** Reads all of an export through the public door, and throws when a record is unaccounted for. */
export async function readExport(content: string | Uint8Array | ByteSource, options: Options = {}): Promise<ReadExport> {
  const source = typeof content === 'string' || content instanceof Uint8Array ? sourceOf(content) : content
  const importer = await findImporter(source)
  const reading = await importer.read(source, { scratch, nowMs, ...options })
  try {
    const samples = Array.from(reading.drafts(), samplesOf).flat()
    const records = samples.filter(({ words }) => words.type !== 'InstantaneousBeatsPerMinute')
    const problems = Object.fromEntries([...reading.problems].map(([code, { count }]) => [code, count]))
    const fates = {
      ...reading.counts,
      kept: records.length,
      unread: (problems.unreadable_record ?? 0) + (problems.unmapped_element ?? 0),
    }
    if (fates.received !== fates.kept + fates.duplicate + fates.rejected + fates.unread)
      throw new Error(`records unaccounted for: ${JSON.stringify(fates)}`)
    const { counts, elements, zones, whole, person } = reading
    return { counts, elements, zones, whole, person, problems, fates, samples, records }
  } finally {
    reading.close()
  }
}

function samplesOf({ source, localDate, zone, table }: SessionDraft): Sample[] {
  return Array.from({ length: table.rows }, (_, row) => {
    const words = Object.fromEntries(Object.keys(table.words).map((name) => [name, wordAt(table, name as WordColumn, row)])) as Record<
      WordColumn,
      string | undefined
    >
    return {
      source,
      localDate,
      sessionZone: zone,
      startMs: table.instants.start[row] as number,
      endMs: table.instants.end[row] as number,
      createdMs: table.instants.created[row] as number,
      value: table.numbers.value[row] as number,
      rawValue: table.numbers.raw_value[row] as number,
      words,
      metadata: JSON.parse(words.metadata ?? '{}'),
      flags: words.flags?.split(' ') ?? [],
    }
  })
}

/** The only record of an export. */
export async function readOne(content: string, options: Options = {}): Promise<Sample> {
  const { records } = await readExport(content, options)
  const [first, ...others] = records
  if (first === undefined || others.length > 0) throw new Error(`${records.length} records instead of one`)
  return first
}

/** The code of the `Problem` with which reading ends; any other error comes out. */
export async function problemOf(content: string | Uint8Array | ByteSource, options: Options = {}): Promise<string> {
  try {
    const { fates } = await readExport(content, options)
    return `read: ${JSON.stringify(fates)}`
  } catch (error) {
    if (error instanceof Problem) return error.code
    throw error
  }
}
