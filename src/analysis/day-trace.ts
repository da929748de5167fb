import { dayNumber } from '../model/calendar.ts'
import type { Day } from '../model/day.ts'
import { type Numbered, remembered } from '../model/remembered.ts'
import { logCounts } from '../signal/cosinor.ts'
import { type Figure, type FigureName, figureNames, figures } from './figures.ts'
import { asleepFromNoon, timedSleep } from './night-clock.ts'
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
  /** Their logarithms, in which a rhythm is fitted. */
  readonly hourlyLogs: Float64Array | undefined
}

let traces = 0

/** Each day is looked at from 28 others, and worked out for the first of them. */
export const traceOf = remembered((day: Day): DayTrace => tracesOfPast.get(day) ?? trace(day))

const tracesOfPast = new WeakMap<Day, DayTrace>()

/**
 * A day as the insights of the dates after it want it, its trace being that of all of it: without its provenance, its methods and the spans of
 * its night, which are three quarters of its memory. Long histories keep 40 of them, each until V8 takes it for something that stays.
 */
export function pastDay(day: Day): Day {
  const past: Day = { ...day, provenance: {}, methods: {} }
  if (day.sleep !== undefined) past.sleep = { ...day.sleep, spans: [] }
  tracesOfPast.set(past, traceOf(day))
  return past
}

function trace(day: Day): DayTrace {
  const sleep = timedSleep(day)
  const { values, kinds } = readingsOf(day)
  const asleep = sleep && asleepFromNoon(day, sleep)
  const hours = hourlySteps(day)
  const hourlyLogs = hours && logCounts(hours)
  return { number: ++traces, dayNumber: dayNumber(day.date), values, kinds, sleep, asleep, hourlySteps: hours, hourlyLogs }
}

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

const places = Object.fromEntries(figureNames.map((name, at) => [name, at])) as Readonly<Record<FigureName, number>>

/** A figure of a day where it may be compared with that of `day`, as of one kind; NaN where the day has none, or another. */
export function readingLike(day: Day, name: FigureName, of: Day): number {
  const place = places[name]
  const { kinds, values } = traceOf(of)
  return kinds[place] === traceOf(day).kinds[place] ? (values[place] as number) : Number.NaN
}

/** The same of several days, without those that have none. */
export function readingsLike(day: Day, name: FigureName, of: readonly Day[]): number[] {
  const found: number[] = []
  for (const each of of) {
    const value = readingLike(day, name, each)
    if (!Number.isNaN(value)) found.push(value)
  }
  return found
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
