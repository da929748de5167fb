import { cohortCells, type Member } from '../analysis/cohort.ts'
import { type Noise, noisyCells } from '../analysis/cohort-noise.ts'
import type { Cohort, Trait } from '../model/cohort.ts'
import { datesOfPeriod } from '../model/period-word.ts'
import { Problem } from '../model/problem.ts'
import { leastWorn, type TrendMetric, type TrendMetricName, trendMetrics } from '../model/trend-metrics.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import type { Average, AveragesQuery, Warehouse } from '../ports/warehouse.ts'
import { consentingPeople } from './consenting-people.ts'
import type { Purpose } from './consents.ts'
import type { KnownUser } from './manage-user.ts'
import { spendPrivacy } from './privacy-budget.ts'
import { traitsOf } from './traits.ts'

export interface CohortDeps {
  readonly documents: Documents
  readonly warehouse: Warehouse
  readonly clock: Clock
  readonly randomBelow: Noise['below']
}

export interface CohortQuestion {
  readonly metric: TrendMetricName
  /** `2024`, `2024-Q1`, `2024-03` or `2024-W05`. */
  readonly period: string
  readonly by: readonly Trait[]
  /** The consent that this use needs. */
  readonly purpose: Purpose
  /** With noise, and how much of the budget it takes; absent: exact but for rounding and suppression. */
  readonly epsilon?: number
  /** Who asks, for the ledger. */
  readonly asker: string
}

/**
 * Means and percentiles over consenting people, of each one's mean over the period. Who withdrew is in no answer that is asked for after that.
 * Throws `Problem('bad_parameter')` for a period that is not over, and `budget_spent`.
 */
export async function askCohort(deps: CohortDeps, question: CohortQuestion): Promise<Cohort> {
  const { metric: name, by, purpose, epsilon } = question
  const metric: TrendMetric = trendMetrics[name]
  const period = pastPeriod(deps, question.period)
  const people = await consentingPeople(deps, purpose)
  const members = membersOf(await averagesOf(deps, name, period, [...people.keys()]), people, period.to)
  const said = { metric: name, unit: metric.unit, periodStart: period.from, periodEnd: period.to, by: [...by] }
  if (epsilon === undefined) return { ...said, cells: cohortCells(members, by, metric) }
  const millis = Math.round(epsilon * 1000)
  const { periodStart, periodEnd } = said
  const release = { by: question.asker, metric: name, periodStart, periodEnd, traits: [...by], millis }
  const { spentMillis, leftMillis } = await spendPrivacy(deps, release)
  const cells = noisyCells(members, by, metric, { millis, below: deps.randomBelow })
  return { ...said, cells, privacy: { epsilon: millis / 1000, spent: spentMillis / 1000, left: leftMillis / 1000 } }
}

export type Period = NonNullable<ReturnType<typeof datesOfPeriod>>

/** Over everywhere on Earth: answers about a period that goes on would change by a day. */
export function pastPeriod({ clock }: Pick<CohortDeps, 'clock'>, word: string): Period {
  const period = datesOfPeriod(word)
  const today = Temporal.Instant.fromEpochMilliseconds(clock.nowMs()).toZonedDateTimeISO('-12:00').toPlainDate().toString()
  if (period === undefined || period.to >= today) throw new Problem('bad_parameter', 'The period is not over yet.')
  return period
}

export function averagesOf(
  { warehouse }: Pick<CohortDeps, 'warehouse'>,
  name: TrendMetricName,
  { from, to, leastDays }: Period,
  userIds: readonly string[],
): Promise<readonly Average[]> {
  const { field, hrvKind, amount }: TrendMetric = trendMetrics[name]
  const query: AveragesQuery = { userIds, field, from, to, leastDays, ...(hrvKind && { hrvKind }), ...(amount && { leastWorn }) }
  return warehouse.averages(query)
}

export function membersOf(
  averages: readonly Average[],
  people: ReadonlyMap<string, KnownUser>,
  date: string,
): (Member & { readonly userId: string })[] {
  return averages.flatMap(({ userId, mean }) => {
    const user = people.get(userId)
    return user === undefined ? [] : [{ userId, ...traitsOf(user, date), value: mean }]
  })
}
