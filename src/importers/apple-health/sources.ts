import type { Source, SourceKind } from '../../model/source.ts'
import type { Vocabulary } from './vocabulary.ts'

/** The sources of a file, and which of them each origin is: several origins (versions, devices) may be one source. */
export function sourcesOf({ origins }: Pick<Vocabulary, 'origins'>): {
  readonly sources: readonly Source[]
  readonly ofOrigin: Int32Array
} {
  const sources: Source[] = []
  const numbers = new Map<string, number>()
  const ofOrigin = Int32Array.from(origins, ({ sourceName, device }) => {
    const kind = sourceKind(sourceName, device)
    const id = sourceId(sourceName, kind)
    const number = numbers.get(id) ?? sources.push({ id, name: sourceName.slice(0, 500) || 'unknown', kind }) - 1
    numbers.set(id, number)
    return number
  })
  return { sources, ofOrigin }
}

const deviceWords: readonly (readonly [RegExp, SourceKind])[] = [
  [/name:Apple Watch|model:Watch|hardware:Watch/i, 'watch'],
  [/name:iP(?:hone|ad|od)|model:iP(?:hone|ad|od)/i, 'phone'],
]
const nameWords: readonly (readonly [RegExp, SourceKind])[] = [
  [/\bwatch\b/i, 'watch'],
  [/\b(?:iphone|ipad|phone)\b/i, 'phone'],
  [/\b(?:oura|ringconn|ring)\b/i, 'ring'],
  [/\b(?:whoop|strap|polar h\d+)\b/i, 'strap'],
  [/\b(?:scale|body\+|body scan|renpho|eufy)(?:\b|$|\s)/i, 'scale'],
]

/** The device decides; without one, the name that people and makers give. An app is what is left. */
export function sourceKind(name: string, device: string | null): SourceKind {
  const words = device === null ? nameWords : deviceWords
  const found = words.find(([pattern]) => pattern.test(device ?? name)) ?? nameWords.find(([pattern]) => pattern.test(name))
  return found?.[1] ?? 'app'
}

/** Two 32-bit hashes in the manner of FNV-1a, each with a multiplier of its own: short, stable, and the same on every machine. */
export function sourceId(name: string, kind: SourceKind): string {
  let high = 0x811c9dc5
  let low = 0x01000193
  for (const letter of `${kind} ${name}`) {
    const point = letter.codePointAt(0) ?? 0
    high = Math.imul(high ^ point, 0x01000193)
    low = Math.imul(low ^ (point + 0x9e37), 0x85ebca6b)
  }
  const hex = (half: number) => (half >>> 0).toString(16).padStart(8, '0')
  return `${kind}_${hex(high)}${hex(low)}`
}
