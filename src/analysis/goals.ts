/** What a day or week is held against. Each has its published source; docs/insights.md says more. */
export const goals = {
  /** Fewer deaths up to 6,000–8,000 steps a day from 60 years on, 8,000–10,000 below: Paluch 2022, Lancet Public Health 7:e219. */
  dailySteps: 8000,
  /** Steps a day below which a life counts as sedentary: Tudor-Locke 2013, Appl Physiol Nutr Metab 38:100; of the week's median: our choice. */
  lowSteps: 5000,
  /** Minutes a week for adults, moderate or vigorous ones: WHO 2020, Bull, BJSM 54:1451. A day does not say which of its minutes were vigorous. */
  weeklyActiveMinutes: 150,
  weeklyVigorousMinutes: 75,
  /** Hours of sleep recommended to adults, and from 65 years on; under `shortest` is not recommended to anyone: Hirshkowitz 2015, Sleep Health 1:40. */
  sleepHours: { adult: { low: 7, high: 9, shortest: 6 }, older: { low: 7, high: 8, shortest: 5 } },
  /** Of someone whose free days do not say it; what is usually taken, between 7 and 9 h. */
  sleepNeedMinutes: 480,
  /** Minutes between the earliest and the latest bedtime of a week: our choice; that regularity matters: Sletten 2023, Sleep Health 9:801. */
  regularBedtimes: 60,
  irregularBedtimes: 120,
  /** Sleep regularity index: the quartiles of 60,977 people (Windred 2024, Sleep 47:zsad253). */
  regularity: { low: 73.8, high: 86.3 },
  /** Beats a minute over the median, two nights running: NightSignal, Alavi 2022, Nat Med 28:175; of 28 days: our choice. */
  raisedRestingHeartRate: 4,
} as const

/** What a person may choose otherwise. */
export interface OwnGoals {
  readonly dailySteps?: number
}
