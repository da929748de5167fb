/** What a day or week is held against. Each has its published source; docs/insights.md says more. */
export const goals = {
  /** Steps a day where mortality is lowest or nearly so at every adult age: Paluch 2022, Lancet Public Health 7:e219. */
  dailySteps: 8000,
  /** Median steps a day below which a life counts as sedentary: Tudor-Locke 2013, IJBNPA 10:100 (adults: index 5,000). */
  lowSteps: 5000,
  /** Moderate minutes a week for adults; vigorous ones count here as much as moderate ones, so less is never called enough. WHO 2020, Bull, BJSM 54:1451. */
  weeklyActiveMinutes: 150,
  /** Hours of sleep for adults, and from 65 years on: Hirshkowitz 2015, Sleep Health 1:40. */
  sleepHours: { adult: [7, 9], older: [7, 8] },
  /** Minutes of sleep under which no adult under 65 is advised to stay: the same. */
  shortNight: 360,
  /** Minutes between the earliest and the latest bedtime of a week: our choice; that regularity matters: Sletten 2023, Sleep Health 9:801. */
  regularBedtimes: 60,
  irregularBedtimes: 120,
  /** Beats a minute over the median, two nights running: NightSignal, Alavi 2022, Nat Med 28:175. */
  raisedRestingHeartRate: 4,
} as const

/** What a person may choose otherwise. */
export interface OwnGoals {
  readonly dailySteps?: number
}
