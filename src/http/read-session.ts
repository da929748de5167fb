import type { HandedSamples } from '../model/handed-samples.ts'
import { type HandedSession, readHanded } from '../model/handed-session.ts'
import { parseJson } from './parse-json.ts'
import { scanSamples } from './scan-samples.ts'

/**
 * A session from its JSON. Lists of samples of the usual shape go from bytes to columns without a value in between; the rest of the body, and all
 * of it where anything is unusual, is parsed and held against the schema. Throws `Problem`.
 */
export function readSession(bytes: Uint8Array): HandedSession {
  const taken = takeSamples(bytes)
  if (taken === undefined) return readWhole(bytes)
  try {
    return readHanded(parseJson(taken.rest), taken.samples)
  } catch {
    // The whole says where in the body it is wrong.
    return readWhole(bytes)
  }
}

/** The definition of what `readSession` gives. */
export function readWhole(bytes: Uint8Array): HandedSession {
  return readHanded(parseJson(bytes))
}

interface Taken {
  readonly samples: ReadonlyMap<string, HandedSamples>
  /** The body with an empty list in the place of each. */
  readonly rest: Uint8Array
}

interface Cut {
  readonly pointer: string
  readonly from: number
  readonly to: number
  readonly samples: HandedSamples
}

/** Undefined where no list is of the usual shape, or one is not. */
function takeSamples(bytes: Uint8Array): Taken | undefined {
  const cuts: Cut[] = []
  const walk = newWalk(bytes)

  function take(pointer: string, start: 'timestamp' | 'startTime'): boolean {
    const from = walk.at()
    if (!walk.is('[')) return walk.skip()
    const scanned = scanSamples(bytes, from, start)
    if (scanned === undefined || cuts.some((cut) => cut.pointer === pointer)) return false
    walk.to(scanned.end)
    cuts.push({ pointer, from, to: scanned.end, samples: scanned.samples })
    return true
  }

  const isRead = walk.members((key) => {
    if (key === 'heartRate') return walk.members((inner) => (inner === 'samples' ? take('/heartRate/samples', 'timestamp') : walk.skip()))
    if (key !== 'series') return walk.skip()
    return walk.members((metric) =>
      walk.members((inner) => (inner === 'samples' ? take(`/series/${metric}/samples`, 'startTime') : walk.skip())),
    )
  })
  return isRead && cuts.length > 0
    ? { samples: new Map(cuts.map(({ pointer, samples }) => [pointer, samples])), rest: without(bytes, cuts) }
    : undefined
}

function without(bytes: Uint8Array, cuts: readonly Cut[]): Uint8Array {
  const pieces: Uint8Array[] = []
  let from = 0
  for (const cut of cuts) {
    pieces.push(bytes.subarray(from, cut.from), EMPTY)
    from = cut.to
  }
  return Buffer.concat([...pieces, bytes.subarray(from)])
}

const EMPTY = Uint8Array.of(0x5b, 0x5d)

/**
 * Steps over JSON without looking closely: what is not JSON is found when the rest is parsed, since up to each list it is the body itself.
 * Names with escapes, or beyond ASCII, end the walk.
 */
function newWalk(bytes: Uint8Array) {
  let at = 0

  function space(): void {
    while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++
  }

  function is(letter: string): boolean {
    return bytes[at] === letter.charCodeAt(0)
  }

  /** Calls `use` at each member's value, which it must step over. A value that is no object is stepped over. */
  function members(use: (key: string) => boolean): boolean {
    space()
    if (!is('{')) return skip()
    at++
    space()
    if (is('}')) {
      at++
      return true
    }
    for (;;) {
      space()
      const key = name()
      space()
      if (key === undefined || !is(':')) return false
      at++
      space()
      if (!use(key)) return false
      space()
      const isMore = is(',')
      if (!isMore && !is('}')) return false
      at++
      if (!isMore) return true
    }
  }

  function name(): string | undefined {
    const from = at + 1
    if (!is('"') || !text()) return undefined
    const said = bytes.subarray(from, at - 1)
    return said.length <= 64 && said.every((byte) => byte > 0x1f && byte < 0x7f && byte !== 0x5c) ? String.fromCharCode(...said) : undefined
  }

  function text(): boolean {
    for (at++; at < bytes.length; at++) {
      if (bytes[at] === 0x5c) at++
      else if (bytes[at] === 0x22) {
        at++
        return true
      }
    }
    return false
  }

  function skip(): boolean {
    let depth = 0
    while (at < bytes.length) {
      const byte = bytes[at]
      if (byte === 0x22) {
        if (!text()) return false
      } else if (byte === 0x7b || byte === 0x5b) {
        depth++
        at++
      } else if (byte === 0x7d || byte === 0x5d || byte === 0x2c) {
        if (depth === 0) return true
        if (byte !== 0x2c) depth--
        at++
      } else at++
      if (depth === 0 && (byte === 0x7d || byte === 0x5d || byte === 0x22)) return true
    }
    return false
  }

  return {
    members,
    skip,
    is,
    at: () => at,
    to: (end: number) => {
      at = end
    },
  }
}
