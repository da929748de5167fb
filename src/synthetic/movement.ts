import { type Calendar, type CalendarDay, wallMinute } from './calendar.ts'
import { type Dice, dice } from './dice.ts'
import { flag, has, type Minutes, raise, type Span } from './minutes.ts'
import type { Night } from './nights.ts'
import type { Occasion } from './occasions.ts'
import { chargeOf } from './wear.ts'

/** A workout as it really was, in minutes. */
export interface Exercise extends Span {
  readonly day: number
  readonly kind: ExerciseKind
  readonly zone: string
  /** An app wrote it twice: first with an end this many minutes too late. */
  readonly firstVersionExtraMinutes: number
}

export type ExerciseKind = 'running' | 'walking' | 'cycling' | 'functional_strength_training' | 'yoga'

/** Steps a minute, and minutes long. */
const exercises: Record<ExerciseKind, { pace: number; minutes: readonly [number, number] }> = {
  running: { pace: 164, minutes: [28, 48] },
  walking: { pace: 112, minutes: [35, 60] },
  cycling: { pace: 0, minutes: [45, 80] },
  functional_strength_training: { pace: 0, minutes: [25, 40] },
  yoga: { pace: 0, minutes: [20, 35] },
}

/** By weekday, 1 Monday: what there is to do and how often it is done. */
const timetable: Record<number, { kind: ExerciseKind; hour: number; probability: number }> = {
  2: { kind: 'running', hour: 18, probability: 0.8 },
  4: { kind: 'functional_strength_training', hour: 18, probability: 0.6 },
  5: { kind: 'yoga', hour: 18, probability: 0.4 },
  6: { kind: 'running', hour: 10, probability: 0.6 },
  7: { kind: 'cycling', hour: 11, probability: 0.4 },
}
const travels: readonly Occasion[] = ['abroad', 'flight-out', 'flight-back']
const quiet: readonly Occasion[] = ['cold', 'non-wear', 'evening-off', 'late', 'flight-out', 'flight-back', 'nap', 'manual-steps']

export function fillMovement(
  seed: number,
  calendar: Calendar,
  minutes: Minutes,
  nights: readonly Night[],
  vigour: Float64Array,
): Exercise[] {
  return calendar.days.flatMap((day) => {
    const throws = dice(seed, `movement ${day.date}`)
    const done = workOut(calendar, day, minutes, throws)
    if (day.occasions.has('manual-steps')) fillManual(day, minutes)
    if (day.occasions.has('straddle')) walkOverCharge(chargeOf(seed, calendar, day), minutes, throws)
    if (day.weekday <= 5 && !happens(day, travels)) commute(calendar, day, minutes, throws)
    const awake = { from: nights[day.index]?.rise ?? day.from, to: nights[day.index + 1]?.bed ?? day.to }
    potterAbout(awake, (vigour[day.index] ?? 1) * (day.occasions.has('abroad') ? 1.5 : 1), minutes, throws)
    getUpAtNight(nights[day.index], minutes, throws)
    return done
  })
}

function workOut(calendar: Calendar, day: CalendarDay, minutes: Minutes, throws: Dice): Exercise[] {
  const plan = planWorkout(day, throws)
  if (plan === undefined) return []
  const { pace, minutes: length } = exercises[plan.kind]
  const from = wallMinute(calendar, day.date, day.zone, plan.hour * 60 + throws.int(0, 30))
  const to = from + throws.int(length[0], length[1])
  raise(minutes.flags, from, to, plan.kind === 'running' ? flag.workout | flag.running : flag.workout)
  if (pace > 0) walk({ from, to }, minutes, { pace, sway: 6, phone: throws.chance(0.5) ? 'carried' : 'left', throws })
  raise(minutes.flags, from - 2, to + 2, flag.busy)
  const firstVersionExtraMinutes = day.occasions.has('edited-workout') ? 25 : 0
  return [{ day: day.index, kind: plan.kind, zone: day.zone, from, to, firstVersionExtraMinutes }]
}

function planWorkout(day: CalendarDay, throws: Dice): { kind: ExerciseKind; hour: number } | undefined {
  if (happens(day, quiet)) return undefined
  if (day.occasions.has('edited-workout')) return { kind: 'running', hour: 18 }
  if (day.occasions.has('abroad')) return throws.chance(0.3) ? { kind: 'walking', hour: 15 } : undefined
  const habit = timetable[day.weekday]
  return throws.chance(habit?.probability ?? 0) ? habit : undefined
}

