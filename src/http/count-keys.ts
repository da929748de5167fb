import { Problem } from '../model/problem.ts'

export const jsonLimits = { depth: 32, keysOfObject: 1000, keysOfBody: 99_999 } as const

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a

/** How deep each byte leads: 1 for `[` and `{`, -1 for `]` and `}`. */
const steps = new Int8Array(256)
for (const [text, step] of [
  ['[{', 1],
  [']}', -1],
] as const)
  for (const character of text) steps[character.charCodeAt(0)] = step

/**
 * One pass over the bytes of a JSON text, building nothing: what is nested too deeply, or has too many keys, is refused before a parser
 * spends time and memory on it. Returns the number of keys, those that stand twice counted twice. Of bytes that are not JSON it says
 * what it says; the parser refuses them.
 */
export function countKeys(bytes: Uint8Array): number {
  const tally: Tally = { counts: new Int32Array(jsonLimits.depth + 1), keys: 0, depth: 0 }
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number
    if (byte === QUOTE) at = endOfText(bytes, at + 1)
    else if (byte === COLON) countKey(tally)
    else if (steps[byte] !== 0) move(tally, steps[byte] as number)
  }
  return tally.keys
}

interface Tally {
  /** Keys so far of what is open, by depth. */
  readonly counts: Int32Array
  keys: number
  depth: number
}

/** Where the quote is that ends the text which begins here. */
function endOfText(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at
}

function countKey(tally: Tally): void {
  const { depth, counts } = tally
  tally.keys += 1
  counts[depth] = (counts[depth] as number) + 1
  if ((counts[depth] as number) <= jsonLimits.keysOfObject && tally.keys <= jsonLimits.keysOfBody) return
  throw new Problem(
    'too_many_fields',
    `At most ${jsonLimits.keysOfObject} keys in an object and ${jsonLimits.keysOfBody} in a body are taken.`,
  )
}

function move(tally: Tally, step: number): void {
  tally.depth = Math.max(0, tally.depth + step)
  if (tally.depth > jsonLimits.depth) throw new Problem('too_deep', `At most ${jsonLimits.depth} levels are taken.`)
  if (step > 0) tally.counts[tally.depth] = 0
}
