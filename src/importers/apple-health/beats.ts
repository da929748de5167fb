const LESS = 0x3c
const QUOTE = 0x22
const ZERO = 0x30

/**
 * The beats of `<HeartRateVariabilityMetadataList>`: `<InstantaneousBeatsPerMinute bpm="61" time="10:02:27.43 AM"/>`. The time is the exporter's
 * wall clock, in the form of his language: 12 or 24 hours, `.` or `,` before the hundredths, a no-break space or none before AM / PM.
 * It is placed on the record's own day, by the clock time nearest to the record's start.
 * @returns how many were read, and how many had a time in no known form
 */
export function readBeats(
  bytes: Uint8Array,
  from: number,
  to: number,
  recordStartMs: number,
  recordSecondOfDay: number,
  emit: (ms: number, bpm: number) => void,
): { read: number; unread: number } {
  let read = 0
  let unread = 0
  let at = from + 1
  for (;;) {
    while (at < to && bytes[at] !== LESS) at++
    if (at >= to) break
    if (bytes[at + 1] !== 0x49) {
      at++
      continue
    }
    const bpmAt = bytes[at + 29] === 0x62 && bytes[at + 33] === QUOTE ? at + 34 : attributeAt(bytes, at, to, 0x62)
    let quote = bpmAt
    while (quote >= 0 && bytes[quote] !== QUOTE) quote++
    const isNext = bpmAt >= 0 && bytes[quote + 2] === 0x74 && bytes[quote + 7] === QUOTE
    const timeAt = isNext ? quote + 8 : attributeAt(bytes, at, to, 0x74)
    const bpm = bpmAt < 0 ? Number.NaN : shortNumber(bytes, bpmAt)
    const seconds = timeAt < 0 ? Number.NaN : clockSeconds(bytes, timeAt, recordSecondOfDay)
    if (!Number.isNaN(bpm) && !Number.isNaN(seconds)) {
      emit(recordStartMs + Math.round(nearest(seconds - recordSecondOfDay) * 1000), bpm)
      read++
    } else unread++
    at++
  }
  return { read, unread }
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

/** Seconds since midnight; NaN when the text is no clock time. Without AM or PM a 12-hour reading is taken when it is nearer. */
function clockSeconds(bytes: Uint8Array, from: number, near: number): number {
  const parts = [0, 0, 0, 0]
  let part = 0
  let digits = 0
  let at = from
  let half = 0
  for (; bytes[at] !== QUOTE; at++) {
    const byte = bytes[at] as number
    if (isDigit(byte)) {
      if (part > 3 || ++digits > 6) return Number.NaN
      parts[part] = (parts[part] as number) * 10 + byte - ZERO
    } else if (byte === 0x3a || ((byte === 0x2e || byte === 0x2c) && part === 2)) {
      if (part < 2 && byte !== 0x3a) return Number.NaN
      part++
      digits = 0
    } else if (byte === 0x41 || byte === 0x61) half = 1
    else if (byte === 0x50 || byte === 0x70) half = 2
  }
  if (part < 2) return Number.NaN
  const [hour = 0, minute = 0, second = 0, fraction = 0] = parts
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN
  const base = minute * 60 + second + (part === 3 && digits > 0 ? fraction / 10 ** digits : 0)
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
