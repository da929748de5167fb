import type { ByteReader } from './byte-reader.ts'

interface KnownWord {
  readonly bytes: Uint8Array
  readonly text: string
}

const LONGEST = 64
/** A power of two. */
const MOST = 1024
const known: (KnownWord | undefined)[] = new Array(MOST).fill(undefined)

/** The next word of a dictionary. Sessions hold the same few words over and over: making a text of bytes takes ten times as long as finding it. */
export function readWord(file: ByteReader): string {
  const length = file.uint32()
  const from = file.at
  if (length > LONGEST || from + length > file.bytes.length) return file.text(length)
  const { bytes } = file
  let hash = length
  for (let at = from; at < from + length; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
  const place = (hash ^ (hash >>> 15)) & (MOST - 1)
  const word = known[place]
  if (word !== undefined && stands(bytes, from, length, word.bytes)) {
    file.at = from + length
    return word.text
  }
  const text = file.text(length)
  known[place] = { bytes: bytes.slice(from, from + length), text }
  return text
}

function stands(bytes: Uint8Array, from: number, length: number, expected: Uint8Array): boolean {
  if (expected.length !== length) return false
  for (let k = 0; k < length; k++) if (bytes[from + k] !== expected[k]) return false
  return true
}
