const LESS = 0x3c
const QUOTE = 0x22
const ZERO = 0x30
const COLON = 0x3a
const DOT = 0x2e
const COMMA = 0x2c

/** Beats read from one record: `count` of them, when and how fast. Used again by the next record. */
export interface Beats {
  readonly ms: Float64Array
  readonly bpm: Float64Array
  readonly count: number
  /** Beats whose time is in no known form. */
  readonly unread: number
}

/**
 * The beats of `<HeartRateVariabilityMetadataList>`: `<InstantaneousBeatsPerMinute bpm="61" time="10:02:27.43 AM"/>`. The time is the exporter's
 * wall clock, in the form of his language: 12 or 24 hours, `.` or `,` before the hundredths, a no-break space or none before AM / PM.
 * It is placed on the record's own day, by the clock time nearest to the record's start.
 */
export function readBeats(bytes: Uint8Array, from: number, to: number, recordStartMs: number, recordSecondOfDay: number): Beats {
  beats.count = 0
  beats.unread = 0
  let at = from + 1
  for (;;) {
    while (at < to && bytes[at] !== LESS) at++
    if (at >= to) return beats
    if (bytes[at + 1] === 0x49) at = readBeat(bytes, at, to, recordStartMs, recordSecondOfDay)
    else at++
  }
}

const beats = { ms: new Float64Array(256), bpm: new Float64Array(256), count: 0, unread: 0 }

/** Position after the last attribute of the beat at `from`, or near its beginning. */
function readBeat(bytes: Uint8Array, from: number, to: number, recordStartMs: number, recordSecondOfDay: number): number {
  const bpmAt = bytes[from + 29] === 0x62 && bytes[from + 33] === QUOTE ? from + 34 : attributeAt(bytes, from, to, 0x62)
  let quote = bpmAt
  while (quote >= 0 && bytes[quote] !== QUOTE) quote++
  const isNext = bpmAt >= 0 && bytes[quote + 2] === 0x74 && bytes[quote + 7] === QUOTE
  const timeAt = isNext ? quote + 8 : attributeAt(bytes, from, to, 0x74)
  const bpm = bpmAt < 0 ? Number.NaN : shortNumber(bytes, bpmAt)
  const seconds = timeAt < 0 ? Number.NaN : clockSeconds(bytes, timeAt, recordSecondOfDay)
  if (Number.isNaN(bpm) || Number.isNaN(seconds)) beats.unread++
  else addBeat(recordStartMs + Math.round(nearest(seconds - recordSecondOfDay) * 1000), bpm)
  return isNext ? timeAt : from + 1
}

function addBeat(ms: number, bpm: number): void {
  if (beats.count === beats.ms.length) {
    beats.ms = doubled(beats.ms)
    beats.bpm = doubled(beats.bpm)
  }
  beats.ms[beats.count] = ms
  beats.bpm[beats.count++] = bpm
}

function doubled(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(column.length * 2)
  wider.set(column)
  return wider
}

/** Where the value of the attribute with this first letter begins, within the tag at `from`. */
function attributeAt(bytes: Uint8Array, from: number, to: number, letter: number): number {
  for (let at = from; at < to && bytes[at] !== 0x3e; at++) {
    if (bytes[at] !== 0x3d || bytes[at + 1] !== QUOTE) continue
    let name = at
    while (bytes[name - 1] !== 0x20 && name > from) name--
    if (bytes[name] === letter) return at + 2
    at += 2
    while (at < to && bytes[at] !== QUOTE) at++
  }
  return -1
}

function shortNumber(bytes: Uint8Array, at: number): number {
  let value = 0
  let digits = 0
  while (isDigit(bytes[at] as number)) {
    value = value * 10 + (bytes[at++] as number) - ZERO
    digits++
  }
  if (bytes[at] === 0x2e) {
    let scale = 0.1
    for (at++; isDigit(bytes[at] as number); at++) {
      value += ((bytes[at] as number) - ZERO) * scale
      scale /= 10
    }
  }
  return digits > 0 && digits < 5 && bytes[at] === QUOTE ? value : Number.NaN
}

const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6]

/** Seconds since midnight; NaN when the text is no clock time. Without AM or PM a 12-hour reading is taken when it is nearer. */
function clockSeconds(bytes: Uint8Array, from: number, near: number): number {
  let hour = 0
  let minute = 0
  let second = 0
  let number = 0
  let part = 0
  let digits = 0
  let half = 0
  for (let at = from; bytes[at] !== QUOTE; at++) {
    const byte = bytes[at] as number
    if (isDigit(byte)) {
      if (part > 3 || ++digits > 6) return Number.NaN
      number = number * 10 + byte - ZERO
    } else if (byte === COLON || ((byte === DOT || byte === COMMA) && part === 2)) {
      if (part < 2 && byte !== COLON) return Number.NaN
      if (part === 0) hour = number
      else if (part === 1) minute = number
      else if (part === 2) second = number
      part++
      digits = 0
      number = 0
    } else if (byte === 0x41 || byte === 0x61) half = 1
    else if (byte === 0x50 || byte === 0x70) half = 2
  }
  if (part === 2) second = number
  if (part < 2 || hour > 23 || minute > 59 || second > 60) return Number.NaN
  const base = minute * 60 + second + (part === 3 && digits > 0 ? number / (POWERS[digits] as number) : 0)
  if (half > 0) return ((hour % 12) + (half === 2 ? 12 : 0)) * 3600 + base
  const plain = hour * 3600 + base
  const other = plain + 43_200
  return hour < 12 && Math.abs(nearest(other - near)) < Math.abs(nearest(plain - near)) ? other : plain
}

/** A difference of clock times as the shorter way round the clock, seconds. */
function nearest(difference: number): number {
  if (difference < -43_200) return difference + 86_400
  return difference > 43_200 ? difference - 86_400 : difference
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}
