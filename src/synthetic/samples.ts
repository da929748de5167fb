import type { CalendarDay } from './calendar.ts'
import { dice, mix } from './dice.ts'
import { flag, has, type Span, spans, stages, sum } from './minutes.ts'
import type { Person } from './person.ts'

/** What a device writes about a span: the text is the value, rounded once, so that file and truth say the same. */
export interface Sample extends Span {
  readonly text: string
}

export interface DeviceSamples {
  readonly watch: readonly Sample[]
  readonly phone: readonly Sample[]
}

export const metersPerMile = 1609.344
const strideMeters = { walking: 0.74, running: 1.06 }

/** Spans in which each device counted steps, cut where the other begins or ends to count (but for a straddling walk, which is even). */
function stepSpans(person: Person, day: CalendarDay): { watch: Span[]; phone: Span[]; manual: Span[] } {
  const { minutes, seed } = person
  const { steps, phoneSteps } = minutes
  const throws = dice(seed, `steps ${day.date}`)
  const at = (minute: number, bits: number) => (minutes.flags[minute] ?? 0) & bits
  const watchKey = (minute: number) => (at(minute, flag.worn) && steps[minute] ? 1 + at(minute, flag.running | flag.late) : 0)
  const phoneKey = (minute: number) => {
    if (!phoneSteps[minute]) return 0
    return at(minute, flag.straddle) ? flag.straddle + 1 : 1 + at(minute, flag.running | flag.late | flag.worn) * 2
  }
  return {
    watch: spans(day.from, day.to, watchKey, () => throws.int(2, 6)),
    phone: spans(day.from, day.to, phoneKey, () => (throws.chance(0.3) ? throws.int(4, 7) : 20)),
    manual: spans(
      day.from,
      day.to,
      (minute) => at(minute, flag.manual),
      () => 1440,
    ),
  }
}

export function stepSamples(person: Person, day: CalendarDay): DeviceSamples & { readonly manual: readonly Sample[] } {
  const { watch, phone, manual } = stepSpans(person, day)
  const count = (values: Uint8Array) => (span: Span) => ({ ...span, text: String(sum(values, span.from, span.to)) })
  const { steps, phoneSteps } = person.minutes
  return { watch: watch.map(count(steps)), phone: phone.map(count(phoneSteps)), manual: manual.map(count(steps)) }
}

/** Miles, along the spans of the steps. */
export function distanceSamples(person: Person, day: CalendarDay): DeviceSamples {
  const { watch, phone } = stepSpans(person, day)
  const miles = (values: Uint8Array) => (span: Span) => {
    const stride = has(person.minutes, span.from, flag.running) ? strideMeters.running : strideMeters.walking
    return { ...span, text: ((sum(values, span.from, span.to) * stride) / metersPerMile).toFixed(6) }
  }
  return { watch: watch.map(miles(person.minutes.steps)), phone: phone.map(miles(person.minutes.phoneSteps)) }
}

/** Floors, by the phone alone, on some of its walks. */
export function flightSamples(person: Person, day: CalendarDay): Sample[] {
  return stepSpans(person, day).phone.flatMap((span) => {
    const chance = mix(person.seed, span.from)
    return chance % 100 < 18 ? [{ ...span, text: String(1 + (chance % 3)) }] : []
  })
}

/** Kilocalories above rest in one minute. */
export function activeKcal({ stage, steps, heartRate, flags }: Person['minutes'], minute: number): number {
  if ((stage[minute] ?? 0) !== stages.awake || ((flags[minute] ?? 0) & flag.inBed) !== 0) return 0
  const isStill = (steps[minute] ?? 0) === 0
  const effort = isStill && ((flags[minute] ?? 0) & flag.workout) !== 0 ? 0.085 * ((heartRate[minute] ?? 60) - 60) : 0
  return 0.09 + 0.052 * (steps[minute] ?? 0) + effort
}

/** Kilocalories of the watch: a quarter of an hour at a time while awake. */
export function activeEnergySamples({ minutes }: Person, day: CalendarDay): Sample[] {
  const keyOf = (minute: number) =>
    has(minutes, minute, flag.worn) && activeKcal(minutes, minute) > 0
      ? 1 + Math.floor((minute - day.from) / 15) * 256 + ((minutes.flags[minute] ?? 0) & flag.late)
      : 0
  return spans(day.from, day.to, keyOf, () => 15).map((span) => {
    let kcal = 0
    for (let minute = span.from; minute < span.to; minute++) kcal += activeKcal(minutes, minute)
    return { ...span, text: kcal.toFixed(3) }
  })
}

/** Kilocalories of rest, an hour at a time. */
export function basalEnergySamples({ minutes }: Person, day: CalendarDay): Sample[] {
  const keyOf = (minute: number) => (has(minutes, minute, flag.worn) ? 1 + ((minutes.flags[minute] ?? 0) & flag.late) : 0)
  return spans(day.from, day.to, keyOf, () => 60).map((span) => ({ ...span, text: ((span.to - span.from) * 1.13).toFixed(3) }))
}

/** Single minutes of brisk walking or of a workout, as the watch counts them. */
export function exerciseSamples({ minutes }: Person, day: CalendarDay): Sample[] {
  const isBrisk = (minute: number) => (minutes.steps[minute] ?? 0) >= 105 || has(minutes, minute, flag.workout)
  const keyOf = (minute: number) => (has(minutes, minute, flag.worn) && isBrisk(minute) ? 1 : 0)
  return spans(day.from, day.to, keyOf, () => 1).map((span) => ({ ...span, text: '1' }))
}

/** Whole hours in which the watch was on the wrist of somebody awake. */
export function standHours({ minutes }: Person, day: CalendarDay): (Span & { readonly stood: boolean })[] {
  const hours: (Span & { stood: boolean })[] = []
  for (let from = day.from; from + 60 <= day.to; from += 60) {
    let isSeen = false
    let stood = false
    for (let minute = from; minute < from + 60; minute++) {
      if (!has(minutes, minute, flag.worn) || has(minutes, minute, flag.inBed)) continue
      isSeen = true
      stood ||= (minutes.steps[minute] ?? 0) > 0
    }
    if (isSeen) hours.push({ from, to: from + 60, stood })
  }
  return hours
}

export function isLate({ minutes }: Person, minute: number): boolean {
  return has(minutes, minute, flag.late)
}
