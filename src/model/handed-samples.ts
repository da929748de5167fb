import { z } from 'zod'
import type { FieldProblem } from './problem.ts'
import type { Words } from './sample-table.ts'
import { Id, text } from './text.ts'
import { parseInstant, resolveLocal } from './time.ts'

/**
 * Samples of one metric as a client handed them in, column by column and in its order. Instants are epoch milliseconds, the fraction holds
 * microseconds; an instant sample ends where it starts.
 * - `metadata` what a sample says besides, as JSON: `sampleId`, `confidence`, `context`, then what is not known
 * - `offset` as its time has it · `flags` of its times
 */
export interface HandedSamples {
  readonly count: number
  readonly startMs: Float64Array
  readonly endMs: Float64Array
  readonly value: Float64Array
  readonly metadata: Words
  readonly offset: Words
  readonly flags: Words
  /** Samples with fields that are not known. */
  readonly unknown: number
}

/** Null or absent where the device states none: never invented. */
export const HandedConfidence = z.number().min(0).max(1).nullish()
/** A time with an offset, or local where the session names its zone: read once that is known. */
export const HandedTime = z.string().max(100)

export const HandedHeartRate = z.looseObject({
  sampleId: Id.nullish(),
  timestamp: HandedTime,
  value: z.number(),
  confidence: HandedConfidence,
  confidenceSource: z.string().max(100).nullish(),
  context: text(0, 200).nullish(),
})
export const HandedReading = z.looseObject({
  sampleId: Id.nullish(),
  startTime: HandedTime,
  endTime: HandedTime.nullish(),
  value: z.number(),
  confidence: HandedConfidence,
  confidenceSource: z.string().max(100).nullish(),
})

interface Row {
  readonly [key: string]: unknown
  readonly value: number
}

/** The most that are looked at: a session of more is refused whole. */
export const MOST_SAMPLES = 10_000

/** A time as it was said, or why it is none. */
export interface ReadTime {
  (said: string, pointer: string): { readonly ms: number; readonly offset: string; readonly flag?: string } | undefined
  readonly problems: readonly FieldProblem[]
}

/** Reads times; without an offset as the wall clock of `zone`, where that is an IANA name. Collects what cannot be read. */
export function timeReader(zone: string | undefined): ReadTime {
  const problems: FieldProblem[] = []
  const read = (said: string, pointer: string) => {
    let parsed = parseInstant(said)
    if (!parsed.ok && parsed.code === 'offset_required' && zone?.includes('/')) parsed = resolveLocal(said, zone)
    if (parsed.ok) {
      const { epochMs, micros, flags } = parsed
      const offset = /(?:[Zz]|[+-]\d{2}:\d{2})$/.exec(said)?.[0].toUpperCase() ?? ''
      return { ms: micros === 0 ? epochMs : (epochMs * 1000 + micros) / 1000, offset, ...(flags[0] && { flag: flags[0] }) }
    }
    problems.push({ pointer, code: parsed.code, message: timeWords[parsed.code] ?? 'Not a time that can be' })
    return undefined
  }
  return Object.assign(read, { problems })
}

const timeWords: Readonly<Record<string, string>> = {
  offset_required: 'The time needs an offset or Z',
  invalid_date: 'Not a date of the calendar',
  ambiguous_local_time: 'This local time happened twice: send its offset',
  out_of_range: 'Outside 1970 to 9999',
}

/** Columns from samples that their schema has let through; `known` are the fields that it names. */
export function samplesFrom(
  rows: readonly Row[],
  { start, known }: { readonly start: 'timestamp' | 'startTime'; readonly known: ReadonlySet<string> },
  time: ReadTime,
  pointer: string,
): HandedSamples {
  const count = rows.length
  const [startMs, endMs, value] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)]
  const words = { metadata: wordMaker(count), offset: wordMaker(count), flags: wordMaker(count) }
  let unknown = 0
  rows.forEach((row, at) => {
    const from = time(row[start] as string, `${pointer}/${at}/${start}`)
    const until = known.has('endTime') && typeof row.endTime === 'string' ? time(row.endTime, `${pointer}/${at}/endTime`) : from
    startMs[at] = from?.ms ?? Number.NaN
    endMs[at] = until?.ms ?? Number.NaN
    value[at] = row.value === 0 ? 0 : row.value
    const extra = Object.entries(row).filter(([key]) => !known.has(key))
    if (extra.length > 0) unknown++
    words.metadata.set(at, metadataOf(row, extra))
    words.offset.set(at, from?.offset || undefined)
    words.flags.set(at, from?.flag ?? until?.flag)
  })
  const { metadata, offset, flags } = words
  return { count, startMs, endMs, value, metadata: metadata.words, offset: offset.words, flags: flags.words, unknown }
}

function metadataOf(row: Row, extra: readonly (readonly [string, unknown])[]): string | undefined {
  const { sampleId, confidence, context } = row
  return extrasText(
    typeof sampleId === 'string' ? sampleId : undefined,
    typeof confidence === 'number' ? confidence : undefined,
    typeof context === 'string' ? context : undefined,
    extra,
  )
}

/** The one form of a sample's metadata; undefined where there is none. */
export function extrasText(
  sampleId: string | undefined,
  confidence: number | undefined,
  context: string | undefined,
  extra: readonly (readonly [string, unknown])[] = [],
): string | undefined {
  const said = {
    ...(sampleId !== undefined && { sampleId }),
    ...(confidence !== undefined && { confidence: confidence === 0 ? 0 : confidence }),
    ...(context !== undefined && { context }),
    ...Object.fromEntries(extra),
  }
  return Object.keys(said).length === 0 ? undefined : JSON.stringify(said)
}

/** A column of words, each kept once; rows that are not set have none. The codes may have a place already. */
export function wordMaker(count: number, codes = new Int32Array(count)) {
  codes.fill(-1)
  const words: string[] = []
  const known = new Map<string, number>()
  return {
    words: { codes, words } as Words,
    set(at: number, word: string | undefined): void {
      if (word === undefined) return
      let code = known.get(word)
      if (code === undefined) {
        code = words.push(word) - 1
        known.set(word, code)
      }
      codes[at] = code
    },
  }
}
