import type { SleepWord } from './series.ts'

/** Sleep stages as others say them, in our words. Sources: conventions of each maker; AASM for N1–N3. */
export const sleepWords = {
  /** `value` of HKCategoryTypeIdentifierSleepAnalysis in export.xml; `Asleep` is what AsleepUnspecified was called before iOS 16. */
  healthkit: {
    HKCategoryValueSleepAnalysisInBed: 'in_bed',
    HKCategoryValueSleepAnalysisAsleep: 'asleep_unspecified',
    HKCategoryValueSleepAnalysisAsleepUnspecified: 'asleep_unspecified',
    HKCategoryValueSleepAnalysisAwake: 'awake',
    HKCategoryValueSleepAnalysisAsleepCore: 'light',
    HKCategoryValueSleepAnalysisAsleepDeep: 'deep',
    HKCategoryValueSleepAnalysisAsleepREM: 'rem',
    0: 'in_bed',
    1: 'asleep_unspecified',
    2: 'awake',
    3: 'light',
    4: 'deep',
    5: 'rem',
  },
  /** SleepSessionRecord.STAGE_TYPE; Terra's SleepLevel has the same numbers. */
  health_connect: {
    0: 'unknown',
    1: 'awake',
    2: 'asleep_unspecified',
    3: 'out_of_bed',
    4: 'light',
    5: 'deep',
    6: 'rem',
    7: 'awake',
  },
  /** sleep_phase_30_sec and _5_min. */
  oura: { 1: 'deep', 2: 'light', 3: 'rem', 4: 'awake' },
  polar: { 0: 'awake', 1: 'rem', 2: 'light', 3: 'light', 4: 'deep', 5: 'unknown' },
  samsung: { 40001: 'awake', 40002: 'light', 40003: 'deep', 40004: 'rem' },
  /** Words that a client may send in place of the four; N4 is the older name of the deepest N3. */
  spoken: {
    awake: 'awake',
    wake: 'awake',
    W: 'awake',
    light: 'light',
    core: 'light',
    N1: 'light',
    N2: 'light',
    deep: 'deep',
    slow_wave: 'deep',
    N3: 'deep',
    N4: 'deep',
    rem: 'rem',
    REM: 'rem',
    R: 'rem',
    asleep: 'asleep_unspecified',
    unstaged: 'asleep_unspecified',
    in_bed: 'in_bed',
    out_of_bed: 'out_of_bed',
    unknown: 'unknown',
    unmeasurable: 'unknown',
    no_data: 'unknown',
  },
} as const satisfies Record<string, Readonly<Record<string, SleepWord>>>

export type SleepVocabulary = keyof typeof sleepWords

/** Undefined for a word that the vocabulary does not have: it is set aside or refused, never guessed. */
export function sleepWordOf(vocabulary: SleepVocabulary, word: string): SleepWord | undefined {
  const words: Readonly<Record<string, SleepWord>> = sleepWords[vocabulary]
  return Object.hasOwn(words, word) ? words[word] : undefined
}
