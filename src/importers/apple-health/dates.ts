/**
 * Reads `2019-01-01 00:03:20 -0800` (25 bytes), the only form Apple writes, without making a string.
 * Results stand in fields because the hot path must not allocate.
 */
export interface DateReader {
  /** False when the bytes at `at` are not such a date; then nothing else has changed. */
  read(bytes: Uint8Array, view: DataView, at: number): boolean
  /** Epoch ms of the last date read, at 0: a field would be a double in a box of its own. */
  readonly ms: Float64Array
  /** Its offset in minutes east of UTC. */
  offsetMinutes: number
  /** Its local seconds since midnight. */
  secondOfDay: number
}

export const DATE_BYTES = 25
const ZERO = 0x30

export function dateReader(): DateReader {
  // The last day and offset as bytes, −1 where none holds: whole numbers throughout, since a NaN among them would make each a boxed double.
  let word0 = 0
  let word1 = 0
  let word2 = -1
  let offset0 = 0
  let offset1 = -1
  let offsetMinutes = 0
  const midnight = new Float64Array(1)
  const ms = new Float64Array(1)

  function readDay(bytes: Uint8Array, at: number): boolean {
    const year = four(bytes, at)
    const month = two(bytes, at + 5)
    const day = two(bytes, at + 8)
    if (!(year >= 1900 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return false
    if (bytes[at + 4] !== 0x2d || bytes[at + 7] !== 0x2d) return false
    midnight[0] = epochDays(year, month, day) * 86_400_000
    return true
  }

  function readOffset(bytes: Uint8Array, at: number): boolean {
    const sign = bytes[at] === 0x2b ? 1 : bytes[at] === 0x2d ? -1 : 0
    const hours = two(bytes, at + 1)
    const minutes = two(bytes, at + 3)
    if (sign === 0 || !(hours <= 18 && minutes <= 59)) return false
    offsetMinutes = sign * (hours * 60 + minutes)
    return true
  }

  const reader: DateReader = {
    ms,
    offsetMinutes: 0,
    secondOfDay: 0,
    read(bytes, view, at) {
      const a = view.getInt32(at, true)
      const b = view.getInt32(at + 4, true)
      const c = view.getUint16(at + 8, true)
      if (a !== word0 || b !== word1 || c !== word2) {
        if (!readDay(bytes, at)) {
          word2 = -1
          return false
        }
        word0 = a
        word1 = b
        word2 = c
      }
      const o0 = view.getInt32(at + 20, true)
      const o1 = bytes[at + 24] as number
      if (o0 !== offset0 || o1 !== offset1) {
        if (!readOffset(bytes, at + 20)) {
          offset1 = -1
          return false
        }
        offset0 = o0
        offset1 = o1
      }
      if (bytes[at + 10] !== 0x20 || bytes[at + 13] !== 0x3a || bytes[at + 16] !== 0x3a || bytes[at + 19] !== 0x20) return false
      const hour = two(bytes, at + 11)
      const minute = two(bytes, at + 14)
      const second = two(bytes, at + 17)
      if (!(hour <= 23 && minute <= 59 && second <= 59)) return false
      const secondOfDay = hour * 3600 + minute * 60 + second
      reader.secondOfDay = secondOfDay
      reader.offsetMinutes = offsetMinutes
      ms[0] = (midnight[0] as number) + secondOfDay * 1000 - offsetMinutes * 60_000
      return true
    },
  }
  return reader
}

/** Two digits as a number; above 99 when they are not digits. */
function two(bytes: Uint8Array, at: number): number {
  const tens = ((bytes[at] as number) - ZERO) & 0xff
  const ones = ((bytes[at + 1] as number) - ZERO) & 0xff
  return tens > 9 || ones > 9 ? 100 : tens * 10 + ones
}

function four(bytes: Uint8Array, at: number): number {
  const high = two(bytes, at)
  const low = two(bytes, at + 2)
  return high > 99 || low > 99 ? -1 : high * 100 + low
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms"). */
export function epochDays(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}
