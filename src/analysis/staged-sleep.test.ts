import { expect, test } from 'vitest'
import { at, dayInput, minute, type Row, series, slept, source, steady } from '../../test/fixtures/day-input.ts'
import { type Staging, type StagingStage, stagingStages } from '../model/staging.ts'
import { analyseDay } from './day.ts'
import type { DayInput } from './day-input.ts'
import { nightToStage } from './night-to-stage.ts'
import { agreementIn, agreementOf, confidenceIn, stagedRecord } from './staged-sleep.ts'

const watch = source('watch')

/** Epochs of a minute, so many of each stage; the model is 70 % sure of each. */
function staging(start: string, ...parts: [StagingStage, number][]): Staging {
  const stage = Uint8Array.from(parts.flatMap(([name, count]) => Array<number>(count).fill(stagingStages.indexOf(name))))
  const probability = Float32Array.from([...stage].flatMap((code) => stagingStages.map((_, at) => (at === code ? 0.7 : 0.1))))
  return { model: { name: 'actigraphy_transformer', version: '1.2.0' }, startMs: at(start), epochSeconds: 60, stage, probability }
}

const modelled = staging(
  '2024-01-19T23:00Z',
  ['awake', 20],
  ['light', 200],
  ['deep', 80],
  ['awake', 6],
  ['rem', 100],
  ['light', 60],
  ['awake', 14],
)

/** A night of low heart rate without a step, between a day and a morning of both. */
function heartAndSteps(): DayInput['series'] {
  const walk = (from: string, to: string): Row[] =>
    steady(at(from), at(to), minute, 20).map(([start, , value]) => [start, start + minute, value])
  return [
    series('heart_rate', watch, [
      ...steady(at('2024-01-19T12:00Z'), at('2024-01-19T23:00Z'), 5 * minute, 80),
      ...steady(at('2024-01-19T23:00Z'), at('2024-01-20T07:00Z'), 5 * minute, 52),
      ...steady(at('2024-01-20T07:00Z'), at('2024-01-20T20:00Z'), 5 * minute, 80),
    ]),
    series('steps', watch, [...walk('2024-01-19T12:00Z', '2024-01-19T23:00Z'), ...walk('2024-01-20T07:00Z', '2024-01-20T20:00Z')]),
  ]
}

const dayOf = (parts: Partial<DayInput>) => analyseDay(dayInput('2024-01-20', 'UTC', parts))

test('epochs become the figures of a night that a hand counts', () => {
  expect(stagedRecord(modelled, watch)).toMatchObject({
    onsetMs: at('2024-01-19T23:20Z'),
    wakeMs: at('2024-01-20T06:46Z'),
    asleepMinutes: 440,
    awakeMinutes: 6,
    awakenings: 1,
    stagesMinutes: { light: 260, deep: 80, rem: 100, unspecified: 0 },
    staged: true,
  })
  expect(confidenceIn(modelled)).toBe(0.7)
  expect(stagedRecord(staging('2024-01-19T23:00Z', ['awake', 100]), watch)).toBeUndefined()
  expect(confidenceIn(staging('2024-01-19T23:00Z', ['awake', 100]))).toBeUndefined()
})

test('κ of the textbook’s table is 0.4, and none where chance alone agrees', () => {
  // 20 and 15 of 50 agree; 0.5 is expected: (0.7 − 0.5) ÷ 0.5.
  const { share, kappa } = agreementIn(Float64Array.of(20, 5, 10, 15), 2)
  expect(share).toBeCloseTo(0.7, 12)
  expect(kappa).toBeCloseTo(0.4, 12)
  expect(agreementIn(Float64Array.of(9, 0, 0, 0), 2).kappa).toBeNaN()
})

test('agreement counts the epochs that both staged', () => {
  const spans = [
    { startMs: at('2024-01-19T23:30Z'), endMs: at('2024-01-20T03:00Z'), stage: 'light' as const },
    { startMs: at('2024-01-20T03:00Z'), endMs: at('2024-01-20T04:00Z'), stage: 'deep' as const },
    { startMs: at('2024-01-20T04:00Z'), endMs: at('2024-01-20T05:00Z'), stage: 'unspecified' as const },
  ]
  // Light until 02:40, deep until 04:00: 190 + 60 of 270 minutes agree.
  expect(agreementOf(modelled, { spans })).toMatchObject({
    model: 'actigraphy_transformer',
    version: '1.2.0',
    epochs: 270,
    accuracy: 0.9259,
  })
  expect(agreementOf(staging('2024-02-19T23:00Z', ['light', 9]), { spans })).toBeUndefined()
})

test('a night that no device recorded is the model’s, with its version and confidence; without a model it is Cole–Kripke’s', () => {
  const { sleep, methods, reasons } = dayOf({ series: heartAndSteps(), staging: modelled })
  expect(sleep).toMatchObject({ method: 'actigraphy_transformer', methodVersion: '1.2.0', confidence: 0.7, asleepMinutes: 440 })
  expect(methods?.sleep).toBe('actigraphy_transformer@1.2.0')
  expect(reasons.map(({ field }) => field)).not.toContain('sleep.confidence')
  const without = dayOf({ series: heartAndSteps() })
  expect(without.sleep).toMatchObject({ method: 'cole_kripke' })
  expect(without.sleep?.confidence).toBeUndefined()
  expect(without.methods?.sleep).toBe('sleep_estimate@1.0.0')
})

test('a model that saw another night is not believed', () => {
  const early = staging('2024-01-19T20:00Z', ['light', 240])
  expect(dayOf({ series: heartAndSteps(), staging: early }).sleep?.method).toBe('cole_kripke')
})

test('a device’s stages win, and how far the model agrees stands beside them', () => {
  const sleep = [slept(watch, 'light', '2024-01-19T23:20Z', '2024-01-20T06:46Z')]
  const night = dayOf({ series: heartAndSteps(), sleep, staging: modelled }).sleep
  // 260 of 446 minutes are light to the model too; it agrees no better than chance, since the device knows one stage.
  expect(night).toMatchObject({ method: 'device_stages', agreement: { epochs: 446, accuracy: 0.583, kappa: 0 } })
  expect(night?.confidence).toBeUndefined()
})

test('a device that tells sleep without stages leaves them to the model, and stands beside it', () => {
  const sleep = [slept(watch, 'asleep_unspecified', '2024-01-19T23:10Z', '2024-01-20T06:50Z')]
  const day = dayOf({ series: heartAndSteps(), sleep, staging: modelled })
  expect(day.sleep).toMatchObject({ method: 'actigraphy_transformer', stagesMinutes: { light: 260, deep: 80, rem: 100, unspecified: 0 } })
  expect(day.provenance.sleep?.alternatives).toEqual([{ id: 'watch', name: 'My watch', value: 460, unit: 'min' }])
})

test('a model is asked for the time in bed, with the heart rate around it', () => {
  const sleep = [
    slept(watch, 'in_bed', '2024-01-19T22:50Z', '2024-01-20T07:00Z'),
    slept(watch, 'light', '2024-01-19T23:20Z', '2024-01-20T06:46Z'),
  ]
  const night = nightToStage(dayInput('2024-01-20', 'UTC', { series: heartAndSteps(), sleep }))
  expect(night).toMatchObject({ fromMs: at('2024-01-19T22:50Z'), toMs: at('2024-01-20T06:46Z') })
  expect(night?.pulse?.startMs[0]).toBe(at('2024-01-19T21:50Z'))
  expect(night?.series('steps')).toHaveLength(1)
  expect(nightToStage(dayInput('2024-01-20', 'UTC'))).toBeUndefined()
})
