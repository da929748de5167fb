import type { Day } from '../model/day.ts'
import { type Numbered, remembered } from '../model/remembered.ts'
import { type Figure, figureNames, figures } from './figures.ts'
import { asleepFromNoon, dayNumber, timedSleep } from './night-clock.ts'
import type { TimedSleep } from './sleep-timing.ts'

/** What the insights of the four weeks after a day want of it. */
export interface DayTrace extends Numbered {
  /** Days since 1970. */
  readonly dayNumber: number
  /** Of each figure, in the order of their names; NaN where the day has none. */
  readonly values: Float64Array
  /** Values are compared only with those of the same kind. */
  readonly kinds: readonly string[]
  readonly sleep: TimedSleep | undefined
  readonly asleep: Uint8Array | undefined
  /** NaN where an hour is not known; undefined where too little of the day is. */
  readonly hourlySteps: Float64Array | undefined
}

let traces = 0

/** Each day is looked at from 28 others, and worked out for the first of them. */
export const traceOf = remembered((day: Day): DayTrace => {
  const sleep = timedSleep(day)
  return {
    number: ++traces,
    dayNumber: dayNumber(day.date),
    ...readingsOf(day),
    sleep,
    asleep: sleep && asleepFromNoon(day, sleep),
    hourlySteps: hourlySteps(day),
  }
})

function readingsOf(day: Day): Pick<DayTrace, 'kinds' | 'values'> {
  const values = new Float64Array(figureNames.length).fill(Number.NaN)
  const kinds = new Array<string>(figureNames.length).fill('')
  figureNames.forEach((name, at) => {
    const figure: Figure = figures[name]
    const value = figure.read(day)
    if (value === undefined) return
    values[at] = value
    kinds[at] = figure.kind(day)
  })
  return { values, kinds }
}

const neededHours = 20

function hourlySteps({ hourlySteps: steps = [] }: Day): Float64Array | undefined {
  const hours = new Float64Array(steps.length)
  let known = 0
  for (let hour = 0; hour < steps.length; hour++) {
    const count = steps[hour] ?? Number.NaN
    hours[hour] = count
    if (!Number.isNaN(count)) known++
  }
  return known < neededHours ? undefined : hours
}
