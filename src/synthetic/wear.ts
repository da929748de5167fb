import { type Calendar, type CalendarDay, wallMinute } from './calendar.ts'
import { dice } from './dice.ts'
import { flag, lower, type Minutes, raise } from './minutes.ts'
import type { Night } from './nights.ts'
import type { Occasion } from './occasions.ts'

/** Puts the watch on and takes it off: worn day and night but for its daily charge and the occasions. */
export function fillWear(seed: number, calendar: Calendar, minutes: Minutes, nights: readonly Night[]) {
  raise(minutes.flags, 0, calendar.minutes, flag.worn)
  for (const flight of calendar.flights) raise(minutes.flags, flight.from - 20, flight.to + 20, flag.busy)
  for (const day of calendar.days) {
    const charge = chargeOf(seed, calendar, day)
    if (charge !== undefined) lower(minutes.flags, charge.from, charge.to, flag.worn)
    const risen = nights[day.index + 1]?.rise ?? day.to
    for (const interruption of interruptions) {
      if (day.occasions.has(interruption.occasion)) interrupt(calendar, day, minutes, interruption, risen)
    }
  }
}

interface Interruption {
  readonly occasion: Occasion
  readonly from: number
  readonly to: number | 'next morning'
  readonly on?: number
  readonly off?: number
}

/** Local hours, and the flags that begin (`on`) or cease (`off`) to hold between them. */
const interruptions: readonly Interruption[] = [
  { occasion: 'evening-off', from: 17, to: 22, off: flag.worn },
  { occasion: 'late', from: 14, to: 20, on: flag.late },
  { occasion: 'manual-steps', from: 12, to: 12.5, on: flag.manual | flag.busy, off: flag.worn },
  { occasion: 'non-wear', from: -3, to: 'next morning', off: flag.worn },
]

function interrupt(calendar: Calendar, day: CalendarDay, { flags }: Minutes, { from, to, on = 0, off = 0 }: Interruption, risen: number) {
  const start = clock(calendar, day, from)
  const end = to === 'next morning' ? risen + 20 : clock(calendar, day, to)
  lower(flags, start, end, off)
  raise(flags, start, end, on)
}

/** When the watch charges; not on a day of travel. */
export function chargeOf(seed: number, calendar: Calendar, day: CalendarDay): { from: number; to: number } | undefined {
  if (day.occasions.has('flight-out') || day.occasions.has('flight-back')) return undefined
  const throws = dice(seed, `charge ${day.date}`)
  const from = clock(calendar, day, 20) + throws.int(15, 45)
  return { from, to: from + throws.int(30, 45) }
}

function clock(calendar: Calendar, day: CalendarDay, hour: number): number {
  return wallMinute(calendar, day.date, day.endZone, hour * 60)
}
