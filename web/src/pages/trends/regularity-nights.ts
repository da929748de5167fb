import type { Day } from '../../../../src/model/day.ts'
import { shifted } from '../../format/zoned.ts'

interface Stretch {
  /** Minutes from the midnight that begins the date; before it they are negative. */
  readonly from: number
  readonly to: number
  readonly isAwake: boolean
}

/** The night that ends on a date, by the clock of where the person was; one of which nothing is known has no times. */
export interface NightRow {
  readonly date: string
  readonly onset: number | undefined
  readonly wake: number | undefined
  readonly asleepMinutes: number | undefined
  readonly stretches: readonly Stretch[]
}

/** So many nights from a date on, those that were not recorded among them. */
export function nightsOf(days: readonly Day[], from: string, count: number): readonly NightRow[] {
  const byDate = new Map(days.map((day) => [day.date, day]))
  return Array.from({ length: count }, (_, at) => nightOf(shifted(from, at), byDate.get(shifted(from, at))))
}

function nightOf(date: string, day: Day | undefined): NightRow {
  const night = day?.sleep
  if (night === undefined) return { date, onset: undefined, wake: undefined, asleepMinutes: undefined, stretches: [] }
  const at = (said: string) => minuteOf(said, date)
  const [onset, wake] = [at(night.onset), at(night.wake)]
  const whole = [{ from: onset, to: wake, isAwake: false }]
  const stretches = (night.spans ?? []).map(({ startTime, endTime, stage }) => ({
    from: at(startTime),
    to: at(endTime),
    isAwake: stage === 'awake',
  }))
  return { date, onset, wake, asleepMinutes: night.asleepMinutes, stretches: stretches.length > 0 ? stretches : whole }
}

/** What the clock there showed: an instant's own offset is that of where it was. */
function minuteOf(said: string, date: string): number {
  return (Date.parse(`${said.slice(0, 19)}Z`) - Date.parse(date)) / 60_000
}

/** The middle of when sleep began and ended; undefined without a night. */
export function usualOf(nights: readonly NightRow[]): { readonly onset: number; readonly wake: number } | undefined {
  const [onset, wake] = [middleOf(nights.flatMap((night) => night.onset ?? [])), middleOf(nights.flatMap((night) => night.wake ?? []))]
  return onset === undefined || wake === undefined ? undefined : { onset, wake }
}

function middleOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((one, other) => one - other)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}
