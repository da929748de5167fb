/** A quantity that a text speaks of. */
export interface NumberInText {
  /** As it stands there. */
  readonly text: string
  /** In the dimension's base unit where there is one; NaN for a quantity that cannot be read (`½`, `twice`). Never negative. */
  readonly value: number
  /** What the last written digit is worth, in the same unit. */
  readonly step: number
  /** Absent for a bare number. */
  readonly dimension?: string
}

interface Dimension {
  readonly dimension: string
  readonly factor: number
}

/**
 * Every quantity of a text, in order: `6 h 12 min` is one, `14,079`, `3 %`, `23:10`, `7–9 h` (two), dates, English number
 * words (`two nights`). What cannot be read for sure (`half`, `double`, `½`, digits of other scripts) comes as NaN, so that a
 * check for evidence fails.
 */
export function numbersOf(text: string): NumberInText[] {
  const plain = text
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Zs}/gu, ' ')
    .replace(/\b(?:Sp|V)O2\b/gi, '')
  const found = [...plain.matchAll(quantity)].map((match) => ({ match, number: numberOf(match) }))
  return found.map(({ match, number }, at) => {
    const next = found[at + 1]
    if (number.dimension !== undefined || next?.number.dimension === undefined) return number
    const between = plain.slice(match.index + match[0].length, next.match.index)
    const factor = factors.get(next.match.groups?.unit?.toLowerCase() ?? '')
    // The first of a range has the unit of the second.
    if (factor === undefined || !/^\s*(?:[-–—]|to|and|or)\s*$/.test(between)) return number
    return { ...number, ...inUnit(number, factor) }
  })
}

/** What a unit measures and how many base units it is; undefined for one that texts and evidence do not share. */
export function dimensionOf(unit: string): Dimension | undefined {
  return factors.get(unit.toLowerCase())
}

const units: Record<string, readonly (readonly [factor: number, ...names: string[]])[]> = {
  time: [
    [1, 'min', 'mins', 'minute', 'minutes'],
    [60, 'h', 'hr', 'hrs', 'hour', 'hours'],
    [1 / 60, 's', 'sec', 'secs', 'second', 'seconds'],
  ],
  clock: [[1, '{clock}']],
  share: [
    [1, '%', 'percent', 'point', 'points'],
    [100, '1'],
  ],
  rate: [[1, '/min', 'bpm', 'beats', 'beat', '{beats}/min']],
  fine: [[1, 'ms', 'millisecond', 'milliseconds']],
  energy: [[1, 'kcal', 'calories', 'calorie', 'kilocalories']],
  length: [
    [1, 'm', 'metre', 'metres', 'meter', 'meters'],
    [1000, 'km', 'kilometre', 'kilometres', 'kilometer', 'kilometers'],
    [1609.344, 'mi', 'mile', 'miles'],
  ],
  steps: [[1, '{steps}', 'step', 'steps']],
  count: [
    [1, '{nights}', '{days}', '{times}', 'd', 'day', 'days', 'night', 'nights', 'time', 'times'],
    [7, 'week', 'weeks'],
  ],
}

const factors: ReadonlyMap<string, Dimension> = new Map(
  Object.entries(units).flatMap(([dimension, rows]) =>
    rows.flatMap(([factor, ...names]) => names.map((name) => [name, { dimension, factor }] as const)),
  ),
)

const small =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
const scales = { hundred: 100, thousand: 1000, million: 1e6 } as const
const words: ReadonlyMap<string, number> = new Map([
  ...small.map((word, at) => [word, at] as const),
  ...tens.map((word, at) => [word, 20 + 10 * at] as const),
  ...Object.entries(scales),
])

const unit = `(?:${[...factors.keys()]
  .filter((name) => /^[a-z%/]/.test(name))
  .sort((a, b) => b.length - a.length)
  .join('|')})(?![a-z])`
const word = `(?:${[...words.keys()].filter((name) => name !== 'one').join('|')})`
// “one” is mostly no number: alone it counts only before a unit.
const firstWord = String.raw`(?:${word}|one(?=[\s-]+(?:hundred|thousand|million|${unit})))\b`
const nextWord = String.raw`(?:[\s-]+|(?<=hundred|thousand)\s+and\s+)(?:${word}|one)\b`
const digits = String.raw`\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)?(?:e[+-]?\d+)?|\.\d+`
const quantity = new RegExp(
  [
    String.raw`(?<date>\d{4}-\d{2}-\d{2})`,
    String.raw`(?<clock>\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]\.?m\b)?|\d{1,2}\s*[ap]\.?m\b)`,
    String.raw`(?<hours>\d+)\s*h(?:rs?|ours?)?(?:(?:,?\s*(?:and\s+)?)(?=\d{1,2}\s*m(?:in|\b))|(?=\d{2}(?!\d)))(?<minutes>\d{1,2})(?:\s*m(?:in(?:ute)?s?)?\b)?`,
    String.raw`(?:(?<digits>${digits})|(?<word>\b${firstWord}(?:${nextWord})*))(?:[\s-]*(?<unit>${unit}))?`,
    String.raw`(?<vague>\p{N}|\b(?:half|halved|twice|thrice|doubled?|tripled?|dozens?|quarters?|a third|thirds|hundreds|thousands|millions)\b)`,
  ].join('|'),
  'giu',
)

function numberOf({ 0: text, groups = {} }: RegExpMatchArray): NumberInText {
  const { date, clock, hours, minutes } = groups
  if (date !== undefined) return { text, value: Number.NaN, step: 1, dimension: 'date' }
  if (clock !== undefined) return { text, value: minuteOfDay(clock), step: 1, dimension: 'clock' }
  if (hours !== undefined) return { text, value: Number(hours) * 60 + Number(minutes), step: 1, dimension: 'time' }
  const bare = groups.digits === undefined ? { value: valueOfWords(groups.word), step: 1 } : valueOfDigits(groups.digits)
  const factor = factors.get(groups.unit?.toLowerCase() ?? '')
  return { text, ...(factor === undefined ? bare : inUnit(bare, factor)) }
}

function inUnit({ value, step }: Pick<NumberInText, 'step' | 'value'>, { dimension, factor }: Dimension): Omit<NumberInText, 'text'> {
  return { value: value * factor, step: step * factor, dimension }
}

/** A comma or a space before three digits groups them; before any other number of digits a comma is a decimal sign. */
function valueOfDigits(digits: string): Pick<NumberInText, 'step' | 'value'> {
  const plain = digits.replace(/[, ](?=\d{3}(?!\d))/g, '').replace(',', '.')
  const decimals = /\.(\d+)$/.exec(plain)?.[1]?.length ?? 0
  return { value: Number(plain), step: 10 ** -decimals }
}

function valueOfWords(text: string | undefined): number {
  if (text === undefined) return Number.NaN
  let total = 0
  let current = 0
  for (const word of text.toLowerCase().split(/[\s-]+/)) {
    const value = words.get(word) ?? 0
    if (value < 100) current += value
    else if (value === 100) current = Math.max(current, 1) * 100
    else {
      total += Math.max(current, 1) * value
      current = 0
    }
  }
  return total + current
}

function minuteOfDay(clock: string): number {
  const [hour = '', minute = '0'] = clock.split(':')
  const half = /([ap])\.?m/i.exec(clock)?.[1]?.toLowerCase()
  const hours = half === undefined ? Number.parseInt(hour, 10) : (Number.parseInt(hour, 10) % 12) + (half === 'p' ? 12 : 0)
  return hours * 60 + Number.parseInt(minute, 10)
}
