import { expect, test } from 'vitest'
import { heartRateJumps, isolatedSpikes, judgeHeartRate, wholeBpm } from './quality-heart.ts'

const everySecond = (count: number) => Float64Array.from({ length: count }, (_, at) => at * 1000)

test('145: impossible heart rates are set aside one by one, and the rest is kept', () => {
  const { accepted, findings, sensorFault } = judgeHeartRate(everySecond(7), [72, 29, 30, 73, 221, 74, 75])
  expect([...accepted]).toEqual([1, 0, 1, 1, 0, 1, 1])
  expect(sensorFault).toBe(false)
  expect(findings.map(({ verdict, code, at }) => [verdict, code, at])).toEqual([
    ['quarantine', 'hr_out_of_range', 1],
    ['quarantine', 'hr_out_of_range', 4],
  ])
})

test('with strict handling an impossible heart rate refuses the session in the specification’s words', () => {
  expect(judgeHeartRate([0], [221], 'strict').findings).toMatchObject([
    { verdict: 'reject', message: 'Heart rate must be between 30-220 BPM' },
  ])
  expect(judgeHeartRate([0, 1000], [60, 111], 'strict').findings).toMatchObject([
    { verdict: 'reject', code: 'hr_jump', message: 'Heart rate changes too rapid, possible invalid data', at: 1 },
  ])
})

test('146: 51 in a second is a jump; 50 is not, and 80 in ten minutes is not', () => {
  expect(judgeHeartRate([0, 1000], [60, 111]).findings).toMatchObject([{ verdict: 'flag', code: 'hr_jump', at: 1 }])
  expect(heartRateJumps([0, 1000], [60, 110])).toEqual([])
  expect(heartRateJumps([0, 600_000], [60, 140])).toEqual([])
  expect(heartRateJumps([0, 10_000], [140, 80])).toEqual([1])
  expect(heartRateJumps([0, 10_001], [140, 80])).toEqual([])
})

test('a jump is sought between the samples that count', () => {
  expect(judgeHeartRate([0, 1000, 2000, 3000], [60, 250, 62, 130]).findings.map(({ code, at }) => [code, at])).toEqual([
    ['hr_out_of_range', 1],
    ['hr_jump', 3],
  ])
})

test('where more than half is impossible, nothing is believed', () => {
  expect(judgeHeartRate(everySecond(4), [0, 0, 72, 72])).toMatchObject({ sensorFault: false })
  const { accepted, sensorFault } = judgeHeartRate(everySecond(5), [0, 0, 0, 72, 72])
  expect(sensorFault).toBe(true)
  expect([...accepted]).toEqual([0, 0, 0, 0, 0])
})

test('a spike that comes back within three samples stands alone; a lasting change does not', () => {
  expect([...isolatedSpikes(everySecond(5), [60, 150, 61, 62, 63])]).toEqual([0, 1, 0, 0, 0])
  expect([...isolatedSpikes(everySecond(6), [60, 150, 151, 152, 63, 64])]).toEqual([0, 1, 1, 1, 0, 0])
  expect([...isolatedSpikes(everySecond(6), [60, 150, 151, 152, 153, 64])]).toEqual([0, 0, 0, 0, 0, 0])
  expect([...isolatedSpikes(everySecond(4), [60, 150, 151, 152])]).toEqual([0, 0, 0, 0])
})

test('21: fractions become the specification’s integer, halves the even one', () => {
  expect([72.4, 72.5, 72.6, 73.5, 30, 219.5].map(wholeBpm)).toEqual([72, 72, 73, 74, 30, 220])
})
