import { extrasText, type HandedSamples, MOST_SAMPLES } from '../model/handed-samples.ts'
import { noWords } from '../model/sample-table.ts'

/** A list of samples, and where in the bytes it ends. */
export interface Scanned {
  readonly samples: HandedSamples
  readonly end: number
}

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const DOT = 0x2e
const COLON = 0x3a
const ZERO = 0x30
const NINE = 0x39
const BACKSLASH = 0x5c

/** Why a scan ended: what stands there is not of the usual shape, and whoever reads any JSON reads it. */
const UNUSUAL = -1

/**
 * Samples from the `[` at `from`, in one pass from bytes to columns: `timestamp` or `startTime`, `endTime`, `value`, `confidence` and `context`,
 * each at most once, texts of plain ASCII, numbers of at most 15 digits, times of RFC 3339 with at most six digits of a second. Undefined for
 * anything else, also for what is wrong: then the schema says what.
 */
export function scanSamples(bytes: Uint8Array, from: number, start: 'timestamp' | 'startTime'): Scanned | undefined {
  const scan = newScan(bytes, start === 'timestamp')
  const end = scan.list(from)
  return end === UNUSUAL ? undefined : { samples: scan.samples(), end }
}

/** Where it stands, and the codes of metadata with it by confidence: its digits · 16 + those after the point, -1 without one. */
interface Text {
  readonly from: number
  readonly length: number
  readonly text: string
  readonly codes: Map<number, number>
}

/** Contexts are few words. */
const MOST_TEXTS = 16
// Places of `read`: numbers in variables that closures share would be boxed.
const NUMBER = 0
const INSTANT_MS = 1
const HOUR_MS = 2

/** What samples say besides, each word once. */
function newMetadata() {
  const words: string[] = []
  const codeOfWord = new Map<string, number>()
  const noText: Text = { from: 0, length: 0, text: '', codes: new Map() }

  /** `key` tells a confidence by its digits, -1 where it does not. */
  function codeOf(confidence: number, key: number, text: Text | undefined): number {
    const { codes } = text ?? noText
    const hasKey = key >= 0 || Number.isNaN(confidence)
    const known = hasKey ? codes.get(key) : undefined
    if (known !== undefined) return known
    // One number is written in several ways: the word tells whether it is new.
    const word = extrasText(undefined, Number.isNaN(confidence) ? undefined : confidence, text?.text) as string
    let code = codeOfWord.get(word)
    if (code === undefined) {
      code = words.push(word) - 1
      codeOfWord.set(word, code)
    }
    if (hasKey) codes.set(key, code)
    return code
  }

  return { words, codeOf }
}

/** Offsets as times have them, each met once. */
function newZones() {
  const words: string[] = []
  const offsetsMs: number[] = []

  function codeOf(said: string): number {
    const known = words.indexOf(said)
    if (known >= 0) return known
    const minutes = said === 'Z' ? 0 : (said.startsWith('-') ? -1 : 1) * (Number(said.slice(1, 3)) * 60 + Number(said.slice(4)))
    offsetsMs.push(minutes * 60_000)
    return words.push(said) - 1
  }

  return { words, codeOf, said: (code: number) => words[code] as string, offsetMs: (code: number) => offsetsMs[code] as number }
}

// Codes of metadata that were met last, by confidence and context: of one scan at a time, since none waits.
const slotKeys = new Int32Array(256)
const slotTexts = new Int32Array(256)
const slotCodes = new Int32Array(256)

// Columns of one scan likewise; what was found is copied out of them, since to ask for more memory than that takes as long as to read.
const room = MOST_SAMPLES + 1
const startMs = new Float64Array(room)
const endMs = new Float64Array(room)
const value = new Float64Array(room)
const metadataCodes = new Int32Array(room)
const offsetCodes = new Int32Array(room)

