import { Problem } from '../../model/problem.ts'
import { careful } from './careful.ts'
import { carefulDate } from './careful-date.ts'
import { INCOMPLETE } from './record.ts'
import { addRow, type RowWriter } from './row-writer.ts'
import { Bits } from './rows.ts'
import { readTag, type Tag } from './tag.ts'
import type { Tally } from './tally.ts'
import { metadataEntries, type Vocabulary } from './vocabulary.ts'
import { workoutReader } from './workout.ts'

export const ACTIVITY_SUMMARY = 'ActivitySummary'
export const WORKOUT = 'Workout'
const DEPTH_LIMIT = 64
/** They stand directly below the root: met inside another element, that one has lost its end tag. */
const TOP = new Set(['Record', 'Correlation', WORKOUT, ACTIVITY_SUMMARY, 'ClinicalRecord', 'Audiogram', 'VisionPrescription', 'HealthData'])

/** Everything of an export that is not a record in its usual form: few of them, so each becomes an object for a moment. */
export function elementReader(vocabulary: Vocabulary, rows: RowWriter, tally: Tally) {
  const open: string[] = []
  const about: { exportedAtMs?: number; exportedOffset?: number; me?: Record<string, string>; locale?: string } = {}
  const workouts = workoutReader(vocabulary, rows, tally)
  let closed = false

  const begin = new Map<string, (tag: Tag, place: string) => void>(
    Object.entries({
      HealthData(tag: Tag) {
        const locale = tag.attributes.get('locale')
        if (locale !== undefined) about.locale = locale
      },
      ExportDate(tag: Tag) {
        const date = carefulDate(tag.attributes.get('value') ?? '')
        if (typeof date === 'string') return
        about.exportedAtMs = date.ms
        about.exportedOffset = date.offsetMinutes
      },
      Me(tag: Tag) {
        about.me = Object.fromEntries(tag.attributes)
      },
      Correlation() {
        tally.counts.correlations++
      },
      ActivitySummary: summary,
      Workout: workouts.begin,
    }),
  )

  function summary(tag: Tag, place: string): void {
    tally.counts.received++
    tally.counts.activitySummaries++
    const date = tag.attributes.get('dateComponents') ?? ''
    const at = carefulDate(`${date} 12:00:00 +0000`)
    if (typeof at === 'string') {
      tally.counts.rejected++
      tally.note('invalid_date', place)
      return
    }
    const position = vocabulary.put(JSON.stringify(Object.fromEntries(tag.attributes)))
    const origin = vocabulary.originNamed('Apple activity rings', null, null)
    addRow(rows, at.ms, at.ms, position, Number.NaN, 0, vocabulary.named(ACTIVITY_SUMMARY), origin, vocabulary.place(0, -1), Bits.TEXT)
  }

  function enter(tag: Tag, place: string): void {
    if (open.length > 1 && TOP.has(tag.name)) leaveTo(1)
    if (workouts.isOpen()) workouts.child(tag, open.at(-1) ?? '')
    else {
      const handler = begin.get(tag.name)
      if (handler) handler(tag, place)
      else if (open.length === 1) unknown(tag, place)
    }
    if (tag.selfClosing) {
      if (tag.name === WORKOUT) workouts.end()
      if (open.length === 0) closed = tag.name === 'HealthData'
      return
    }
    if (open.length >= DEPTH_LIMIT) throw new Problem('xml_limits', `Elements are nested deeper than ${DEPTH_LIMIT} at ${place}.`)
    open.push(tag.name)
  }

  /** An element of a kind that we do not read: it stays in the original file, and is counted. */
  function unknown(tag: Tag, place: string): void {
    tally.counts.received++
    tally.note('unmapped_element', `${tag.name.slice(0, 60)} at ${place}`)
  }

  function leave(name: string): void {
    const index = open.lastIndexOf(name)
    if (index >= 0) leaveTo(index)
  }

  function leaveTo(depth: number): void {
    if (open.indexOf(WORKOUT) >= depth) workouts.end()
    open.length = depth
    if (depth === 0) closed = true
  }

  return {
    about,
    isClosed: () => closed,
    inCorrelation: () => open[1] === 'Correlation',
    /** Whether the bytes at `at` begin something that would have been counted as received. */
    countsAsRecord(bytes: Uint8Array, at: number): boolean {
      const start = new TextDecoder('latin1').decode(bytes.subarray(at, at + 17))
      return !workouts.isOpen() && /^<(?:Record|Workout|ActivitySummary)\b/.test(start) && !(open[1] === 'Correlation')
    },
    tag(tag: Tag, place: string): void {
      if (tag.closing) leave(tag.name)
      else enter(tag, place)
    },
    /** A record in an unusual form, with its children. */
    record(bytes: Uint8Array, tag: Tag, to: number, place: string): number {
      let next = tag.next
      let metadata: Record<string, string> = {}
      let beats: ReadonlyMap<string, string>[] = []
      if (!tag.selfClosing) {
        const end = childrenEnd(bytes, tag.next, to)
        if (end === INCOMPLETE) return INCOMPLETE
        const children = bytes.subarray(tag.next, end.from)
        metadata = metadataEntries(children)
        beats = beatTags(children)
        next = end.next
      }
      careful(vocabulary, rows, tally, { attributes: tag.attributes, metadata, beats, nested: open[1] === 'Correlation' }, place)
      return next
    },
    finish(): void {
      if (workouts.isOpen()) workouts.end()
    },
  }
}

function beatTags(children: Uint8Array): ReadonlyMap<string, string>[] {
  const beats: ReadonlyMap<string, string>[] = []
  for (let at = children.indexOf(0x3c); at >= 0; at = children.indexOf(0x3c, at + 1)) {
    // <I
    if (children[at + 1] !== 0x49) continue
    const tag = readTag(children, at, children.length)
    if (typeof tag !== 'string' && tag.name === 'InstantaneousBeatsPerMinute') beats.push(tag.attributes)
  }
  return beats
}

/** Where the children of a record end: at its `</Record>`, or before the next element of the top level, when that tag is lost. */
function childrenEnd(bytes: Uint8Array, from: number, to: number): { from: number; next: number } | typeof INCOMPLETE {
  let at = bytes.indexOf(0x3c, from)
  while (at >= 0 && at < to) {
    const tag = readTag(bytes, at, to)
    if (tag === 'incomplete') return INCOMPLETE
    if (tag === 'malformed') at = bytes.indexOf(0x3c, at + 1)
    else if (TOP.has(tag.name)) return { from: at, next: tag.closing && tag.name === 'Record' ? tag.next : at }
    else at = bytes.indexOf(0x3c, tag.next)
  }
  return INCOMPLETE
}
