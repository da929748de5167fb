import type { AlgorithmRow } from './algorithms.ts'

const actiLifeDay = '1,500 minutes scored by ActiLife (actigraph.sleepr, GT3XPlus-RawData-Day01)'

export const sleepAlgorithms = {
  cole_kripke: {
    version: '1.0.0',
    definition:
      'Sleep where D = 0.001·(106a₋₄ + 54a₋₃ + 58a₋₂ + 76a₋₁ + 230a₀ + 74a₊₁ + 67a₊₂) < 1; a = min(counts ÷ 100, 300) of each minute, zero outside the record',
    source: 'Cole 1992, Sleep 15:461, in the form of ActiLife',
    checkedWith: `${actiLifeDay}: 1,500 of 1,500 labels equal`,
    functions: ['signal/sleep-wake.coleKripke'],
  },
  sadeh: {
    version: '1.0.0',
    definition:
      'Sleep where 7.601 − 0.065·(mean of 11 min) − 1.08·(minutes of 50 ≤ counts < 100 among them) − 0.056·(SD of this and the 5 before) − 0.703·ln(counts + 1) > −4; counts of each minute, at most 300',
    source: 'Sadeh 1994, Sleep 17:201, with the cut-off of ActiLife (the paper: 0)',
    checkedWith: `${actiLifeDay}: 1,500 of 1,500 labels equal`,
    functions: ['signal/sleep-wake.sadeh'],
  },
  webster_rescoring: {
    version: '1.0.0',
    definition:
      'After 4, 10 or 15 min awake the next 1, 3 or 4 min of sleep become waking; so do up to 6 min of sleep between 10 min awake on both sides, and up to 10 min between 20',
    source: 'Webster 1982, Sleep 5:389',
    checkedWith: 'the pattern of pyActigraphy’s tests, 91 minutes: every minute of sleep rescored',
    functions: ['signal/sleep-wake.websterRescored'],
  },
  sleep_periods: {
    version: '1.0.0',
    definition: 'From the first of 5 min asleep in a row to the first of 10 min awake, 160–1,440 min long',
    source: 'Tudor-Locke 2014, Appl Physiol Nutr Metab 39:53',
    checkedWith: 'actigraph.sleepr on one day with three settings: 10 of 10 periods to the minute',
    functions: ['signal/sleep-periods.sleepPeriods'],
  },
  sleep_figures: {
    version: '1.0.0',
    definition:
      'Of the epochs in bed: onset latency to the first asleep; waking after onset, between the first and the last asleep; awakenings, the stretches awake there; efficiency = asleep ÷ in bed',
    source: 'Iber 2007 (AASM manual); Reed & Sacco 2016, J Clin Sleep Med 12:263',
    checkedWith:
      'actigraph.sleepr’s ten periods: sleep, waking, awakenings and efficiency equal to the digits given; a night counted by hand',
    functions: ['signal/sleep-periods.sleepFigures'],
  },
  sleep_fragmentation: {
    version: '1.0.0',
    definition:
      'Movement index: minutes with counts, % of the period. Fragmentation index: stretches asleep of 1 min, % of all stretches asleep',
    source: 'ActiLife, as Tudor-Locke 2014 uses it',
    checkedWith: 'actigraph.sleepr’s ten periods: equal to three digits',
    functions: ['signal/sleep-periods.fragmentationOf'],
  },
  main_sleep: {
    version: '1.0.0',
    definition:
      'Of the sleeps that end on the date the longest that touches 21:00–09:00 or lasts 3 h, at least 60 min asleep; the others are naps. Minutes are the union of what the best source says, waking taken out; awakenings of at least 5 min',
    source: 'our rule; efficiency by Reed & Sacco 2016, J Clin Sleep Med 12:263',
    checkedWith: 'the synthetic person’s truth: onset, wake, minutes and stages of every night equal',
    functions: ['analysis/sleep.addSleep'],
  },
  sleep_estimate: {
    version: '1.0.0',
    definition:
      'Cole–Kripke with Webster’s rescoring on counts estimated from steps or energy, where heart rate shows that the device was worn: the period of 3–14 h, at least 80 % asleep, whose heart rate lies farthest below the median for the longest time',
    source:
      'Cole 1992; Webster 1982; blocks joined as by van Hees 2018, Sci Rep 8:12975; the scale of the counts is our rule, and not calibrated',
    checkedWith: 'nights made by hand, and the synthetic person with its sleep records taken away',
    functions: ['analysis/sleep-estimate.estimateSleep'],
  },
  staged_sleep: {
    version: '1.0.0',
    definition:
      'Minutes by stage of the epochs that a model staged, between the first and the last asleep; confidence is the mean probability of the stages given; agreement with a device: share of equal epochs, and Cohen’s κ',
    source: 'Cohen 1960, Educ Psychol Meas 20:37; the model’s own card',
    checkedWith: 'a table counted by hand; κ of the textbook example 20, 5, 10, 15 (0.4)',
    functions: ['analysis/staged-sleep.stagedRecord', 'analysis/staged-sleep.deviceStages', 'analysis/staged-sleep.agreementOf'],
  },
  stage_smoothing: {
    version: '1.0.0',
    definition:
      'Stages of an epoch given all epochs of the night: forward–backward over the chain of the model’s version, its transitions raised to a power and part of each stage’s prior divided out of what the model says',
    source: 'Rabiner 1989, Proc IEEE 77:257; the powers stand in the version, chosen on people whom the networks had not seen',
    checkedWith: 'every path of a chain of three states over four places, weighed one by one: equal to 6 digits',
    functions: ['signal/forward-backward.smoothedStates'],
  },
} as const satisfies Record<string, AlgorithmRow>
