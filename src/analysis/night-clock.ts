import type { Day, Night } from '../model/day.ts'
import type { TimedSleep } from './sleep-timing.ts'

/** Wall-clock minute of an instant's text, 0–1439: by the offset that it carries, else by the zone. */
export function clockMinute(text: string, zone: string): number {
  // Days are read thousands of times: the digits say it where the text is in local time.
  if (/[+-]\d{2}:\d{2}$/.test(text)) return Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16))
  const local = Temporal.Instant.from(text).toZonedDateTimeISO(zone)
  return local.hour * 60 + local.minute
}

/** Days since 1970 of a calendar date. */
export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000
}

/** Nights that end on Saturday or Sunday are taken for free ones. */
function isWeekend(date: string): boolean {
  // The first of January 1970 was a Thursday.
  return (dayNumber(date) + 4) % 7 === 0 || (dayNumber(date) + 4) % 7 === 6
}

/** The day's main sleep by the person's clock; undefined without one. */
export function timedSleep({ sleep, zone, date }: Day): TimedSleep | undefined {
  if (sleep === undefined) return undefined
  return {
    onsetMinute: clockMinute(sleep.onset, zone),
    spanMinutes: (Date.parse(sleep.wake) - Date.parse(sleep.onset)) / 60_000,
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
  const onsetMs = Date.parse(sleep.onset)
  const onset = (onsetMinute - noon + dayMinutes) % dayMinutes
  for (const { fromMs, toMs } of asleepStretches(sleep)) {
    mask.fill(1, Math.max(0, Math.round(onset + (fromMs - onsetMs) / 60_000)), Math.max(0, Math.round(onset + (toMs - onsetMs) / 60_000)))
  }
  return mask
}

function asleepStretches({ onset, wake, spans }: Night): { readonly fromMs: number; readonly toMs: number }[] {
  if (spans === undefined || spans.length === 0) return [{ fromMs: Date.parse(onset), toMs: Date.parse(wake) }]
  return spans
    .filter(({ stage }) => stage !== 'awake')
    .map(({ startTime, endTime }) => ({ fromMs: Date.parse(startTime), toMs: Date.parse(endTime) }))
}
