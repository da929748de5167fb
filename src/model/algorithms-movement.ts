import type { AlgorithmRow } from './algorithms.ts'

export const movementAlgorithms = {
  choi_non_wear: {
    version: '1.0.0',
    definition: 'Not worn: at least 90 min of zero counts, in which up to 2 min of movement may lie with 30 min of zeros before and after',
    source: 'Choi 2011, Med Sci Sports Exerc 43:357',
    checkedWith: 'actigraph.sleepr on one day with three settings: every period to the minute',
    functions: ['signal/non-wear.choiNonWear'],
  },
  troiano_non_wear: {
    version: '1.0.0',
    definition: 'Not worn: at least 60 min of zero counts, interrupted by at most 2 min in a row of up to 100 counts',
    source: 'Troiano 2008, Med Sci Sports Exerc 40:181',
    checkedWith: 'actigraph.sleepr on one day with six settings: every period to the minute',
    functions: ['signal/non-wear.troianoNonWear'],
  },
  segment_merge: {
    version: '1.0.0',
    definition:
      'Totals of several sources: at every moment the best-ranked source that has a sample there counts alone, its value spread evenly over its time',
    source: 'Apple’s merged statistics (support.apple.com/HT204351)',
    checkedWith: 'the synthetic person’s truth: steps, distance, flights and energy of every day; merges by hand',
    functions: ['analysis/merge.mergeCumulative'],
  },
  active_minutes: {
    version: '1.0.0',
    definition: 'The device’s exercise minutes; else the minutes that are at least moderate by `intensity`',
    source: 'our rule, on Tudor-Locke 2018, Br J Sports Med 52:776',
    checkedWith: 'the synthetic person’s truth; days made by hand',
    functions: ['analysis/activity.addActivity'],
  },
  intensity: {
    version: '1.0.0',
    definition:
      'A minute is moderate from 100 steps or 64 % of the highest heart rate on, vigorous from 130 steps or 77 %; heart rate counts where the age is known',
    source: 'Tudor-Locke 2018, Br J Sports Med 52:776, and 2019, IJBNPA 16:8; Garber 2011, Med Sci Sports Exerc 43:1334',
    checkedWith: 'minutes on both sides of each limit',
    functions: ['analysis/intensity.intensityOf'],
  },
  sedentary_bouts: {
    version: '1.0.0',
    definition:
      'Minutes worn and awake without a step and below moderate; the longest unbroken stretch; stretches of at least 60 min. Given with at least 10 h worn and awake',
    source: 'Tudor-Locke 2011, Prev Med 53:178 (cadence 0); Diaz 2017, Ann Intern Med 167:465 (bouts); Troiano 2008 (10 h)',
    checkedWith: 'days made by hand',
    functions: ['analysis/intensity.sedentaryBouts'],
  },
} as const satisfies Record<string, AlgorithmRow>
