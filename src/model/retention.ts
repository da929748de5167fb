import { z } from 'zod'
import { issue } from './text.ts'

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

/** What an operator may set of a policy: the years. What ends it and how often it is backed up is the specification's. */
function policyOf<C extends RetentionClass>(
  name: C,
  years: { readonly retention: z.ZodType<number | null>; readonly archival: z.ZodType<number | null> },
) {
  const { retentionYears, archivalYears, deletionTrigger, backupFrequency } = retentionPolicies[name]
  return z
    .strictObject({
      retentionYears: years.retention.default(retentionYears),
      archivalYears: years.archival.default(archivalYears),
      deletionTrigger: z.literal(deletionTrigger).default(deletionTrigger as never),
      backupFrequency: z.literal(backupFrequency).default(backupFrequency as never),
    })
    .superRefine(({ retentionYears: hot, archivalYears: total }, context) => {
      if (hot !== null && total !== null && total < hot)
        context.addIssue({
          ...issue('out_of_range', 'The archival period is the total age: not less than the retention period'),
          path: ['archivalYears'],
        })
    })
    .prefault({})
}

const MOST_YEARS = 100
const whole = (least: number) => z.int().min(least).max(MOST_YEARS)

/** The policies as they may be set: data of people for 1 to 100 whole years; profiles until the account goes; audit longer than the specification's seven years, never shorter, and for ever. */
export const RetentionPolicies = z.strictObject({
  user_profiles: policyOf('user_profiles', { retention: z.null(), archival: z.null() }),
  raw_health_data: policyOf('raw_health_data', { retention: whole(1), archival: whole(1) }),
  processed_insights: policyOf('processed_insights', { retention: whole(1), archival: whole(1) }),
  system_logs: policyOf('system_logs', { retention: whole(1), archival: whole(1) }),
  audit_logs: policyOf('audit_logs', { retention: whole(retentionPolicies.audit_logs.retentionYears), archival: z.null() }),
})
export type RetentionPolicies = z.infer<typeof RetentionPolicies>

/** What a person may ask for: `indefinite` or a whole number of years, months or days. A wish may only shorten the policy. */
export const RetentionWish = z.string().regex(/^(?:indefinite|1_(?:year|month|day)|(?:[2-9]|[1-9][0-9]{1,2})_(?:years|months|days))$/)
export type RetentionWish = z.infer<typeof RetentionWish>

/** What a person can wish for, and the policy that caps it. */
export const wishClasses = {
  rawData: 'raw_health_data',
  insights: 'processed_insights',
  analytics: 'processed_insights',
} as const satisfies Record<string, RetentionClass>

/** What becomes of a wish: itself, or the total age that the policy allows where that is less. */
export function effectiveWish(wish: RetentionWish, { archivalYears }: Pick<RetentionPolicy, 'archivalYears'>): RetentionWish {
  if (archivalYears === null) return wish
  const days = daysOf(wish)
  return days !== undefined && days <= archivalYears * DAYS_A_YEAR ? wish : yearsAsWish(archivalYears)
}

export function yearsAsWish(years: number): RetentionWish {
  return years === 1 ? '1_year' : `${years}_years`
}

const DAYS_A_YEAR = 365
const DAYS_A_MONTH = DAYS_A_YEAR / 12

/** As years of 365 days count them, so that twelve months are a year; undefined for `indefinite`. */
function daysOf(wish: RetentionWish): number | undefined {
  const [count, unit = ''] = wish.split('_')
  if (unit === '') return undefined
  return Number(count) * (unit.startsWith('year') ? DAYS_A_YEAR : unit.startsWith('month') ? DAYS_A_MONTH : 1)
}
