/** 16 hex digits that change when one of the parts does: two 32-bit FNV-1a hashes (Fowler, Noll, Vo). Not for secrets. */
export function fingerprint(parts: readonly string[]): string {
  const halves = Int32Array.of(0x811c9dc5, 0xcbf29ce4)
  for (const part of parts) {
    // A length before each part keeps ['ab', 'c'] and ['a', 'bc'] apart.
    take(halves, lengthText(part.length))
    take(halves, part)
  }
  const [low = 0, high = 0] = halves
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}

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
