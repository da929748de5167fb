import type { HandedSession } from '../model/handed-session.ts'
import { canonicalJson } from '../model/in-order.ts'
import { hasNumber, type SampleTable, type Words } from '../model/sample-table.ts'

const encoder = new TextEncoder()

/**
 * Hex SHA-256 of what a session says, however its JSON was written and in whatever order its samples came; the hour of its arrival is not in it.
 * Of columns it has what they say: not the ends where samples have none of their own, nor codes where each row has the same.
 */
export function contentSha256(sha256: (bytes: Uint8Array) => string, session: HandedSession, table: SampleTable): string {
  const { heartRate: _, series: __, sleep, source, dataTypes, ...rest } = session
  const { stages: ___, ...quality } = sleep ?? { stages: [] }
  const { words, instants, numbers } = table
  const named = [words.metric, words.raw_unit, words.text, words.metadata]
  const codes = named.map(onlyCode)
  const [hasEnds, hasRaw] = [!isAlike(instants.start, instants.end), hasNumber(numbers.raw_value)]
  const columns: (Float64Array | Int32Array)[] = [
    instants.start,
    ...(hasEnds ? [instants.end] : []),
    numbers.value,
    ...(hasRaw ? [numbers.raw_value] : []),
    ...named.flatMap((column, at) => (codes[at] === undefined ? [column.codes] : [])),
  ]
  const about = [table.rows, hasEnds, hasRaw, codes]
  const text = canonicalJson([rest, quality, source, [...dataTypes].sort(), ...named.map((column) => column.words), about])
  return sha256(
    joined([encoder.encode(text), ...columns.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength))]),
  )
}

/** The code that each row has; undefined where they differ. */
function onlyCode({ codes, words }: Words): number | undefined {
  const first = codes[0] ?? -1
  if (words.length === 0) return first
  for (let row = 1; row < codes.length; row++) if (codes[row] !== first) return undefined
  return first
}

function isAlike(one: Float64Array, other: Float64Array): boolean {
  if (one === other) return true
  for (let row = 0; row < one.length; row++) if (one[row] !== other[row]) return false
  return true
}

// Used again for each: nothing here waits.
let memory = new Uint8Array(1 << 16)

/** Good until the next. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  if (length > memory.length) memory = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    memory.set(part, at)
    at += part.length
  }
  return memory.subarray(0, length)
}
