import { expect, test } from 'vitest'
import { parseAs } from './parse.ts'
import { Problem } from './problem.ts'
import { FlatActivity, HealthSession, nestedActivity, StoredSession } from './session.ts'

const info = {
  sessionId: 's1',
  startTime: '2024-01-20T14:30:00Z',
  endTime: '2024-01-20T15:30:00Z',
  dataSource: 'watch',
  dataTypes: ['heart_rate'],
}

test('145: heart rate is valid from 30 to 220', () => {
  for (const value of [30, 220, 72.5]) expect(heart({ value }), String(value)).toEqual({})
  for (const value of [29, 221, 0, -5, 300])
    expect(heart({ value }), String(value)).toEqual({ '/heartRate/samples/0/value': 'out_of_range' })
})

test('147: confidence is from 0 to 1, or not stated', () => {
  for (const confidence of [0, 1, null]) expect(heart({ confidence })).toEqual({})
  expect(heart({})).toEqual({})
  for (const confidence of [-0.1, 1.01]) expect(heart({ confidence })).toEqual({ '/heartRate/samples/0/confidence': 'out_of_range' })
})

test('139, 140: a session ends after it starts', () => {
  const until = (endTime: string) => codesOf({ sessionInfo: { ...info, endTime } })
  expect(until('2024-01-20T14:30:00Z')).toEqual({ '/sessionInfo/endTime': 'end_before_start' })
  expect(until('2024-01-20T14:29:59Z')).toEqual({ '/sessionInfo/endTime': 'end_before_start' })
  expect(until('2024-01-20T15:30:00+01:00')).toEqual({ '/sessionInfo/endTime': 'end_before_start' })
  expect(until('2024-01-20T14:30:00.000001Z')).toEqual({})
})

test('128: every time of a session needs its offset', () => {
  expect(codesOf({ sessionInfo: { ...info, startTime: '2024-01-20T14:30:00' } })).toEqual({ '/sessionInfo/startTime': 'offset_required' })
  expect(heart({ timestamp: '2024-01-20T14:30:00' })).toEqual({ '/heartRate/samples/0/timestamp': 'offset_required' })
})

test('149: counts and amounts are not negative', () => {
  expect(
    codesOf({ activity: { steps: { total: 0 }, distance: { value: 0, unit: 'meters' }, activeEnergy: { value: 0, unit: 'kcal' } } }),
  ).toEqual({})
  expect(codesOf({ activity: { steps: { total: -1 } } })).toEqual({ '/activity/steps/total': 'out_of_range' })
  expect(codesOf({ activity: { steps: { total: 1.5 } } })).toEqual({ '/activity/steps/total': 'wrong_type' })
  expect(codesOf({ activity: { distance: { value: -0.1, unit: 'meters' } } })).toEqual({ '/activity/distance/value': 'out_of_range' })
  expect(codesOf({ activity: { activeEnergy: { value: -0.1, unit: 'calories' } } })).toEqual({
    '/activity/activeEnergy/value': 'out_of_range',
  })
})

test('a stage is one of four words, and sleep without a stage stands beside them', () => {
  const span = { startTime: '2024-01-20T14:30:00Z', endTime: '2024-01-20T15:00:00Z' }
  for (const stage of ['awake', 'light', 'deep', 'rem']) expect(codesOf({ sleep: { stages: [{ ...span, stage }] } })).toEqual({})
  for (const stage of ['core', 'N2', 'coma', 'LIGHT'])
    expect(codesOf({ sleep: { stages: [{ ...span, stage }] } })).toEqual({ '/sleep/stages/0/stage': 'invalid_enum' })
  expect(codesOf({ sleep: { stages: [], unstaged: [span], inBed: [span] } })).toEqual({})
})

test('sleep quality keeps its documented limits', () => {
  const quality = (fields: object) => codesOf({ sleep: { stages: [], quality: fields } })
  for (const fields of [
    { score: 0 },
    { score: 100 },
    { efficiency: 0 },
    { efficiency: 1 },
    { disturbances: 0 },
    { score: null, efficiency: null, disturbances: null },
  ])
    expect(quality(fields), JSON.stringify(fields)).toEqual({})
  for (const fields of [{ score: -1 }, { score: 101 }, { efficiency: -0.01 }, { efficiency: 1.01 }, { disturbances: -1 }])
    expect(Object.values(quality(fields)), JSON.stringify(fields)).toEqual(['out_of_range'])
})

test('series are of known metrics; a sample may be an instant', () => {
  const samples = [{ startTime: '2024-01-20T14:30:00Z', value: 42 }]
  expect(codesOf({ series: { hrv_sdnn: { unit: 'ms', samples }, steps: { unit: '{steps}', samples } } })).toEqual({})
  expect(Object.keys(codesOf({ series: { mood: { unit: '1', samples } } }))).toEqual(['/series/mood'])
})

test('a kept session says whose, whence, which day, and what became of its samples', () => {
  const kept = {
    userId: 'u1',
    sessionInfo: info,
    localDate: '2024-01-20',
    zone: 'America/New_York',
    revision: 1,
    source: { id: 'a1', name: 'Watch', kind: 'watch' },
    quality: { verdict: 'flag', flags: [{ code: 'hr_jump', count: 2 }], quarantined: { hr_out_of_range: 1 } },
    samples: { key: 'samples/u1/s1.parquet', length: 10, sha256: 'a'.repeat(64), rows: 3 },
  }
  expect(StoredSession.parse(kept)).toEqual(kept)
  expect(StoredSession.safeParse({ ...kept, quality: { ...kept.quality, flags: [{ code: 'odd', count: 1 }] } }).success).toBe(false)
  expect(StoredSession.safeParse({ ...kept, quality: { ...kept.quality, quarantined: { odd: 1 } } }).success).toBe(false)
  const { localDate: _, ...undated } = kept
  expect(StoredSession.safeParse(undated).success).toBe(false)
})

test('the flat activity sample of the specification says the same as the nested one', () => {
  const flat = FlatActivity.parse({
    timestamp: '2024-01-20T14:30:00Z',
    steps: 1250,
    distance: 875.5,
    activeEnergy: 85.2,
    workoutType: 'walking',
  })
  expect(nestedActivity(flat)).toEqual({
    steps: { total: 1250 },
    distance: { value: 875.5, unit: 'meters' },
    activeEnergy: { value: 85.2, unit: 'kcal' },
    workout: { type: 'walking' },
  })
  expect(nestedActivity({ timestamp: flat.timestamp, steps: null })).toEqual({})
})

function heart(sample: object) {
  return codesOf({ heartRate: { samples: [{ timestamp: '2024-01-20T14:30:00Z', value: 72, ...sample }] } })
}

function codesOf(fields: object): Record<string, string> {
  try {
    parseAs(HealthSession, { sessionInfo: info, ...fields }, 'session')
    return {}
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return Object.fromEntries((error.errors ?? []).map(({ pointer, code }) => [pointer, code]))
  }
}
