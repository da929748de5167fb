import { Problem } from '../model/problem.ts'

const NEWLINE = 0x0a
const CHUNK_CHARS = 256 * 1024

/** One JSON value a line (NDJSON), in chunks of about 256 kB. */
export async function* toLines(values: AsyncIterable<object> | Iterable<object>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  let text = ''
  for await (const value of values) {
    text += `${JSON.stringify(value)}\n`
    if (text.length < CHUNK_CHARS) continue
    yield encoder.encode(text)
    text = ''
  }
  if (text !== '') yield encoder.encode(text)
}

/** The values again. Throws `Problem('storage_corrupt')` at a line that is no JSON, or whose end is missing. */
export async function* fromLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  // A line may lie across many chunks: they are joined once, at its end.
  let begun: Uint8Array[] = []
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      yield parseLine(joined([...begun, chunk.subarray(from, end)]))
      begun = []
      from = end + 1
    }
    if (from < chunk.length) begun.push(chunk.subarray(from))
  }
  if (begun.length > 0) throw new Problem('storage_corrupt', 'The last line of a backup’s file is cut off')
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function parseLine(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes))
  } catch (cause) {
    throw new Problem('storage_corrupt', 'A line of a backup’s file cannot be read', { cause })
  }
}
