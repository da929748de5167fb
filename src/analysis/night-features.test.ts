import { expect, test } from 'vitest'
import { goldenNights } from '../../test/fixtures/golden-nights.ts'
import { nightFeatureNames, nightFeatures } from './night-features.ts'
import { partOfNight } from './night-signals.ts'

const { names, nights } = goldenNights()

test('the features have the names and the order that training gave them', () => {
  expect(nightFeatureNames).toEqual(names)
})

test.each(nights.map((night, at) => [at + 1, night] as const))(
  'invented night %d has the features that training sees of it',
  (_, night) => {
    const features = nightFeatures(night.signals)
    expect(features).toHaveLength(night.features.length)
    const apart = night.features.map((expected, at) => Math.abs(expected - (features[at] as number)))
    expect(Math.max(...apart)).toBeLessThan(2e-6)
  },
)

test('of a night without heart rate and movement all is 0 but its times', () => {
  const columns = nightFeatureNames.length
  const features = nightFeatures({ epochs: 3, heart: { t: new Float64Array(0), bpm: new Float64Array(0) } })
  const known = nightFeatureNames.filter((_, column) => [0, 1, 2].some((epoch) => features[epoch * columns + column] !== 0))
  expect(known).toEqual(['from_start', 'to_end'])
})

test('a part of a night is the night that begins there', () => {
  const [night] = nights
  if (night === undefined) throw new Error('No golden night')
  const part = partOfNight(night.signals, 10, 50)
  const mean = (signals: typeof part) => nightFeatures(signals)[nightFeatureNames.indexOf('m')]
  expect(part.epochs).toBe(40)
  const at = 10 * nightFeatureNames.length + nightFeatureNames.indexOf('m')
  expect(mean(part)).toBeCloseTo(nightFeatures(night.signals)[at] as number, 6)
})
