import { cohortCells, rankAmong } from '../analysis/cohort.ts'
import { LEAST_PEOPLE, type Peers } from '../model/cohort.ts'
import { type TrendMetric, type TrendMetricName, trendMetrics } from '../model/trend-metrics.ts'
import { averagesOf, type CohortDeps, membersOf, pastPeriod } from './cohort.ts'
import { consentingPeople } from './consenting-people.ts'
import { type KnownUser, requireUser } from './manage-user.ts'
import { traitsOf } from './traits.ts'

/**
 * Where a person stands among people of their age band and sex who consented; nothing of these where they are fewer than 11, nor how many. Throws
 * `Problem('not_found')`, and `bad_parameter` for a period that is not over.
 */
export async function findPeers(
  deps: Omit<CohortDeps, 'randomBelow'>,
  userId: string,
  { metric: name, period: word }: { readonly metric: TrendMetricName; readonly period: string },
): Promise<Peers> {
  const metric: TrendMetric = trendMetrics[name]
  const period = pastPeriod(deps, word)
  const { user } = await requireUser(deps, userId)
  const { activityLevel: _, ...band } = traitsOf(user, period.to)
  const own = (await averagesOf(deps, name, period, [userId]))[0]?.mean
  const said = { metric: name, unit: metric.unit, periodStart: period.from, periodEnd: period.to, band }
  if (own === undefined) return { ...said, reasons: [{ field: 'value', code: 'too_few_days', need: period.leastDays }] }
  const people = new Map([...(await consentingPeople(deps, 'anonymousAnalytics'))].filter(([, other]) => isOf(band, other, period.to)))
  const members = membersOf(await averagesOf(deps, name, period, [...people.keys()]), people, period.to)
  // The cell that everybody is told, so that nothing follows from the difference.
  const cell = cohortCells(members, ['ageBand', 'sex'], metric).find((each) => each.ageBand === band.ageBand && each.sex === band.sex)
  if (cell === undefined || cell.suppressed)
    return { ...said, value: own, reasons: [{ field: 'people', code: 'too_few_people', need: LEAST_PEOPLE }] }
  const { people: count, percentiles } = cell
  const others = members.filter((member) => member.userId !== userId).map(({ value }) => value)
  return { ...said, value: own, people: count, percentiles, rank: rankAmong(own, others), reasons: [] }
}

function isOf({ ageBand, sex }: Peers['band'], user: KnownUser, date: string): boolean {
  const traits = traitsOf(user, date)
  return traits.ageBand === ageBand && traits.sex === sex
}
