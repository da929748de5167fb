/** 16 hex digits that change when one of the parts does: two 32-bit FNV-1a hashes (Fowler, Noll, Vo). Not for secrets. */
export function fingerprint(parts: readonly string[]): string {
  let low = 0x811c9dc5
  let high = 0xcbf29ce4
  const take = (text: string) => {
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      low = Math.imul(low ^ unit, 0x01000193)
      high = Math.imul(high ^ unit ^ (low >>> 24), 0x01000193)
    }
  }
  for (const part of parts) {
    // A length before each part keeps ['ab', 'c'] and ['a', 'bc'] apart.
    take(`${part.length}:`)
    take(part)
  }
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}