function newScan(bytes: Uint8Array, isHeartRate: boolean) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const metadata = newMetadata()
  const offsets = newZones()
  const zones = newZones()
  let count = 0
  let at = 0
  // What the last call read.
  const read = new Float64Array(3)
  let zoneCode = -1
  let numberKey = -1
  const texts: Text[] = []
  const open = isHeartRate ? OPEN_TIMESTAMP : OPEN_START
  let zuluCode = -1
  slotKeys.fill(-2)
  // The date and hour that were read last, and where they begin.
  let lastHour = -1

  function space(): void {
    let byte = bytes[at]
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++at]
  }

  function list(from: number): number {
    at = from + 1
    space()
    if (bytes[at] === 0x5d) return at + 1
    for (;;) {
      if (count === room || !(plain() || sample())) return UNUSUAL
      count++
      space()
      const byte = bytes[at++]
      if (byte === 0x5d) return at
      if (byte !== COMMA) return UNUSUAL
      space()
    }
  }

  /**
   * The commonest form, without a space and in the order of the specification, in the hour of the sample before: one function over local
   * variables. False, with nothing read, for any other.
   */
  function plain(): boolean {
    let p = at
    if (lastHour < 0 || p + 44 > bytes.length) return false
    if (eightAt(view, p) !== open.first || eightAt(view, p + 6) !== open.last) return false
    p += 14
    if (eightAt(view, p) !== eightAt(view, lastHour) || eightAt(view, p + 5) !== eightAt(view, lastHour + 5)) return false
    const m10 = (bytes[p + 14] as number) - ZERO
    const m1 = (bytes[p + 15] as number) - ZERO
    const s10 = (bytes[p + 17] as number) - ZERO
    const s1 = (bytes[p + 18] as number) - ZERO
    if (bytes[p + 13] !== COLON || bytes[p + 16] !== COLON) return false
    if (m10 < 0 || m10 > 5 || m1 < 0 || m1 > 9 || s10 < 0 || s10 > 5 || s1 < 0 || s1 > 9) return false
    if (eightAt(view, p + 19) !== Z_AND_VALUE.first || eightAt(view, p + 22) !== Z_AND_VALUE.last) return false
    const seconds = (m10 * 10 + m1) * 60 + s10 * 10 + s1
    p += 30
    const from = p
    let whole = 0
    let byte = bytes[p] as number
    while (byte >= ZERO && byte <= NINE) {
      whole = whole * 10 + byte - ZERO
      byte = bytes[++p] as number
    }
    const digits = p - from
    if (digits === 0 || digits > 9 || (digits > 1 && bytes[from] === ZERO)) return false
    let confidence = Number.NaN
    let key = -1
    let context = -1
    if (byte === COMMA && isHeartRate && p + 30 < bytes.length && eightAt(view, p) === AND_CONFIDENCE.first) {
      // And two digits at most.
      if (eightAt(view, p + 8) !== AND_CONFIDENCE.last) return false
      const d1 = (bytes[p + 16] as number) - ZERO
      const d2 = (bytes[p + 17] as number) - ZERO
      if (d1 < 0 || d1 > 9) return false
      const has2 = d2 >= 0 && d2 <= 9
      confidence = has2 ? (d1 * 10 + d2) / 100 : d1 / 10
      key = has2 ? (d1 * 10 + d2) * 16 + 2 : d1 * 16 + 1
      p += has2 ? 18 : 17
      byte = bytes[p] as number
    }
    if (byte === COMMA && isHeartRate && p + 13 < bytes.length && eightAt(view, p) === AND_CONTEXT.first) {
      if (eightAt(view, p + 4) !== AND_CONTEXT.last) return false
      p += 12
      for (let code = 0; code < texts.length && context < 0; code++) {
        const { from: other, length } = texts[code] as Text
        let k = 0
        while (k < length && bytes[p + k] === bytes[other + k]) k++
        if (k === length && bytes[p + k] === QUOTE) context = code
      }
      if (context < 0) return false
      p += (texts[context] as Text).length + 1
      byte = bytes[p] as number
    }
    if (byte !== 0x7d) return false
    at = p + 1
    const ms = (read[HOUR_MS] as number) + seconds * 1000
    startMs[count] = ms
    endMs[count] = ms
    value[count] = whole
    if (zuluCode < 0) zuluCode = offsets.codeOf('Z')
    offsetCodes[count] = zuluCode
    if (key >= 0 || context >= 0) {
      const slot = (key + 1 + 97 * (context + 1)) & 255
      if (slotKeys[slot] !== key || slotTexts[slot] !== context) {
        slotKeys[slot] = key
        slotTexts[slot] = context
        slotCodes[slot] = metadata.codeOf(confidence, key, context < 0 ? undefined : texts[context])
      }
      metadataCodes[count] = slotCodes[slot] as number
    } else metadataCodes[count] = -1
    return true
  }

  function sample(): boolean {
    if (bytes[at++] !== 0x7b) return false
    let seen = 0
    let confidence = Number.NaN
    let confidenceKey = -1
    let context = -1
    for (;;) {
      if ((bytes[at] as number) <= 0x20) space()
      const field = key()
      if (field === 0 || (seen & field) !== 0) return false
      seen |= field
      if ((bytes[at] as number) <= 0x20) space()
      if (bytes[at++] !== COLON) return false
      if ((bytes[at] as number) <= 0x20) space()
      if (field === START) {
        if (!instant()) return false
        startMs[count] = read[INSTANT_MS] as number
        offsetCodes[count] = offsets.codeOf(zones.said(zoneCode))
      } else if (field === END) {
        if (!instant()) return false
        endMs[count] = read[INSTANT_MS] as number
      } else if (field === CONTEXT) {
        context = string()
        if (context === UNUSUAL) return false
      } else {
        if (!decimal()) return false
        const number = read[NUMBER] as number
        if (field === VALUE) value[count] = number
        else if (number < 0 || number > 1) return false
        else {
          confidence = number
          confidenceKey = numberKey
        }
      }
      if ((bytes[at] as number) <= 0x20) space()
      const byte = bytes[at++]
      if (byte === 0x7d) break
      if (byte !== COMMA) return false
    }
    if ((seen & NEEDED) !== NEEDED) return false
    if ((seen & END) === 0) endMs[count] = startMs[count] as number
    else if ((endMs[count] as number) < (startMs[count] as number)) return false
    const isBare = (seen & (CONFIDENCE | CONTEXT)) === 0
    metadataCodes[count] = isBare ? -1 : metadata.codeOf(confidence, confidenceKey, context < 0 ? undefined : texts[context])
    return true
  }

  /** The field that a name stands for, 0 for any other. */
  function key(): number {
    if (bytes[at] !== QUOTE) return 0
    const first = bytes[at + 1]
    if (first === 0x76) return named(VALUE_NAME, VALUE)
    if (first === 0x74) return isHeartRate ? named(TIMESTAMP_NAME, START) : 0
    if (first === 0x73) return isHeartRate ? 0 : named(START_NAME, START)
    if (first === 0x65) return isHeartRate ? 0 : named(END_NAME, END)
    if (first !== 0x63) return 0
    return bytes[at + 4] === 0x66 ? named(CONFIDENCE_NAME, CONFIDENCE) : isHeartRate ? named(CONTEXT_NAME, CONTEXT) : 0
  }

  function named({ length, words }: Name, field: number): number {
    if (at + length > bytes.length) return 0
    const last = length - 4
    for (let k = 0; k < last; k += 4) if (view.getInt32(at + k) !== words[k >> 2]) return 0
    if (view.getInt32(at + last) !== words[words.length - 1]) return 0
    at += length
    return field
  }

  function decimal(): boolean {
    const isNegative = bytes[at] === MINUS
    if (isNegative) at++
    const from = at
    let whole = 0
    let byte = bytes[at] as number
    while (byte >= ZERO && byte <= NINE) {
      whole = whole * 10 + byte - ZERO
      byte = bytes[++at] as number
    }
    let digits = at - from
    if (digits === 0 || (digits > 1 && bytes[from] === ZERO)) return false
    let fraction = 0
    if (byte === DOT) {
      byte = bytes[++at] as number
      while (byte >= ZERO && byte <= NINE) {
        whole = whole * 10 + byte - ZERO
        fraction++
        byte = bytes[++at] as number
      }
      if (fraction === 0) return false
      digits += fraction
    }
    // Both are exact below 2^53 and 10^23, so that their quotient is the nearest number, as JSON.parse gives it.
    if (digits > 15 || byte === 0x65 || byte === 0x45) return false
    const size = fraction === 0 ? whole : whole / (TENS[fraction] as number)
    read[NUMBER] = isNegative && size !== 0 ? -size : size
    numberKey = whole < 1 << 24 ? whole * 16 + fraction : -1
    return true
  }

  /** A text of plain ASCII, of at most 200 characters, without escapes: its number among those that were met. */
  function string(): number {
    if (bytes[at] !== QUOTE) return UNUSUAL
    const from = at + 1
    for (let code = 0; code < texts.length; code++) {
      const known = texts[code] as Text
      if (bytes[from + known.length] !== QUOTE || !isAlike(from, known)) continue
      at = from + known.length + 1
      return code
    }
    let to = from
    for (;;) {
      const byte = bytes[to]
      if (byte === QUOTE) break
      if (byte === undefined || byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return UNUSUAL
      to++
    }
    at = to + 1
    if (to - from > 200 || texts.length === MOST_TEXTS) return UNUSUAL
    return texts.push({ from, length: to - from, text: String.fromCharCode(...bytes.subarray(from, to)), codes: new Map() }) - 1
  }

  function isAlike(from: number, { from: other, length }: Text): boolean {
    for (let k = 0; k < length; k++) if (bytes[from + k] !== bytes[other + k]) return false
    return true
  }

  function two(from: number): number {
    const tens = (bytes[from] as number) - ZERO
    const ones = (bytes[from + 1] as number) - ZERO
    return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
  }

  /** `"2024-01-20T14:30:00.123456+02:00"`, of the years 1970 to 9999; not the last hour of a day as 24, and no leap second. */
  function instant(): boolean {
    const from = at + 1
    if (bytes[at] !== QUOTE || bytes[from + 4] !== MINUS || bytes[from + 7] !== MINUS || bytes[from + 10] !== 0x54) return false
    if (bytes[from + 13] !== COLON || bytes[from + 16] !== COLON) return false
    if (lastHour < 0 || !isLastHour(from)) {
      if (!hour(from)) return false
      lastHour = from
    }
    const minute = two(from + 14)
    const second = two(from + 17)
    if (!(minute <= 59 && second <= 59)) return false
    at = from + 19
    const micros = bytes[at] === DOT ? fractionMicros() : 0
    if (micros < 0 || !zone() || bytes[at++] !== QUOTE) return false
    const ms = (read[HOUR_MS] as number) + minute * 60_000 + second * 1000 + Math.floor(micros / 1000) - zones.offsetMs(zoneCode)
    // Microseconds come last: an offset taken from a fraction would round it once more than the schema does.
    read[INSTANT_MS] = micros % 1000 === 0 ? ms : (ms * 1000 + (micros % 1000)) / 1000
    return ms >= 0 && ms < 253_402_300_800_000
  }

  function isLastHour(from: number): boolean {
    return (
      from + 13 <= bytes.length &&
      view.getInt32(from + 9) === view.getInt32(lastHour + 9) &&
      view.getInt32(from + 5) === view.getInt32(lastHour + 5) &&
      view.getInt32(from + 1) === view.getInt32(lastHour + 1) &&
      bytes[from] === bytes[lastHour]
    )
  }

  function hour(from: number): boolean {
    const year = two(from) * 100 + two(from + 2)
    const month = two(from + 5)
    const day = two(from + 8)
    const hours = two(from + 11)
    if (!(year >= 1970 && month >= 1 && month <= 12 && hours <= 23)) return false
    const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
    if (!(day >= 1 && day <= (month === 2 && isLeap ? 29 : (DAYS[month] as number)))) return false
    read[HOUR_MS] = Date.UTC(year, month - 1, day, hours)
    return true
  }

  function fractionMicros(): number {
    let micros = 0
    let digits = 0
    let byte = bytes[++at] as number
    while (byte >= ZERO && byte <= NINE) {
      micros = micros * 10 + byte - ZERO
      digits++
      byte = bytes[++at] as number
    }
    return digits === 0 || digits > 6 ? -1 : micros * (TENS[6 - digits] as number)
  }

  function zone(): boolean {
    const byte = bytes[at]
    if (byte === 0x5a) {
      at++
      zoneCode = zones.codeOf('Z')
      return true
    }
    if ((byte !== 0x2b && byte !== MINUS) || bytes[at + 3] !== COLON) return false
    const hours = two(at + 1)
    const minutes = two(at + 4)
    if (!(hours <= 23 && minutes <= 59)) return false
    zoneCode = zones.codeOf(String.fromCharCode(...bytes.subarray(at, at + 6)))
    at += 6
    return true
  }

  function samples(): HandedSamples {
    return taken(count, isHeartRate, { metadata: metadata.words, offset: offsets.words })
  }

  return { list, samples }
}

