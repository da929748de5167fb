import { z } from 'zod'
import { Reason } from './day.ts'
import { CalendarDate, Id, Instant, text } from './text.ts'

/** What a number in a sentence rests on. */
export const Evidence = z.object({
  metric: z.string(),
  value: z.number(),
  unit: z.string(),
  /** The time that the value speaks of: a date, `night`, `7d` … */
  window: z.string(),
  /** The person's own past: median and median absolute deviation over `n` days of the window. */
  baseline: z.object({ median: z.number(), mad: z.number().min(0), n: z.int().min(0), window: z.string() }).optional(),
})
export type Evidence = z.infer<typeof Evidence>

export const Statement = z.object({ text: z.string(), evidence: z.array(Evidence) })
export type Statement = z.infer<typeof Statement>

const Sentences = z.array(text(0, 1000)).max(1000)

// A figure without enough data is absent and explained in `reasons`: missing is not zero.
export const SleepAnalysis = z.object({
  /** Hours. */
  totalSleep: z.number().min(0).max(24).optional(),
  sleepEfficiency: z.number().min(0).max(1).optional(),
  /** Hours by stage. */
  sleepStages: z.record(z.string(), z.number()).optional(),
  insights: Sentences,
})
export type SleepAnalysis = z.infer<typeof SleepAnalysis>

export const ActivityAnalysis = z.object({
  totalSteps: z.int().min(0).optional(),
  activeMinutes: z.int().min(0).optional(),
  /** Kilocalories, active plus basal. */
  caloriesBurned: z.int().min(0).optional(),
  insights: Sentences,
})
export type ActivityAnalysis = z.infer<typeof ActivityAnalysis>

export const HeartRateAnalysis = z.object({
  /** Wider than the specification's 100: healthy people with 109 exist (Quer 2020, PLoS ONE 15:e0227709). */
  restingHeartRate: z.int().min(30).max(220).optional(),
  averageHeartRate: z.int().min(30).max(220).optional(),
  /** Milliseconds, of the kind that `hrvKind` says. */
  heartRateVariability: z.int().min(0).max(500).nullish(),
  hrvKind: z.enum(['sdnn', 'rmssd']).optional(),
  insights: Sentences,
})
export type HeartRateAnalysis = z.infer<typeof HeartRateAnalysis>

const ClockTime = z.string().regex(/^\d\d:\d\d$/)

/** Rhythm over the last weeks; definitions in docs/algorithms.md. Added to the specification. */
export const CircadianAnalysis = z.object({
  /** −100 to 100. */
  sleepRegularity: z.number().min(-100).max(100).optional(),
  midSleep: ClockTime.optional(),
  chronotype: ClockTime.optional(),
  /** Minutes by which mid-sleep is later on weekends; below zero earlier. */
  socialJetlag: z.number().optional(),
  /** Minutes missed over 14 nights, and the need that they are held against. */
  sleepDebt: z.number().min(0).optional(),
  sleepNeed: z.number().min(0).optional(),
  interdailyStability: z.number().min(0).max(1).optional(),
  intradailyVariability: z.number().min(0).optional(),
  relativeAmplitude: z.number().min(-1).max(1).optional(),
  /** When the five quietest and the ten busiest hours begin, and when movement peaks. */
  quietFrom: ClockTime.optional(),
  busyFrom: ClockTime.optional(),
  activityPeak: ClockTime.optional(),
  insights: Sentences,
})
export type CircadianAnalysis = z.infer<typeof CircadianAnalysis>

export const Narrative = z.object({ summary: text(10, 1000), recommendations: Sentences, achievements: Sentences })
export type Narrative = z.infer<typeof Narrative>

export const InsightStatus = z.enum(['pending', 'processing', 'completed', 'failed'])

export const InsightMetadata = z.object({
  generatedAt: Instant,
  modelVersion: z.string(),
  /** Seconds. */
  processingTime: z.number().min(0),
  confidence: z.number().min(0).max(1),
  narrator: z.string().optional(),
  /** Why the summary is the template's and not that of the narrator asked: `timed_out`, `unsupported_number` … */
  fallback: z.string().optional(),
  /** The factors that `confidence` is made of. */
  confidenceParts: z.record(z.string(), z.number()).optional(),
})
export type InsightMetadata = z.infer<typeof InsightMetadata>

/** The daily document as the specification has it; what is added to it is optional. */
export const DailyInsight = z.object({
  insightId: Id,
  userId: Id,
  date: CalendarDate,
  type: text(1, 100).default('daily_summary'),
  status: InsightStatus,
  data: z.object({
    sleepAnalysis: SleepAnalysis.optional(),
    activityAnalysis: ActivityAnalysis.optional(),
    heartRateAnalysis: HeartRateAnalysis.optional(),
    circadianAnalysis: CircadianAnalysis.optional(),
  }),
  narrative: Narrative.optional(),
  metadata: InsightMetadata,
  /** By JSON Pointer of the sentence: `/narrative/summary`, `/data/sleepAnalysis/insights/0`. */
  evidence: z.record(z.string(), z.array(Evidence)).optional(),
  reasons: z.array(Reason).optional(),
  /** By JSON Pointer: the algorithm behind a figure that the day does not name itself, `sleep_regularity@1.0.0`. */
  methods: z.record(z.string(), z.string()).optional(),
  revision: z.int().min(1).optional(),
  algorithm: z.string().optional(),
  algorithmVersion: z.string().optional(),
  inputHash: z.string().optional(),
})
export type DailyInsight = z.infer<typeof DailyInsight>

/** A daily insight that we made. */
export const StoredInsight = DailyInsight.required({
  evidence: true,
  reasons: true,
  revision: true,
  algorithm: true,
  algorithmVersion: true,
  inputHash: true,
})
export type StoredInsight = z.infer<typeof StoredInsight>

/** `insight_20240120_daily`: one a person and date. */
export function dailyInsightId(date: string): string {
  return `insight_${date.replaceAll('-', '')}_daily`
}