function happens({ occasions }: CalendarDay, any: readonly Occasion[]): boolean {
  return any.some((occasion) => occasions.has(occasion))
}

/** An even 50 a minute, entered by hand. */
function fillManual(day: CalendarDay, { flags, steps }: Minutes) {
  for (let minute = day.from; minute < day.to; minute++) if (((flags[minute] ?? 0) & flag.manual) !== 0) steps[minute] = 50
}

/** Twenty even minutes, the watch on the wrist in one half of them. */
function walkOverCharge(charge: Span | undefined, minutes: Minutes, throws: Dice) {
  if (charge === undefined) return
  const middle = throws.chance(0.5) ? charge.from : charge.to
  const span = { from: middle - 10, to: middle + 10 }
  walk(span, minutes, { pace: throws.int(92, 112), sway: 0, phone: 'carried', throws })
  raise(minutes.flags, span.from, span.to, flag.straddle)
}

function commute(calendar: Calendar, day: CalendarDay, minutes: Minutes, throws: Dice) {
  for (const hour of [8, 16.75]) {
    const from = wallMinute(calendar, day.date, day.zone, hour * 60 + throws.int(0, 25))
    walk({ from, to: from + throws.int(10, 15) }, minutes, { pace: throws.int(100, 112), sway: 8, phone: 'carried', throws })
  }
}

const carrying = ['carried', 'carried', 'left', 'carried', 'picked-up'] as const

function potterAbout(awake: Span, vigour: number, minutes: Minutes, throws: Dice) {
  for (let left = Math.round(throws.int(20, 27) * vigour); left > 0; left--) {
    const from = throws.int(awake.from, Math.max(awake.from, awake.to - 8))
    const phone = carrying[throws.int(0, carrying.length - 1)] ?? 'carried'
    walk({ from, to: from + throws.int(1, 7) }, minutes, { pace: throws.int(45, 105), sway: 15, phone, throws })
  }
}

/** A few steps in the first waking that lasts; the phone stays at the bed. */
function getUpAtNight(night: Night | undefined, { stage, steps, flags }: Minutes, throws: Dice) {
  if (night === undefined) return
  for (let minute = night.onset; minute + 3 < night.wake; minute++) {
    const isUp = (stage[minute] ?? 1) === 0 && (stage[minute + 2] ?? 1) === 0
    if (!isUp) continue
    if (((flags[minute + 1] ?? 0) & flag.worn) !== 0) steps[minute + 1] = throws.int(8, 30)
    return
  }
}

interface Gait {
  readonly pace: number
  /** Steps a minute, up or down from the pace. */
  readonly sway: number
  readonly phone: 'carried' | 'left' | 'picked-up'
  readonly throws: Dice
}

/** Lays a walk where nothing else is. Without the watch the phone is always carried, so that every step is somewhere recorded. */
function walk(span: Span, minutes: Minutes, { pace, sway, phone, throws }: Gait) {
  if (!isFree(span, minutes)) return
  const { from, to } = span
  const pickedUp = { carried: from, left: to, 'picked-up': Math.floor((from + to) / 2) }[phone]
  for (let minute = from; minute < to; minute++) {
    const steps = pace + throws.int(-sway, sway)
    const isWorn = has(minutes, minute, flag.worn)
    minutes.steps[minute] = steps
    if (isWorn && minute < pickedUp) continue
    raise(minutes.flags, minute, minute + 1, flag.phone)
    // In a pocket the phone misses some; a walk of even pace it counts whole, so that its share by time stays exact.
    minutes.phoneSteps[minute] = isWorn && sway > 0 ? Math.round(steps * 0.93) : steps
  }
  raise(minutes.flags, from, to, flag.busy)
}

/** Free, with a minute to spare on both sides: two walks never touch. */
function isFree({ from, to }: Span, minutes: Minutes): boolean {
  if (from < 1 || to >= minutes.steps.length) return false
  for (let minute = from - 1; minute <= to; minute++) if (has(minutes, minute, flag.busy)) return false
  return true
}