interface Found {
  readonly metadata: readonly string[]
  readonly offset: readonly string[]
}

/** Of heart rates an end is where its start is. */
function taken(count: number, isHeartRate: boolean, { metadata, offset }: Found): HandedSamples {
  const memory = new ArrayBuffer(count * 32)
  const numbers = (place: number, from: Float64Array) => {
    const column = new Float64Array(memory, count * place, count)
    column.set(from.subarray(0, count))
    return column
  }
  const codes = (place: number, from: Int32Array) => {
    const column = new Int32Array(memory, count * place, count)
    column.set(from.subarray(0, count))
    return column
  }
  const starts = numbers(0, startMs)
  return {
    count,
    startMs: starts,
    endMs: isHeartRate ? starts : numbers(8, endMs),
    value: numbers(16, value),
    metadata: metadata.length === 0 ? noWords(count) : { codes: codes(24, metadataCodes), words: metadata },
    offset: { codes: codes(28, offsetCodes), words: offset },
    flags: noWords(count),
    unknown: 0,
  }
}

const START = 1
const END = 2
const VALUE = 4
const CONFIDENCE = 8
const CONTEXT = 16
const NEEDED = START | VALUE

/** A name in its quotes, four bytes at a time, the last four by themselves. */
interface Name {
  readonly length: number
  readonly words: readonly number[]
}

