import { Problem } from '../model/problem.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/** What JSON says in UTF-8 bytes. Throws `Problem` for bytes that say nothing, or not one thing. */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw new Problem('empty_body', 'The body is empty.')
  const text = textOf(bytes)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Problem('malformed_json', cause instanceof Error ? placeIn(cause.message) : 'The body is not JSON.', { cause })
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new Problem('invalid_utf8', 'The body is not UTF-8.', { cause })
  }
}

/** V8 quotes the text around the place, which may hold a health value: only the place is said. */
function placeIn(message: string): string {
  const place = /position \d+(?: \(line \d+ column \d+\))?/.exec(message)?.[0]
  return place === undefined ? 'The body is not JSON.' : `The body is not JSON at ${place}.`
}
