/** Instants of a local date's beginning and end, ms: 23, 24 or 25 hours apart. */
export function boundsOf(date: string, zone: string): readonly [fromMs: number, toMs: number] {
  return [startOf(date, zone), startOf(shifted(date, 1), zone)]
}

/** A calendar date so many days later. */
export function shifted(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The whole local hours within a span. */
export function hoursWithin(fromMs: number, toMs: number): readonly number[] {
  const hours: number[] = []
  for (let at = Math.ceil(fromMs / 3_600_000) * 3_600_000; at <= toMs; at += 3_600_000) hours.push(at)
  return hours
}

/** The first instant of a local date; where midnight does not exist, the first after it. */
function startOf(date: string, zone: string): number {
  return instantOf(Date.parse(date), zone)
}

/** When the clock on the wall shows a time, given as if the wall were in Greenwich; a time that is skipped is the first after it. */
export function instantOf(wallMs: number, zone: string): number {
  const guessMs = wallMs - offsetMs(wallMs, zone)
  const settledMs = wallMs - offsetMs(guessMs, zone)
  return settledMs + offsetMs(settledMs, zone) === wallMs ? settledMs : Math.max(guessMs, settledMs)
}

/** What the clock on the wall shows at an instant, as if the wall were in Greenwich. */
export function wallOf(ms: number, zone: string): number {
  return ms + offsetMs(ms, zone)
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** Making one takes longer than asking it a hundred times. */
function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone)
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    })
    clocks.set(zone, clock)
  }
  return clock
}

/** How far local time is ahead of UTC at an instant. */
function offsetMs(ms: number, zone: string): number {
  const parts = clockOf(zone).formatToParts(ms)
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map(
    (type) => Number(parts.find((part) => part.type === type)?.value),
  )
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000
}