function quoted(name: string): Name {
  const bytes = Uint8Array.from(JSON.stringify(name), (letter) => letter.charCodeAt(0))
  const view = new DataView(bytes.buffer)
  const words: number[] = []
  for (let k = 0; k < bytes.length - 4; k += 4) words.push(view.getInt32(k))
  return { length: bytes.length, words: [...words, view.getInt32(bytes.length - 4)] }
}

/** Eight bytes as a number that only the same eight are equal to: no text of ASCII is NaN or a zero. */
function eightAt(view: DataView, at: number): number {
  return view.getFloat64(at, true)
}

/** The first eight bytes of a text and its last. */
function endsOf(text: string): { readonly first: number; readonly last: number } {
  const view = new DataView(Uint8Array.from(text, (letter) => letter.charCodeAt(0)).buffer)
  return { first: eightAt(view, 0), last: eightAt(view, text.length - 8) }
}

const OPEN_TIMESTAMP = endsOf('{"timestamp":"')
const OPEN_START = endsOf('{"startTime":"')
const Z_AND_VALUE = endsOf('Z","value":')
const AND_CONFIDENCE = endsOf(',"confidence":0.')
const AND_CONTEXT = endsOf(',"context":"')
const VALUE_NAME = quoted('value')
const TIMESTAMP_NAME = quoted('timestamp')
const START_NAME = quoted('startTime')
const END_NAME = quoted('endTime')
const CONFIDENCE_NAME = quoted('confidence')
const CONTEXT_NAME = quoted('context')

const TENS = Array.from({ length: 16 }, (_, power) => 10 ** power)
const DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
