import { type Calendar, makeCalendar } from './calendar.ts'
import { dice } from './dice.ts'
import { fillHeartRate } from './heart.ts'
import { blankMinutes, type Minutes } from './minutes.ts'
import { type Exercise, fillMovement } from './movement.ts'
import { fillNights, type Nap, type Night } from './nights.ts'
import { planOccasions } from './occasions.ts'
import { fillWear } from './wear.ts'

/** Everything that really happened, minute by minute, before any device saw it. */
export interface Person {
  readonly seed: number
  readonly calendar: Calendar
  readonly minutes: Minutes
  /** One for each date, in order. */
  readonly nights: readonly Night[]
  readonly naps: readonly Nap[]
  readonly exercises: readonly Exercise[]
  readonly body: Body
}

/** The slow state of the body, one value for each day. */
export interface Body {
  readonly restingBpm: Float64Array
  readonly sdnnMs: Float64Array
  readonly weightKg: Float64Array
  /** 1 on an ordinary day. */
  readonly vigour: Float64Array
}

export interface PersonOptions {
  readonly seed: number
  readonly lastDate: string
  readonly days: number
  readonly zone: string
  readonly abroad: string | undefined
}

export function makePerson({ seed, lastDate, days, zone, abroad }: PersonOptions): Person {
  const last = Temporal.PlainDate.from(lastDate)
  const dates = Array.from({ length: days }, (_, index) => last.subtract({ days: days - 1 - index }).toString())
  const occasions = planOccasions(dates, zone, abroad)
  const calendar = makeCalendar(dates, occasions, zone, abroad)
  const minutes = blankMinutes(calendar.minutes)
  const body = makeBody(seed, calendar)
  const { nights, naps } = fillNights(seed, calendar, minutes)
  fillWear(seed, calendar, minutes, nights)
  const exercises = fillMovement(seed, calendar, minutes, nights, body.vigour)
  fillHeartRate(seed, calendar, minutes, body.restingBpm)
  return { seed, calendar, minutes, nights, naps, exercises, body }
}

function makeBody(seed: number, { days }: Calendar): Body {
  const throws = dice(seed, 'body')
  const body = {
    restingBpm: new Float64Array(days.length),
    sdnnMs: new Float64Array(days.length),
    weightKg: new Float64Array(days.length),
    vigour: new Float64Array(days.length),
  }
  let drift = 0
  let weight = 78 + throws.gauss()
  for (const { index, occasions } of days) {
    const isCold = occasions.has('cold')
    drift = 0.8 * drift + 0.7 * throws.gauss()
    weight += 0.08 * throws.gauss() - 0.004 * (weight - 77)
    const resting = 55 + drift + (isCold ? 7 : 0)
    body.restingBpm[index] = resting
    body.sdnnMs[index] = Math.max(18, 52 - 2 * (resting - 55) + 4 * throws.gauss())
    body.weightKg[index] = weight
    body.vigour[index] = isCold ? 0.5 : Math.max(0.5, 1 + 0.22 * throws.gauss())
  }
  return body
}
