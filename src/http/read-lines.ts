import { Problem } from '../model/problem.ts'

export interface Line {
  /** From 1. */
  readonly line: number
  /** In bytes from the beginning of the body. */
  readonly offset: number
  readonly bytes: Uint8Array
}

const NEWLINE = 0x0a

/**
 * The lines of a whole NDJSON body, blank ones left out. Throws `Problem`: `use_json` for an array, and `truncated_stream` where the body ends
 * in the middle of a line, so that nothing of it is kept.
 */
export function linesOf(bytes: Uint8Array): Line[] {
  const lines: Line[] = []
  let line = 0
  for (let offset = 0; offset < bytes.length; ) {
    const found = bytes.indexOf(NEWLINE, offset)
    const end = found < 0 ? bytes.length : found
    line++
    const content = trimmed(bytes.subarray(offset, end))
    if (content.length > 0) lines.push({ line, offset, bytes: content })
    offset = end + 1
  }
  const first = lines[0]
  if (first === undefined) throw new Problem('empty_body', 'The body has no lines.')
  if (first.bytes[0] === 0x5b) throw new Problem('use_json', 'NDJSON is one JSON object a line, not an array.')
  const last = lines.at(-1)
  if (last && bytes.at(-1) !== NEWLINE && isCutOff(last.bytes))
    throw new Problem('truncated_stream', 'The body ends in the middle of a line.')
  return lines
}

function trimmed(bytes: Uint8Array): Uint8Array {
  let end = bytes.length
  while (end > 0 && isSpace(bytes[end - 1])) end--
  let from = 0
  while (from < end && isSpace(bytes[from])) from++
  return bytes.subarray(from, end)
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d
}

/** The beginning of an object without its end; a tail of NULs, as a phone leaves that ran out of power, is a line that is none. */
function isCutOff(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x7b) return false
  try {
    JSON.parse(new TextDecoder().decode(bytes))
    return false
  } catch {
    return bytes.at(-1) !== 0
  }
}
