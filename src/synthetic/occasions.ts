/**
 * What makes a day special. `cold`: some days of a raised heart rate. `non-wear`: the watch lies on its charger from the evening
 * before to the morning after. `evening-off`: five hours without the watch. `late`: the watch's afternoon reaches the phone after the
 * first export. `resync`: some records stand twice. `misread`: impossible heart rates and a weight in an unheard-of unit. `straddle`: the watch comes off, or on, in the middle of a walk.
 */
export type Occasion =
  | 'clock-change'
  | 'flight-out'
  | 'flight-back'
  | 'abroad'
  | 'cold'
  | 'non-wear'
  | 'evening-off'
  | 'nap'
  | 'late'
  | 'resync'
  | 'edited-workout'
  | 'manual-steps'
  | 'misread'
  | 'straddle'

/** By day index (0 = first date). */
export type Occasions = readonly ReadonlySet<Occasion>[]

const abroadDays = 9

interface Wish {
  readonly occasion: Occasion
  readonly at: readonly number[]
  readonly days: number
  readonly before?: number
  readonly after?: number
}

/** Days each occasion needs for itself, and where in the span (0–1) it would like to be: the first free place after it is taken. */
const wishes: readonly Wish[] = [
  { occasion: 'cold', at: [0.72], days: 4, before: 1, after: 1 },
  { occasion: 'late', at: [0.85, 0.9], days: 1 },
  { occasion: 'non-wear', at: [0.2, 0.62], days: 1, before: 1, after: 1 },
  { occasion: 'nap', at: [0.15, 0.4, 0.7], days: 1 },
  { occasion: 'edited-workout', at: [0.55], days: 1 },
  { occasion: 'evening-off', at: [0.3], days: 1 },
  { occasion: 'resync', at: [0.25, 0.75], days: 1 },
  { occasion: 'manual-steps', at: [0.35], days: 1 },
  { occasion: 'misread', at: [0.5], days: 1 },
]

/** Lays the occasions out so that none disturbs another. Short spans have room for the first of them only. */
export function planOccasions(dates: readonly string[], home: string, abroad: string | undefined): Occasions {
  const plan = dates.map(() => new Set<Occasion>())
  const taken = dates.map((_, index) => index < 2 || index >= dates.length - 1)
  const changes = clockChanges(dates, home)
  for (const index of changes) plan[index]?.add('clock-change')
  for (const index of changes) block(taken, index - 1, index + 2)
  if (abroad !== undefined) planTrip(plan, taken, clockChanges(dates, abroad))
  for (const wish of wishes) for (const share of wish.at) place(plan, taken, wish, share)
  taken.forEach((isTaken, index) => {
    if (!isTaken && index % 3 === 0) plan[index]?.add('straddle')
  })
  return plan
}

function place(plan: Set<Occasion>[], taken: boolean[], { occasion, days, before = 0, after = 0 }: Wish, share: number) {
  const span = before + days + after
  const first = findFree(taken, Math.floor(share * plan.length) - before, span)
  if (first === undefined) return
  for (let index = first + before; index < first + before + days; index++) plan[index]?.add(occasion)
  block(taken, first, first + span)
}

function planTrip(plan: Set<Occasion>[], taken: boolean[], changesAbroad: readonly number[]) {
  const length = abroadDays + 1
  const closed = [...taken]
  for (const index of changesAbroad) block(closed, index - 1, index + 2)
  const first = plan.length < 30 ? undefined : findFree(closed, Math.floor(plan.length * 0.45) - 1, length + 2)
  if (first === undefined) return
  const out = first + 1
  plan[out]?.add('flight-out')
  plan[out + abroadDays]?.add('flight-back')
  for (let index = out + 1; index < out + abroadDays; index++) plan[index]?.add('abroad')
  block(taken, first, first + length + 2)
}

/** Indexes of the dates that have not 24 hours in a zone. */
function clockChanges(dates: readonly string[], zone: string): number[] {
  return dates.flatMap((date, index) => (Temporal.PlainDate.from(date).toZonedDateTime(zone).hoursInDay === 24 ? [] : [index]))
}

function block(taken: boolean[], from: number, to: number) {
  for (let index = Math.max(0, from); index < Math.min(to, taken.length); index++) taken[index] = true
}

/** The first run of free days at or after `wish`, else the first anywhere. */
function findFree(taken: readonly boolean[], wish: number, days: number): number | undefined {
  for (let step = 0; step < taken.length; step++) {
    const first = (Math.max(0, wish) + step) % taken.length
    if (first + days <= taken.length && !taken.slice(first, first + days).includes(true)) return first
  }
  return undefined
}
