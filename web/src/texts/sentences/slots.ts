import type { Formats } from '../../format/format.ts'
import { sports } from './sports.ts'

/** How somebody reads, and in which units. */
export type Reading = Formats & { readonly units: 'metric' | 'imperial' }

/** What may stand at a place of a sentence: how the rules write it, and how it is read by whoever reads. */
export interface Slot {
  /** Source of a regular expression without groups. */
  readonly pattern: string
  /** Undefined where it is not of this kind after all. */
  readonly say: (said: string, reader: Formats) => string | undefined
}

const METERS = { km: 1000, mi: 1609.344 } as const
const WHOLE = '[\\d,]+'
const whole = (said: string) => Number(said.replaceAll(',', ''))
/** A whole number with its word after it. */
const counted = (word: string, unit: string): Slot => ({
  pattern: `${WHOLE} ${word}`,
  say: (said, reader) => reader.quantity(whole(said.slice(0, -word.length - 1)), unit),
})
const named = (names: Readonly<Record<string, string>>): Slot => ({ pattern: Object.keys(names).join('|'), say: (said) => names[said] })

/** By what is measured; the first that reads it all is right. */
const measured = {
  span: {
    pattern: '\\d+ h \\d+ min|\\d+ min',
    say: (said, reader) => {
      const [minutes = 0, hours = 0] = (said.match(/\d+/g) ?? []).map(Number).reverse()
      return reader.duration(60 * hours + minutes)
    },
  },
  clock: { pattern: '\\d\\d:\\d\\d', say: (said) => said },
  way: {
    pattern: '\\d+\\.\\d (?:km|mi)',
    say: (said, reader) => {
      const [value, unit] = said.split(' ')
      return reader.quantity(Number(value) * METERS[unit === 'mi' ? 'mi' : 'km'], 'm')
    },
  },
  bpm: counted('bpm', '/min'),
  ms: counted('ms', 'ms'),
  kcal: counted('kcal', 'kcal'),
  share: counted('%', '%'),
  n: { pattern: WHOLE, say: (said, reader) => reader.number(whole(said)) },
} as const satisfies Readonly<Record<string, Slot>>

const points: Slot = {
  pattern: `${WHOLE} points`,
  say: (said, reader) => {
    const value = whole(said.slice(0, -' points'.length))
    return `${reader.number(value)} ${value === 1 ? 'Prozentpunkt' : 'Prozentpunkte'}`
  },
}

const either = (kinds: readonly Slot[]): Slot => {
  const whole = kinds.map(({ pattern, say }) => ({ of: new RegExp(`^(?:${pattern})$`), say }))
  return {
    pattern: kinds.map(({ pattern }) => pattern).join('|'),
    say: (said, reader) => whole.find(({ of }) => of.test(said))?.say(said, reader),
  }
}
const value = either(Object.values(measured))

/** Places by their names in braces; of several of one kind the later ones have a number. */
export const slots: Readonly<Record<string, Slot>> = {
  ...measured,
  value,
  usual: value,
  gap: either([points, value]),
  x: { pattern: '\\d+\\.\\d\\d', say: (said, reader) => reader.number(Number(said), 2) },
  date: { pattern: '\\d{4}-\\d\\d-\\d\\d', say: (said, reader) => reader.fullDate(said) },
  kind: { pattern: 'SDNN|RMSSD', say: (said) => said },
  side: named({
    less: 'weniger',
    fewer: 'weniger',
    more: 'mehr',
    lower: 'niedriger',
    higher: 'höher',
    shorter: 'kürzer',
    longer: 'länger',
    earlier: 'früher',
    later: 'später',
  }),
  days: named({ days: 'Tagen', nights: 'Nächten' }),
  sport: { pattern: '[a-z ]+', say: (said) => sports[said] ?? `„${said}“` },
}

/** The same sentence with its distances in the units of whoever reads, where those have changed since it was written. */
export function inUnits(sentence: string, reader: Reading): string {
  const other = reader.units === 'metric' ? 'mi' : 'km'
  return sentence.replaceAll(new RegExp(`\\b\\d+\\.\\d ${other}\\b`, 'g'), (said) => measured.way.say(said, reader))
}
