import type { HandedSession } from '../model/handed-session.ts'
import { canonicalJson } from '../model/in-order.ts'
import type { SampleTable } from '../model/sample-table.ts'

const encoder = new TextEncoder()

/** Hex SHA-256 of what a session says, however its JSON was written and in whatever order its samples came; the hour of its arrival is not in it. */
export function contentSha256(sha256: (bytes: Uint8Array) => string, session: HandedSession, table: SampleTable): string {
  const { heartRate: _, series: __, sleep, source, dataTypes, ...rest } = session
  const { stages: ___, ...quality } = sleep ?? { stages: [] }
  const { words, instants, numbers } = table
  const named = [words.metric, words.raw_unit, words.text, words.metadata]
  const text = canonicalJson([rest, quality, source, [...dataTypes].sort(), ...named.map((column) => column.words)])
  const columns: (Float64Array | Int32Array)[] = [
    instants.start,
    instants.end,
    numbers.value,
    numbers.raw_value,
    ...named.map(({ codes }) => codes),
  ]
  return sha256(
    joined([encoder.encode(text), ...columns.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength))]),
  )
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
