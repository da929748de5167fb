import type { AlgorithmRow } from './algorithms.ts'

const sine = 'GGIR’s sine of seven days (test_cosinor.R)'

export const rhythmAlgorithms = {
  interdaily_stability: {
    version: '1.0.0',
    definition:
      'Variance of the mean day ÷ variance of all hourly values, 0–1; gaps skipped. Here of hourly steps, 14 dates, at least 7 known',
    source: 'Witting 1990, Biol Psychiatry 27:563; Van Someren 1999, Chronobiol Int 16:505',
    checkedWith: `${sine}: 1; days alike 1; days that only differ 0; noise 1 ÷ days`,
    functions: ['signal/rest-activity.interdailyStability', 'signal/rest-activity.meanDay'],
  },
  intradaily_variability: {
    version: '1.0.0',
    definition: 'Mean squared difference of neighbouring hourly values ÷ their variance, 0 to about 2',
    source: 'Witting 1990; Van Someren 1999',
    checkedWith: `${sine}: 0.0677 to four digits; noise 2`,
    functions: ['signal/rest-activity.intradailyVariability'],
  },
  relative_amplitude: {
    version: '1.0.0',
    definition: '(M10 − L5) ÷ (M10 + L5): the ten busiest and the five quietest hours in a row of the mean day',
    source: 'Witting 1990; Van Someren 1999',
    checkedWith: 'GGIR’s day (test_MXLX.R): L5 0 at 12:00, M5 2 at 01:00; pyActigraphy’s square: −100, 100, and 1',
    functions: ['signal/rest-activity.leastActive', 'signal/rest-activity.mostActive', 'signal/rest-activity.relativeAmplitude'],
  },
  cosinor: {
    version: '1.0.0',
    definition: 'y = M + A·cos(2π(t − peak) ÷ 24 h) by least squares on ln(1 + value)',
    source: 'Nelson 1979, Chronobiologia 6:305; Cornelissen 2014, Theor Biol Med Model 11:16',
    checkedWith: `${sine}: mesor 6.259, amplitude 1.913, peak 06:00`,
    functions: ['signal/cosinor.cosinor', 'signal/cosinor.cosinorPeak', 'signal/cosinor.logCounts'],
  },
  sleep_regularity: {
    version: '1.0.0',
    definition: 'SRI = −100 + 200 × share of minutes in the same state, asleep or awake, as 24 h later; 14 dates, at least 7 pairs of them',
    source: 'Phillips 2017, Sci Rep 7:3216',
    checkedWith: 'GGIR’s six days (test_CalcSleepRegularityIndex.R): 80 each; constant 100; alternating −100',
    functions: ['signal/sleep-regularity.sleepRegularity'],
  },
  mid_sleep: {
    version: '1.0.0',
    definition: 'Halfway from falling asleep to waking, mean round the clock',
    source: 'Roenneberg 2003, J Biol Rhythms 18:80',
    checkedWith: 'nights by hand, on both sides of midnight',
    functions: ['analysis/sleep-timing.midSleep', 'analysis/sleep-timing.meanMidSleep'],
  },
  social_jetlag: {
    version: '1.0.0',
    definition: 'Mid-sleep of nights that end on Saturday or Sunday less that of the others, min; 28 dates, at least 3 and 8 nights',
    source: 'Wittmann 2006, Chronobiol Int 23:497; that weekends are free is our rule',
    checkedWith: 'nights by hand',
    functions: ['analysis/sleep-timing.socialJetlag'],
  },
  chronotype: {
    version: '1.0.0',
    definition: 'MSFsc = mid-sleep on free days − ½ (sleep on free days − mean sleep of the week), where free days are longer',
    source: 'Roenneberg 2004, Curr Biol 14:R1038',
    checkedWith: 'nights by hand',
    functions: ['analysis/sleep-timing.chronotype'],
  },
  sleep_debt: {
    version: '1.0.0',
    definition:
      'Σ of minutes missed below the need over 14 nights, at least 10 known; the need is the mean of the free nights of 28 dates within 7–9 h (from 65 years on 7–8 h), else 8 h',
    source: 'Van Dongen 2003, Sleep 26:117; bands by Hirshkowitz 2015, Sleep Health 1:40; the choice of the need is our rule',
    checkedWith: 'nights by hand',
    functions: ['analysis/sleep-timing.sleepDebt'],
  },
  baseline: {
    version: '1.0.0',
    definition:
      'Median and median absolute deviation of the 28 dates before, at least 7 known; usual range: median ± max(1.4826 · MAD, smallest useful change)',
    source: 'Leys 2013, J Exp Soc Psychol 49:764 (MAD); logarithm for variability: Plews 2013, Sports Med 43:773; 28 and 7 are our rule',
    checkedWith: 'series by hand',
    functions: ['analysis/baseline.baselinesOf', 'signal/statistics.median', 'signal/statistics.medianDeviation'],
  },
} as const satisfies Record<string, AlgorithmRow>
