import type { PrivacyBudget } from '../model/cohort.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { putVersioned } from './versions.ts'

/** ε of all noisy answers of a calendar year together, in thousandths: all of them are about the same people. */
const YEAR_MILLIS = 4000

type Release = PrivacyBudget['releases'][number]

export interface Spent {
  readonly spentMillis: number
  readonly leftMillis: number
}

/**
 * Writes down what an answer will tell before it is told; atomic, so that answers at once never overspend. Throws `Problem('budget_spent')`
 * where the rest of the year's budget is less.
 */
export async function spendPrivacy(
  { documents, clock }: { readonly documents: Documents; readonly clock: Clock },
  release: Omit<Release, 'at'>,
): Promise<Spent> {
  const at = formatInstant(clock.nowMs())
  const year = Number(at.slice(0, 4))
  const { body } = await putVersioned<PrivacyBudget, PrivacyBudget>(documents, `privacyBudgets/${year}`, (stored) => {
    const { spentMillis = 0, releases = [] } = stored?.body ?? {}
    const spent = spentMillis + release.millis
    if (spent > YEAR_MILLIS)
      throw new Problem(
        'budget_spent',
        `Of the budget of ${year} ε = ${(YEAR_MILLIS - spentMillis) / 1000} is left, and this answer takes more.`,
      )
    return { body: { year, spentMillis: spent, releases: [...releases, { at, ...release }] } }
  })
  return { spentMillis: body.spentMillis, leftMillis: YEAR_MILLIS - body.spentMillis }
}
