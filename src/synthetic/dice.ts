/** Chance that can be thrown again: every stream depends on its seed and its name only, never on what was drawn elsewhere. */
export interface Dice {
  /** In [0, 1). */
  next(): number
  /** Whole number, both ends included. */
  int(low: number, high: number): number
  chance(probability: number): boolean
  /** About normal, mean 0, deviation 1, never beyond ±4.24. */
  gauss(): number
}

/** A stream of its own for each seed and name. mulberry32 (Tommy Ettinger, public domain). */
export function dice(seed: number, name: string): Dice {
  let state = mix(seed >>> 0, hashText(name))
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let z = Math.imul(state ^ (state >>> 15), state | 1)
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61)
    return ((z ^ (z >>> 14)) >>> 0) / 4294967296
  }
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    // Six uniforms, so that no engine's logarithm or cosine has a say in the text.
    gauss: () => (next() + next() + next() + next() + next() + next() - 3) * Math.SQRT2,
  }
}

/** 32 bits from two numbers: small details (delays, addresses) that must not depend on the order of writing. */
export function mix(a: number, b: number): number {
  let h = (a ^ Math.imul(b, 0x9e3779b1)) >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** FNV-1a, 32 bits, over UTF-16 units. */
export function hashText(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}
