import { effectiveWish, type RetentionPolicies, type RetentionWish, yearsAsWish } from '../model/retention.ts'
import { beginOf } from '../model/retention-age.ts'
import { type RetentionKind, retentionKindNames, retentionKinds } from '../model/retention-kind.ts'
import type { Preferences } from '../model/user.ts'

/** How long a person's data of one kind are kept, and what that comes to at one instant. */
export interface KindRetention {
  readonly kind: RetentionKind
  readonly wish: RetentionWish
  /** Until this age they are where they came in. */
  readonly hot: RetentionWish
  /** At this age they are destroyed; between the two they are archived. */
  readonly total: RetentionWish
  /** What began before is to be archived. Not before `goneBefore`. */
  readonly hotBefore: string
  /** What began before is to be destroyed. */
  readonly goneBefore: string
}

/** The policies as far as the person's wish does not shorten them; `now` is a stored instant. */
export function retentionOf(
  policies: RetentionPolicies,
  { dataRetention }: Pick<Preferences, 'dataRetention'>,
  now: string,
): readonly KindRetention[] {
  return retentionKindNames.map((kind) => {
    const policy = policies[retentionKinds[kind].class]
    const wish = kind === 'systemLogs' ? 'indefinite' : dataRetention[kind]
    const total = effectiveWish(wish, policy)
    // Years of 365 days and those of the calendar differ by days: what is destroyed first is what counts.
    const goneBefore = later(beginOf(total, now), beginOf(yearsAsWish(policy.archivalYears ?? 0), now))
    const hotBefore = later(goneBefore, beginOf(yearsAsWish(policy.retentionYears ?? 0), now))
    const hot = hotBefore === goneBefore ? total : yearsAsWish(policy.retentionYears ?? 0)
    return { kind, wish, hot, total, hotBefore, goneBefore }
  })
}

function later(a = '', b = ''): string {
  return a > b ? a : b
}

/** Before this an index's field is: of dates, those that were over. */
export function beforeOf(ageing: { readonly at: string }, before: string): string {
  return isDate(ageing) ? before.slice(0, 10) : before
}

function isDate({ at }: { readonly at: string }): boolean {
  return at === 'date' || at === 'localDate'
}
