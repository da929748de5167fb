import { type Calendar, type CalendarDay, wallMinute } from './calendar.ts'
import { type Dice, dice } from './dice.ts'
import { flag, type Minutes, raise, type Span, stages } from './minutes.ts'

/** One main sleep, in minutes; it ends on the date `day`. */
export interface Night {
  readonly day: number
  readonly zone: string
  readonly bed: number
  /** First minute asleep, and the minute after the last. */
  readonly onset: number
  readonly wake: number
  readonly rise: number
}

export interface Nap extends Span {
  readonly day: number
  readonly zone: string
}

/** Minutes after the midnight that begins the date: when to go to bed (may be negative) and when to wake, by kind of day. */
const habits = {
  first: { bed: [5, 5], wake: [470, 500] },
  flightOut: { bed: [-90, -80], wake: [360, 360] },
  afterFlight: { bed: [-90, -90], wake: [400, 440] },
  flightBack: { bed: [-60, -50], wake: [420, 420] },
  workday: { bed: [-80, -15], wake: [385, 425] },
  weekend: { bed: [-45, 50], wake: [450, 530] },
} as const

export function fillNights(seed: number, calendar: Calendar, minutes: Minutes): { nights: Night[]; naps: Nap[] } {
  const nights = calendar.days.map((day) => sleepThrough(calendar, day, minutes, dice(seed, `night ${day.date}`)))
  const naps = calendar.days.flatMap((day) => {
    const throws = dice(seed, `nap ${day.date}`)
    const start = day.occasions.has('nap') ? 13 * 60 + 30 + throws.int(0, 60) : day.occasions.has('flight-back') ? 16 * 60 : undefined
    if (start === undefined) return []
    const from = wallMinute(calendar, day.date, day.endZone, start)
    const nap = { day: day.index, zone: day.endZone, from, to: from + throws.int(28, 55) }
    minutes.stage.fill(stages.light, nap.from, nap.to)
    raise(minutes.flags, nap.from - 5, nap.to + 5, flag.busy)
    return [nap]
  })
  return { nights, naps }
}

function sleepThrough(calendar: Calendar, day: CalendarDay, minutes: Minutes, throws: Dice): Night {
  const habit = habits[habitOf(calendar, day)]
  const bed = wallMinute(calendar, day.date, day.zone, throws.int(habit.bed[0], habit.bed[1]))
  const wake = wallMinute(calendar, day.date, day.zone, throws.int(habit.wake[0], habit.wake[1]))
  const onset = bed + throws.int(6, 22)
  const rise = wake + throws.int(3, 12)
  fillStages(minutes.stage, onset, wake, throws)
  raise(minutes.flags, bed, rise, flag.inBed | flag.busy)
  return { day: day.index, zone: day.zone, bed, onset, wake, rise }
}

function habitOf(calendar: Calendar, { index, weekday, occasions }: CalendarDay): keyof typeof habits {
  if (index === 0) return 'first'
  if (occasions.has('flight-out')) return 'flightOut'
  if (occasions.has('flight-back')) return 'flightBack'
  const before = calendar.days[index - 1]?.occasions
  if (before?.has('flight-out') || before?.has('flight-back')) return 'afterFlight'
  return weekday >= 6 ? 'weekend' : 'workday'
}

/** Cycles of about 90 minutes: deep sleep early, REM late, short wakings between; begins and ends asleep. */
function fillStages(stage: Uint8Array, onset: number, wake: number, throws: Dice) {
  let minute = onset
  for (let cycle = 0; minute < wake; cycle++) {
    const parts = [
      [stages.light, throws.int(10, 24)],
      [stages.deep, Math.max(0, 30 - 9 * cycle + throws.int(-5, 5))],
      [stages.light, throws.int(12, 26)],
      [stages.rem, Math.min(38, 7 + 8 * cycle + throws.int(-3, 6))],
      [stages.awake, throws.chance(0.75) ? throws.int(1, throws.chance(0.2) ? 14 : 6) : 0],
      [stages.light, throws.int(4, 12)],
    ] as const
    for (const [value, length] of parts) {
      stage.fill(value, minute, Math.min(wake, minute + length))
      minute += length
    }
  }
  if (stage[wake - 1] === stages.awake) stage.fill(stages.light, wake - 4, wake)
}
