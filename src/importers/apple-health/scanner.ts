import { Problem } from '../../model/problem.ts'
import { elementReader } from './elements.ts'
import { prologEnd } from './prolog.ts'
import { INCOMPLETE, recordReader, UNUSUAL } from './record.ts'
import type { RowWriter } from './row-writer.ts'
import { readTag, type Tag } from './tag.ts'
import type { Tally } from './tally.ts'
import type { Vocabulary } from './vocabulary.ts'

/** One tag may be this long, and one record with all its children four times as long. */
const TAG_LIMIT = 1 << 20
const ELEMENT_LIMIT = 4 * TAG_LIMIT
const CHUNK_LIMIT = 1 << 20
const SLACK = 1 << 17
const LESS = 0x3c

export interface Scanner {
  /** Takes the next bytes of the file, at most 1 MiB. Throws `Problem('xml_limits' | 'xml_entity_forbidden' | 'not_recognised')`. */
  push(chunk: Uint8Array): void
  /** The file is over: `true` when it ended where it should. Throws `Problem('not_recognised')` when the root element never came. */
  end(): boolean
  /** What the file says about itself and the person. */
  readonly about: { exportedAtMs?: number; exportedOffset?: number; me?: Record<string, string>; locale?: string }
}

/**
 * Reads an export from a stream of UTF-8 bytes in one pass and constant memory: records become rows at once, workouts and summaries
 * become texts in the heap. What it cannot read is counted with its place and left behind; the rest goes on.
 */
export function scanner(vocabulary: Vocabulary, rows: RowWriter, tally: Tally): Scanner {
  const capacity = ELEMENT_LIMIT + CHUNK_LIMIT
  const bytes = new Uint8Array(capacity + SLACK)
  const view = new DataView(bytes.buffer)
  const record = recordReader(vocabulary, rows, tally)
  const elements = elementReader(vocabulary, rows, tally)
  let used = 0
  let consumed = 0
  let rootSeen = false

  function place(at: number): string {
    return `byte ${consumed + at}`
  }

  function broken(at: number, code: string): void {
    tally.note(code, place(at))
    if (!elements.countsAsRecord(bytes, at)) return
    tally.counts.received++
    tally.note('unreadable_record', place(at))
  }

  /** The next place after `at` where an element may begin. */
  function resume(at: number): number {
    const next = bytes.indexOf(LESS, at + 1)
    return next < 0 || next >= used ? used : next
  }

  function carefully(at: number, tag: Tag): number {
    if (!tag.closing && tag.name === 'Record') {
      const next = elements.record(bytes, tag, used, place(at))
      if (next !== INCOMPLETE) return next
      return INCOMPLETE
    }
    elements.tag(tag, place(at))
    return tag.next
  }

  /** Position after the element or tag at `at`; INCOMPLETE when its end is not here yet. */
  function step(at: number): number {
    if (isRecord(bytes, at)) {
      const next = record(bytes, view, at, used, elements.inCorrelation())
      if (next !== UNUSUAL) return next
    }
    return carefulStep(at)
  }

  function carefulStep(at: number): number {
    if (bytes[at + 1] === 0x21 || bytes[at + 1] === 0x3f) return skipMarkup(bytes, at, used)
    const tag = readTag(bytes, at, used)
    if (tag === 'incomplete') return used - at > TAG_LIMIT ? tooLong(at) : INCOMPLETE
    if (tag !== 'malformed') return carefully(at, tag)
    broken(at, 'xml_malformed')
    return resume(at)
  }

  function tooLong(at: number): never {
    throw new Problem('xml_limits', `The tag at ${place(at)} is longer than ${TAG_LIMIT} bytes.`)
  }

  function scan(): number {
    let at = 0
    if (!rootSeen) {
      const root = prologEnd(bytes, used)
      if (root === INCOMPLETE) return 0
      rootSeen = true
      at = root
    }
    while (at < used) {
      while (at < used && bytes[at] !== LESS) at++
      if (at >= used) return used
      const next = step(at)
      if (next === INCOMPLETE) return at
      at = next
    }
    return at
  }

  function compact(done: number): void {
    bytes.copyWithin(0, done, used)
    used -= done
    consumed += done
    if (used > ELEMENT_LIMIT) throw new Problem('xml_limits', `The element at byte ${consumed} is longer than ${ELEMENT_LIMIT} bytes.`)
  }

  return {
    about: elements.about,
    push(chunk) {
      bytes.set(chunk, used)
      used += chunk.length
      // A quote ends every search for one; the second, what a cut right behind a `=` makes look like a value.
      bytes[used] = 0x22
      bytes[used + 1] = 0x3e
      bytes[used + 2] = 0x22
      compact(scan())
    },
    end() {
      if (!rootSeen) throw new Problem('not_recognised', 'The file has no HealthData element: this is no Apple Health export.')
      const whole = elements.isClosed()
      if (!whole) {
        tally.note('xml_truncated', place(0))
        if (used > 0 && elements.countsAsRecord(bytes, 0)) broken(0, 'xml_incomplete_record')
      }
      elements.finish()
      rows.flush()
      return whole
    },
  }
}

function isRecord(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === 0x52 && bytes[at + 2] === 0x65 && bytes[at + 3] === 0x63 && bytes[at + 6] === 0x64 && bytes[at + 7] === 0x20
}

/** Comments, CDATA and processing instructions between elements say nothing that an import keeps. */
function skipMarkup(bytes: Uint8Array, at: number, to: number): number {
  const [open, close] = bytes[at + 2] === 0x2d ? ['<!--', '-->'] : bytes[at + 2] === 0x5b ? ['<![CDATA[', ']]>'] : ['<?', '>']
  for (let end = at + open.length; end + close.length <= to; end++) {
    let k = 0
    while (k < close.length && bytes[end + k] === close.charCodeAt(k)) k++
    if (k === close.length) return end + close.length
  }
  return INCOMPLETE
}
