/** 16 hex digits that change when one of the parts does: two 32-bit FNV-1a hashes (Fowler, Noll, Vo). Not for secrets. */
export function fingerprint(parts: readonly string[]): string {
  const halves = Int32Array.of(0x811c9dc5, 0xcbf29ce4)
  for (const part of parts) {
    // A length before each part keeps ['ab', 'c'] and ['a', 'bc'] apart.
    take(halves, lengthText(part.length))
    take(halves, part)
  }
  return hex(halves[1] as number) + hex(halves[0] as number)
}

/** By its bytes: V8 makes the text of a number that is larger than 31 bits by division. */
function hex(half: number): string {
  return `${pairs[half >>> 24]}${pairs[(half >>> 16) & 255]}${pairs[(half >>> 8) & 255]}${pairs[half & 255]}`
}

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Each letter is met in two numbers of its own: kept in what it closes over, they would be written back for every one. */
function take(halves: Int32Array, text: string): void {
  let low = halves[0] as number
  let high = halves[1] as number
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ unit ^ (low >>> 24), 0x01000193)
  }
  halves[0] = low
  halves[1] = high
}

const lengths = Array.from({ length: 64 }, (_, length) => `${length}:`)

function lengthText(length: number): string {
  return lengths[length] ?? `${length}:`
}
