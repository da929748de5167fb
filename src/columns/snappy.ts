/**
 * Snappy, the raw format (github.com/google/snappy, format_description.txt). Runs that stood within the last 64 KiB become references; what
 * repeats nowhere is passed over in ever longer steps.
 */

const HASH_BITS = 14
const FARTHEST = 0xffff
/** So near the end nothing is looked for, and a word may be read at every place before. */
const MARGIN = 15

/** Places by the hash of the four bytes there. Used again for each call: nothing here waits. */
const places = new Int32Array(1 << HASH_BITS)

/** The most that `count` bytes may come to. */
export function compressedMost(count: number): number {
  return 32 + count + Math.ceil(count / 6)
}

/** Writes `bytes`, compressed, at `into[start…]`, where `compressedMost` must have room; gives the place after the last. */
export function compress(bytes: Uint8Array, into: Uint8Array, start: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let out = writeLength(into, start, bytes.length)
  const limit = bytes.length - MARGIN
  places.fill(-1)
  let written = 0
  let misses = 32
  for (let at = 0; at < limit; ) {
    const word = view.getUint32(at, true)
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS)
    const found = places[slot] as number
    places[slot] = at
    if (found < 0 || at - found > FARTHEST || view.getUint32(found, true) !== word) {
      at += misses++ >>> 5
      continue
    }
    out = writeLiteral(bytes, written, at, into, out)
    const length = 4 + matching(bytes, view, at + 4, found + 4)
    out = writeCopies(into, out, at - found, length)
    at += length
    written = at
    misses = 32
    if (at < limit) places[Math.imul(view.getUint32(at - 1, true), 0x1e35a7bd) >>> (32 - HASH_BITS)] = at - 1
  }
  return writeLiteral(bytes, written, bytes.length, into, out)
}

/** How many bytes are alike from two places on. */
function matching(bytes: Uint8Array, view: DataView, at: number, before: number): number {
  const last = bytes.length - 4
  let ahead = at
  let behind = before
  while (ahead <= last) {
    const differing = view.getUint32(ahead, true) ^ view.getUint32(behind, true)
    if (differing !== 0) return ahead - at + ((31 - Math.clz32(differing & -differing)) >>> 3)
    ahead += 4
    behind += 4
  }
  while (ahead < bytes.length && bytes[ahead] === bytes[behind]) {
    ahead += 1
    behind += 1
  }
  return ahead - at
}

function writeLength(into: Uint8Array, start: number, length: number): number {
  let at = start
  let rest = length
  for (; rest > 127; rest >>>= 7) into[at++] = rest | 128
  into[at++] = rest
  return at
}

function writeLiteral(bytes: Uint8Array, from: number, to: number, into: Uint8Array, start: number): number {
  if (from === to) return start
  let at = writeLiteralLength(into, start, to - from - 1)
  if (to - from > MOST_BY_HAND) {
    into.set(bytes.subarray(from, to), at)
    return at + to - from
  }
  for (let k = from; k < to; k++) into[at++] = bytes[k] as number
  return at
}

/** A call of `set` costs as much as copying so many. */
const MOST_BY_HAND = 64

/** One less than the length: below 60 in the tag itself, else in one to four bytes after it. */
function writeLiteralLength(into: Uint8Array, start: number, rest: number): number {
  let at = start
  if (rest < 60) {
    into[at++] = rest << 2
    return at
  }
  const count = rest < 0x100 ? 1 : rest < 0x10000 ? 2 : rest < 0x1000000 ? 3 : 4
  into[at++] = (59 + count) << 2
  for (let n = 0; n < count; n++) into[at++] = rest >>> (8 * n)
  return at
}

function writeCopies(into: Uint8Array, start: number, offset: number, length: number): number {
  let at = start
  let rest = length
  // The last must be of four bytes or more.
  for (; rest >= 68; rest -= 64) at = writeCopy(into, at, offset, 64)
  if (rest > 64) {
    at = writeCopy(into, at, offset, 60)
    rest -= 60
  }
  if (rest < 12 && offset < 2048) {
    into[at++] = 1 | ((rest - 4) << 2) | ((offset >>> 8) << 5)
    into[at++] = offset
    return at
  }
  return writeCopy(into, at, offset, rest)
}

function writeCopy(into: Uint8Array, at: number, offset: number, length: number): number {
  into[at] = 2 | ((length - 1) << 2)
  into[at + 1] = offset
  into[at + 2] = offset >>> 8
  return at + 3
}
