import { expect, test } from 'vitest'
import { Day } from '../model/day.ts'
import type { MetricName } from '../model/metrics.ts'
import { visibleDay } from './visible-day.ts'

const provenance = { method: 'merged', sources: [] }
const day: Day = {
  userId: 'u',
  date: '2024-06-12',
  zone: 'UTC',
  steps: 1111,
  activeEnergyKcal: 2222,
  caloriesBurned: 3333,
  naps: [{ onset: 'a', wake: 'b', asleepMinutes: 44, source: 's' }],
  heartRate: { average: 55 },
  workouts: [],
  coverage: { dayMinutes: 1440, wornMinutes: 666, metrics: { steps: 77, heart_rate: 88 } },
  provenance: { steps: provenance, 'heartRate.average': provenance },
  methods: { steps: 'steps@1.0.0', 'heartRate.average': 'heart@1.0.0' },
  reasons: [
    { field: 'sleep', code: 'no_data' },
    { field: 'steps', code: 'doubtful' },
  ],
  flags: ['long_day', 'several_sleeps'],
  revision: 1,
  algorithm: 'day',
  algorithmVersion: '1.0.0',
  inputHash: 'h',
}
const seen = (...metrics: MetricName[]) => visibleDay(day, new Set(metrics))

test('of a day is seen what tells of the metrics alone', () => {
  expect(seen('steps')).toEqual({
    ...day,
    activeEnergyKcal: undefined,
    caloriesBurned: undefined,
    naps: [],
    heartRate: {},
    coverage: { dayMinutes: 1440, wornMinutes: 0, metrics: { steps: 77 } },
    provenance: { steps: provenance },
    methods: { steps: 'steps@1.0.0' },
    reasons: [
      { field: 'steps', code: 'doubtful' },
      { field: 'coverage.wornMinutes', code: 'not_shared' },
    ],
    flags: ['long_day'],
  })
})

test('a figure of two metrics needs both', () => {
  expect(seen('active_energy')).toMatchObject({ activeEnergyKcal: 2222 })
  expect(seen('active_energy')).not.toHaveProperty('caloriesBurned')
  expect(seen('active_energy', 'basal_energy')).toMatchObject({ caloriesBurned: 3333 })
  expect(seen('heart_rate')).toMatchObject({ heartRate: {} })
  expect(seen('heart_rate', 'resting_heart_rate')).toMatchObject({ heartRate: { average: 55 } })
})

test('every field of a day belongs to a metric or tells of nothing measured', () => {
  const told = ['userId', 'date', 'zone', 'coverage', 'provenance', 'reasons', 'flags', 'revision', 'algorithm', 'algorithmVersion']
  const whole = Object.fromEntries(Object.keys(Day.shape).map((name) => [name, 1]))
  const none = visibleDay({ ...whole, coverage: day.coverage, provenance: {}, reasons: [], flags: [] } as unknown as Day, new Set())
  expect(Object.keys(none).sort()).toEqual([...told, 'naps', 'workouts', 'heartRate', 'inputHash', 'madeAt', 'methods'].sort())
})
