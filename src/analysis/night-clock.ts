import { dayNumber } from '../model/calendar.ts'
import type { Day } from '../model/day.ts'
import type { TimedSleep } from './sleep-timing.ts'

/** Wall-clock minute of an instant's text, 0–1439: by the offset that it carries, else by the zone. */
export function clockMinute(text: string, zone: string): number {
  // Days are read thousands of times: the digits say it where the text is in local time.
  if (/[+-]\d{2}:\d{2}$/.test(text)) return Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16))
  const local = Temporal.Instant.from(text).toZonedDateTimeISO(zone)
  return local.hour * 60 + local.minute
}

/** Nights that end on Saturday or Sunday are taken for free ones. */
function isWeekend(date: string): boolean {
  // The first of January 1970 was a Thursday.
  const weekday = (dayNumber(date) + 4) % 7
  return weekday === 0 || weekday === 6
}

/** The day's main sleep by the person's clock; undefined without one. */
export function timedSleep({ sleep, zone, date }: Day): TimedSleep | undefined {
  if (sleep === undefined) return undefined
  return {
    onsetMinute: clockMinute(sleep.onset, zone),
    spanMinutes: (instantMs(sleep.wake) - instantMs(sleep.onset)) / 60_000,
    asleepMinutes: sleep.asleepMinutes,
    isFree: isWeekend(date),
  }
}

const dayMinutes = 1440
const noon = 720

/** Asleep or not in each minute from noon of the day before to noon of the date; undefined where the night is unknown. */
export function asleepFromNoon({ sleep }: Day, { onsetMinute }: TimedSleep): Uint8Array | undefined {
  if (sleep === undefined) return undefined
  const mask = new Uint8Array(dayMinutes)
  const onsetMs = instantMs(sleep.onset)
  const onset = (onsetMinute - noon + dayMinutes) % dayMinutes
  const minuteOf = (text: string) => Math.max(0, Math.round(onset + (instantMs(text) - onsetMs) / 60_000))
  const { spans = [] } = sleep
  if (spans.length === 0) return mask.fill(1, minuteOf(sleep.onset), minuteOf(sleep.wake))
  for (const { startTime, endTime, stage } of spans) if (stage !== 'awake') mask.fill(1, minuteOf(startTime), minuteOf(endTime))
  return mask
}

/** Epoch ms of an instant's text as days have it, `2024-01-20T23:41:00-05:00`; any other that Date knows takes its time, and a night has fifty. */
export function instantMs(text: string): number {
  const sign = text.charCodeAt(19) === MINUS ? -1 : 1
  if (text.length !== 25 || (sign > 0 && text.charCodeAt(19) !== PLUS)) return Date.parse(text)
  const seconds = 3600 * digitsAt(text, 11) + 60 * digitsAt(text, 14) + digitsAt(text, 17)
  const offsetMinutes = sign * (60 * digitsAt(text, 20) + digitsAt(text, 23))
  return dayNumber(text) * 86_400_000 + 1000 * (seconds - 60 * offsetMinutes)
}

const PLUS = 43
const MINUS = 45

function digitsAt(text: string, at: number): number {
  return 10 * text.charCodeAt(at) + text.charCodeAt(at + 1) - 528
}
