import { z } from 'zod'

export interface RetentionPolicy {
  /** Hot age in years; null: until the trigger. */
  readonly retentionYears: number | null
  /** Total age in years, archived from the end of `retentionYears` on; null: for ever. */
  readonly archivalYears: number | null
  readonly deletionTrigger: string
  readonly backupFrequency: 'daily' | 'weekly' | 'real_time'
}

/** The specification's policies. The archival period is the total age, not time added. */
export const retentionPolicies = {
  user_profiles: { retentionYears: null, archivalYears: null, deletionTrigger: 'user_account_deletion', backupFrequency: 'daily' },
  raw_health_data: { retentionYears: 2, archivalYears: 5, deletionTrigger: 'retention_expiry', backupFrequency: 'daily' },
  processed_insights: { retentionYears: 5, archivalYears: 10, deletionTrigger: 'user_request_or_expiry', backupFrequency: 'weekly' },
  system_logs: { retentionYears: 1, archivalYears: 3, deletionTrigger: 'automatic', backupFrequency: 'daily' },
  audit_logs: { retentionYears: 7, archivalYears: null, deletionTrigger: 'legal_requirement_only', backupFrequency: 'real_time' },
} as const satisfies Record<string, RetentionPolicy>

export type RetentionClass = keyof typeof retentionPolicies

/** What a person may ask for: `indefinite` or a whole number of years, months or days. A wish may only shorten the policy. */
export const RetentionWish = z.string().regex(/^(?:indefinite|1_(?:year|month|day)|(?:[2-9]|[1-9][0-9]{1,2})_(?:years|months|days))$/)
export type RetentionWish = z.infer<typeof RetentionWish>

/** What becomes of a wish: itself, or the total age that the policy allows where that is less. */
export function effectiveWish(wish: RetentionWish, { archivalYears }: RetentionPolicy): RetentionWish {
  if (archivalYears === null) return wish
  const months = monthsOf(wish)
  return months !== undefined && months <= archivalYears * 12 ? wish : `${archivalYears}_years`
}

/** Undefined for `indefinite`. Days are fewer than 1,000, which no policy goes below. */
function monthsOf(wish: RetentionWish): number | undefined {
  const [count, unit = ''] = wish.split('_')
  if (unit === '') return undefined
  return Number(count) * (unit.startsWith('year') ? 12 : unit.startsWith('month') ? 1 : 0)
}
