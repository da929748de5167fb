/** How trends, changes and aggregates are made: rows of the table of algorithms, each with the functions that compute it. */
export const trendAlgorithms = {
  theil_sen: {
    version: '1.0.0',
    definition: 'median of the slopes between all pairs of days, in units a day, and its 90 % interval by the distribution of Kendall’s S',
    source: 'Theil 1950, Indag Math 12:85; Sen 1968, J Am Stat Assoc 63:1379',
    checkedWith: 'SciPy 1.17.1 theilslopes on 45 series with ties and gaps, to 1e-9',
    functions: ['signal/theil-sen.theilSen'],
  },
  mann_kendall: {
    version: '1.0.0',
    definition: 'two-sided p of a trend: exact up to ten values, ties included; normal with continuity correction above',
    source: 'Mann 1945, Econometrica 13:245; Kendall 1975, Rank Correlation Methods',
    checkedWith: 'pymannkendall 1.4.3 and SciPy 1.17.1 kendalltau on 45 series, to 1e-9; all orders of up to six values',
    functions: [
      'signal/mann-kendall.mannKendall',
      'signal/mann-kendall.varianceOfS',
      'signal/mann-kendall.tieGroups',
      'signal/normal.twoSidedTail',
    ],
  },
  level_shift: {
    version: '1.0.0',
    definition:
      'a new median that holds for seven values and more, found forward by ranks at p of 0.001 at most, placed where two medians fit best',
    source: 'Pettitt 1979, J R Stat Soc C 28:126; looking forward and the place by medians are our rule',
    checkedWith: 'pyhomogeneity 1.1 pettitt_test on 24 series, to 1e-9; planted shifts',
    functions: ['signal/level-shifts.levelShifts', 'signal/level-shifts.pettitt'],
  },
  discrete_laplace: {
    version: '1.0.0',
    definition: 'whole numbers with probability proportional to exp(−ε·|x|), by an exact sampler',
    source: 'Canonne, Kamath & Steinke 2020, arXiv 2004.00010, algorithm 2',
    checkedWith: 'the closed formula, by chi-square over 200,000 draws at three ε; the ratio of neighbouring counts over 400,000',
    functions: ['signal/discrete-laplace.discreteLaplace'],
  },
} as const
