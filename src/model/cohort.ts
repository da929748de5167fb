import { z } from 'zod'
import { Reason } from './day.ts'
import { CalendarDate } from './text.ts'
import { TrendMetricWord } from './trend-metrics.ts'
import { ActivityLevel, Gender } from './user.ts'

/** Fewer people than this are nobody's business: no answer is about so few, and no two answers differ by so few. */
export const LEAST_PEOPLE = 11

export const ageBands = ['under_18', '18_29', '30_39', '40_49', '50_59', '60_69', '70_79', '80_and_over', 'unknown'] as const
export const sexes = [...Gender.options, 'unknown'] as const
export const activityLevels = [...ActivityLevel.options, 'unknown'] as const

/** What people are told apart by, the coarsest first. */
export const Trait = z.enum(['ageBand', 'sex', 'activityLevel'])
export type Trait = z.infer<typeof Trait>

export const traitWords = { ageBand: ageBands, sex: sexes, activityLevel: activityLevels } as const

const Traits = z.object({
  ageBand: z.enum(ageBands).optional(),
  sex: z.enum(sexes).optional(),
  activityLevel: z.enum(activityLevels).optional(),
})
export type Traits = z.infer<typeof Traits>

const Period = { periodStart: CalendarDate, periodEnd: CalendarDate }

const Percentiles = z.object({ p10: z.number(), p25: z.number(), p50: z.number(), p75: z.number(), p90: z.number() })

export const CohortCell = Traits.extend({
  /** Too few people, or none: which of both is not said. */
  suppressed: z.boolean(),
  /** Rounded down to a multiple of five, 11 at least. */
  people: z.int().optional(),
  /** Over people, of each one's mean over the period; rounded to a tenth of the smallest useful change, as are the percentiles. */
  mean: z.number().optional(),
  percentiles: Percentiles.optional(),
})
export type CohortCell = z.infer<typeof CohortCell>

/** Aggregates over people who consented. */
export const Cohort = z.object({
  metric: TrendMetricWord,
  unit: z.string(),
  ...Period,
  by: z.array(Trait),
  cells: z.array(CohortCell),
  /** Where noise was asked for. */
  privacy: z
    .object({
      epsilon: z.number(),
      /** Of the calendar year's budget, this answer included. */
      spent: z.number(),
      left: z.number(),
    })
    .optional(),
})
export type Cohort = z.infer<typeof Cohort>

/** Where one person stands among consenting people of their age band and sex. */
export const Peers = z.object({
  metric: TrendMetricWord,
  unit: z.string(),
  ...Period,
  band: Traits.pick({ ageBand: true, sex: true }),
  /** The person's own mean over the period. */
  value: z.number().optional(),
  people: z.int().optional(),
  percentiles: Percentiles.optional(),
  /** Share of the others, 0 to 100, whose mean is lower; to the next five. */
  rank: z.number().min(0).max(100).optional(),
  reasons: z.array(Reason),
})
export type Peers = z.infer<typeof Peers>

/** `privacyBudgets/{year}`: what noisy answers of a calendar year have told, in thousandths of ε. */
export const PrivacyBudget = z.object({
  year: z.int(),
  spentMillis: z.int().min(0),
  releases: z.array(
    z.object({ at: z.string(), by: z.string(), metric: TrendMetricWord, ...Period, traits: z.array(Trait), millis: z.int().min(1) }),
  ),
})
export type PrivacyBudget = z.infer<typeof PrivacyBudget>
