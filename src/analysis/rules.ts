import { achievements } from './achievements.ts'
import { comparisons } from './comparison.ts'
import { levelShifts } from './level-shift-sentences.ts'
import { recommendations } from './recommendations.ts'
import { remarks } from './remarks.ts'
import type { Rule } from './rule.ts'
import { activityRules } from './rules-activity.ts'
import { activityWeekRules } from './rules-activity-week.ts'
import { heartRules } from './rules-heart.ts'
import { recoveryRules } from './rules-recovery.ts'
import { rhythmRules } from './rules-rhythm.ts'
import { sleepRules } from './rules-sleep.ts'
import { sleepQualityRules } from './rules-sleep-quality.ts'
import { sleepTimingRules } from './rules-sleep-timing.ts'

/** Every kind of sentence that an insight may hold, in the order in which they stand in their section. */
export const rules: readonly Rule[] = [
  ...comparisons,
  ...remarks,
  ...levelShifts,
  ...sleepRules,
  ...sleepQualityRules,
  ...activityRules,
  ...activityWeekRules,
  ...heartRules,
  ...recoveryRules,
  ...sleepTimingRules,
  ...rhythmRules,
  ...achievements,
  ...recommendations,
]
