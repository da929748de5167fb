import { expect, test } from 'vitest'
import { placementFlags, stageWordFindings, transitionFindings } from './quality-sleep.ts'
import { sleepWordOf, sleepWords } from './sleep-words.ts'

const minute = 60_000

test('154: deep to awake and rem to deep are flagged, other changes are not', () => {
  expect(transitionFindings(night('light', 'deep', 'awake', 'light', 'rem', 'deep', 'light', 'rem', 'awake', 'deep'))).toMatchObject([
    { verdict: 'flag', code: 'unlikely_transition', at: 2, message: 'Unlikely sleep stage transition: deep -> awake' },
    { verdict: 'flag', code: 'unlikely_transition', at: 5, message: 'Unlikely sleep stage transition: rem -> deep' },
  ])
  expect(transitionFindings(night('deep', 'awake'), 'strict')).toMatchObject([{ verdict: 'reject', code: 'unlikely_transition' }])
})

test('epochs of one stage are one run: each change counts once', () => {
  expect(transitionFindings(night('deep', 'deep', 'deep', 'awake', 'awake'))).toHaveLength(1)
})

test('a gap of more than five minutes breaks the run', () => {
  const after = (gapMinutes: number) => [
    { stage: 'deep', startMs: 0, endMs: 30 * minute },
    { stage: 'awake', startMs: (30 + gapMinutes) * minute, endMs: (40 + gapMinutes) * minute },
  ]
  expect(transitionFindings(after(5))).toHaveLength(1)
  expect(transitionFindings(after(5.01))).toEqual([])
})

test('153: a stage that is no stage is refused in the specification’s words', () => {
  expect(stageWordFindings(['awake', 'light', 'deep', 'rem'])).toEqual([])
  expect(stageWordFindings(['light', 'coma'])).toMatchObject([{ verdict: 'reject', at: 1, message: 'Invalid sleep stage: coma' }])
})

test('153: the words of others become ours', () => {
  expect(['core', 'asleep', 'N1', 'N2', 'N3', 'coma', 'toString'].map((word) => sleepWordOf('spoken', word))).toEqual([
    'light',
    'asleep_unspecified',
    'light',
    'light',
    'deep',
    undefined,
    undefined,
  ])
  expect(sleepWordOf('healthkit', 'HKCategoryValueSleepAnalysisAsleepCore')).toBe('light')
  expect(sleepWordOf('healthkit', '0')).toBe('in_bed')
  expect(sleepWordOf('health_connect', '5')).toBe('deep')
  expect(sleepWordOf('health_connect', '8')).toBeUndefined()
})

test('HealthKit’s numbers and names say the same', () => {
  const names = ['InBed', 'AsleepUnspecified', 'Awake', 'AsleepCore', 'AsleepDeep', 'AsleepREM']
  names.forEach((name, at) => {
    expect(sleepWordOf('healthkit', String(at)), name).toBe(sleepWordOf('healthkit', `HKCategoryValueSleepAnalysis${name}`))
  })
  expect(Object.keys(sleepWords.healthkit)).toHaveLength(13)
})

test('152: overlapping stages and stages outside their session are pointed at', () => {
  const stages = [
    { stage: 'light', startMs: 0, endMs: 10 * minute },
    { stage: 'deep', startMs: 9 * minute, endMs: 20 * minute },
    { stage: 'rem', startMs: 20 * minute, endMs: 40 * minute },
  ]
  expect(placementFlags(stages, { startMs: 0, endMs: 30 * minute })).toEqual({ overlapping: [1], outside: [2] })
})

function night(...words: string[]) {
  return words.map((stage, at) => ({ stage, startMs: at * 30_000, endMs: (at + 1) * 30_000 }))
}
