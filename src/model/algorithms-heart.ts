import type { AlgorithmRow } from './algorithms.ts'

const intervals = '1,000 intervals of hrv-analysis'

export const heartAlgorithms = {
  resting_heart_rate: {
    version: '1.0.0',
    definition:
      'The device’s own value of the day; else the lowest 5-min mean with no step in it and in the 4 min before, asleep if there are at least 4 such windows, else of the day, /min',
    source: 'Speed 2023, PLOS Digit Health 2:e0000236 (heart rate settles after 4 min of rest); the choice of the lowest mean is our rule',
    checkedWith: 'the synthetic person’s truth, every day equal; days made by hand',
    functions: ['analysis/heart.addHeartRate'],
  },
  rmssd: {
    version: '1.0.0',
    definition: '√ of the mean squared difference of successive RR intervals, ms',
    source: 'Task Force 1996, Circulation 93:1043',
    checkedWith: `${intervals}: 19.519400785039664, equal to 10 digits`,
    functions: ['signal/rr-variability.rmssd'],
  },
  sdnn: {
    version: '1.0.0',
    definition: 'Standard deviation (n − 1) of RR intervals, ms',
    source: 'Task Force 1996, Circulation 93:1043',
    checkedWith: `${intervals}: 43.113074968427306, equal to 10 digits`,
    functions: ['signal/rr-variability.sdnn'],
  },
  pnn50: {
    version: '1.0.0',
    definition: 'Successive RR intervals that differ by more than 50 ms, % of the differences',
    source: 'Task Force 1996, Circulation 93:1043',
    checkedWith: `${intervals}: 2.4024024 % (pNN20 22.5225225 %), equal to 6 digits`,
    functions: ['signal/rr-variability.pnnOver'],
  },
  rr_spectrum: {
    version: '1.0.0',
    definition:
      'Power of RR intervals in 0–0.04, 0.04–0.15 and 0.15–0.4 Hz, ms²: cubic spline (not-a-knot) at 4 Hz, Welch’s spectrum of 256 values that overlap by half under a Hann window, trapezoid rule',
    source: 'Task Force 1996; Welch 1967, IEEE Trans Audio Electroacoust 15:70; de Boor 1978',
    checkedWith: 'real_rri.txt of rhenanbartels/hrv: 844.50, 1343.51, 1414.88, equal to one digit; scipy 1.17 on the same',
    functions: [
      'signal/rr-spectrum.rrBands',
      'signal/spectrum.welchSpectrum',
      'signal/spectrum.bandPower',
      'signal/cubic-spline.cubicSpline',
    ],
  },
  rr_filters: {
    version: '1.0.0',
    definition:
      'Intervals that are taken out: outside 300–2,000 ms; more than 20 % from the one before (Malik); +32.5 or −24.5 % (Kamath); 20 % from the mean of the neighbours (Karlsson); 20 % from the mean of nine before (Acar)',
    source:
      'Malik 1989, Eur Heart J 10:1060; Kamath & Fallen 1995; Karlsson 2012, BioMed Eng OnLine 11:2; Acar 2000, Med Biol Eng Comput 38:272',
    checkedWith: 'hrv-analysis’ examples of Malik, Kamath and Karlsson: the same beats; Acar and the range by hand',
    functions: [
      'signal/rr-filters.outsideRange',
      'signal/rr-filters.malikFilter',
      'signal/rr-filters.kamathFilter',
      'signal/rr-filters.karlssonFilter',
      'signal/rr-filters.acarFilter',
    ],
  },
  rr_correction: {
    version: '1.0.0',
    definition:
      'Ectopic, missed and extra beats and intervals too long or short, told by differences and distances from an 11-beat median in units of 5.2 quartile deviations of 91 beats; missed beats put in, extra ones taken out, the others interpolated',
    source: 'Lipponen & Tarvainen 2019, J Med Eng Technol 43:173',
    checkedWith: 'a series with a missed, an extra and an early beat put in: each found at its place, RMSSD back within 3, 3 and 5 %',
    functions: ['signal/rr-correction.correctedRr'],
  },
  nightly_hrv: {
    version: '1.0.0',
    definition:
      'Mean of the device’s SDNN readings (at least 3) or RMSSD readings in the asleep time of the main sleep, ms; else RMSSD of the beats there, corrected, of stretches with at most 5 % artefacts; else the mean of the day’s readings, marked `spot`. SDNN and RMSSD are never mixed',
    source: 'Task Force 1996; Shaffer & Ginsberg 2017, Front Public Health 5:258; the least of readings is our rule',
    checkedWith: 'the synthetic person’s truth, every night equal to a hundredth; beats made by hand',
    functions: ['analysis/night-signs.addNightSigns', 'analysis/beat-variability.variabilityOfBeats'],
  },
  average_heart_rate: {
    version: '1.0.0',
    definition: 'Mean weighted by time, each reading holding until the next, at most 10 min, /min; at least 60 min held',
    source: 'our rule: workouts are sampled more densely',
    checkedWith: 'days made by hand',
    functions: ['analysis/heart.addHeartRate'],
  },
  heart_rate_zones: {
    version: '1.0.0',
    definition:
      'Minutes at 50–60, 60–70, 70–80, 80–90 and from 90 % of the reserve between resting and highest heart rate; highest = 208 − 0.7 · age',
    source: 'Karvonen 1957, Ann Med Exp Biol Fenn 35:307; Tanaka 2001, J Am Coll Cardiol 37:153',
    checkedWith: 'limits and minutes worked out by hand',
    functions: ['analysis/heart-zones.reserveZones', 'analysis/heart-zones.minutesInZones', 'analysis/heart-zones.highestHeartRate'],
  },
  edwards_load: {
    version: '1.0.0',
    definition: 'Minutes at 50–60, 60–70, 70–80, 80–90 and from 90 % of the highest heart rate, times 1 to 5, summed',
    source: 'Edwards 1993, The Heart Rate Monitor Book',
    checkedWith: 'minutes worked out by hand',
    functions: ['analysis/heart-zones.highestZones', 'analysis/heart-zones.edwardsLoad'],
  },
  banister_trimp: {
    version: '1.0.0',
    definition: 'Σ minutes · r · 0.64·e^(1.92·r) for men, 0.86·e^(1.67·r) for women; r is the share of the heart rate reserve',
    source: 'Banister 1991; Morton 1990, J Appl Physiol 69:1171',
    checkedWith: '30 min at r = 0.7 worked out by hand',
    functions: ['analysis/heart-zones.banisterLoad'],
  },
} as const satisfies Record<string, AlgorithmRow>
