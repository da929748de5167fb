import { expect, test } from 'vitest'
import { readSummary, readWorkout } from '../../src/flows/apple-texts.ts'
import { element, exportOf, metadata, record } from './export-text.ts'
import { readExport, readOne } from './reading.ts'

const span = { startDate: '2024-01-20 17:00:00 +0000', endDate: '2024-01-20 17:40:00 +0000' }
const run = {
  workoutActivityType: 'HKWorkoutActivityTypeRunning',
  duration: '40',
  durationUnit: 'min',
  sourceName: 'Watch',
  sourceVersion: '10.1',
  ...span,
}
const quantity = 'HKQuantityTypeIdentifier'
const statistic = (type: string, attributes: Record<string, string>) =>
  element('WorkoutStatistics', { type: quantity + type, ...span, ...attributes })

test('a workout keeps its statistics, events, activities and routes, each with what stands inside it', async () => {
  const text = element(
    'Workout',
    { ...run, creationDate: '2024-01-20 17:41:00 +0000', device: '<<HKDevice: 0x12>, name:Apple Watch>' },
    [
      metadata({ HKIndoorWorkout: '0', HKTimeZone: 'Europe/Berlin', HKMetadataKeySyncIdentifier: 'w1' }),
      element('WorkoutEvent', { type: 'HKWorkoutEventTypePause', date: span.startDate }, metadata({ why: 'dog' })),
      statistic('ActiveEnergyBurned', { sum: '418.4', unit: 'kJ' }),
      statistic('DistanceWalkingRunning', { sum: '5', unit: 'mi' }),
      statistic('HeartRate', { average: '141', minimum: '96', maximum: '172', unit: 'count/min' }),
      element(
        'WorkoutActivity',
        { uuid: 'A-1', ...span },
        statistic('HeartRate', { average: '100', unit: 'count/min' }) + metadata({ lap: '1' }),
      ),
      element(
        'WorkoutRoute',
        { sourceName: 'Phone', ...span },
        metadata({ HKMetadataKeySyncIdentifier: 'r1' }) + element('FileReference', { path: '/workout-routes/a.gpx' }),
      ),
    ].join(''),
  )
  const workout = await readOne(exportOf(text))
  expect(workout).toMatchObject({
    value: 40,
    localDate: '2024-01-20',
    words: { metric: 'workout', type: 'Workout', unit: 'min', zone: 'Europe/Berlin' },
  })
  expect(workout.metadata).toEqual({ HKIndoorWorkout: '0', HKTimeZone: 'Europe/Berlin', HKMetadataKeySyncIdentifier: 'w1' })
  const kept = JSON.parse(workout.words.text ?? '')
  expect(kept.attributes).toMatchObject({ workoutActivityType: run.workoutActivityType, device: 'name:Apple Watch' })
  expect(kept.events).toEqual([{ type: 'HKWorkoutEventTypePause', date: span.startDate, why: 'dog' }])
  expect(kept.statistics).toHaveLength(3)
  expect(kept.activities).toEqual([{ uuid: 'A-1', ...span, lap: '1' }])
  expect(kept.activityStatistics).toMatchObject([{ uuid: 'A-1', average: '100' }])
  expect(kept.routes).toEqual([{ sourceName: 'Phone', ...span, HKMetadataKeySyncIdentifier: 'r1', path: '/workout-routes/a.gpx' }])
  expect(readWorkout(workout.words.text)).toEqual({
    type: 'running',
    energyKcal: expect.closeTo(100, 9),
    distanceM: 5 * 1609.344,
    averageHeartRate: 141,
  })
})

test('the older form, with totals in the workout itself, says the same', async () => {
  const old = {
    totalDistance: '0.4971749504535062',
    totalDistanceUnit: 'mi',
    totalEnergyBurned: '48.74499999999999',
    totalEnergyBurnedUnit: 'kcal',
  }
  const workout = readWorkout((await readOne(exportOf(element('Workout', { ...run, ...old })))).words.text)
  expect(workout?.energyKcal).toBeCloseTo(48.745, 9)
  expect(workout?.distanceM).toBeCloseTo(800.1255, 4)
})

test('a workout belongs to the source of the records beside it, which its device tells', async () => {
  const both = { sourceName: 'Reloj de Zoë', sourceVersion: '10.1', device: '<<HKDevice: 0x12>, name:Apple Watch, model:Watch>' }
  const { records } = await readExport(exportOf(record(both) + element('Workout', { ...run, ...both })))
  expect(records.map(({ source }) => source.kind)).toEqual(['watch', 'watch'])
  expect(new Set(records.map(({ source }) => source.id)).size).toBe(1)
})

test('the points of a route within the workout stay in the file, and are counted', async () => {
  const location = element('Location', { date: span.startDate, latitude: '37.7777', longitude: '-122.426', altitude: '21.2' })
  const { words } = await readOne(exportOf(element('Workout', run, element('WorkoutRoute', { sourceName: 'Phone' }, location.repeat(300)))))
  expect(JSON.parse(words.text ?? '').locations).toBe(300)
  expect(words.text).not.toContain('37.7777')
})

test('the same workout twice is one, and a workout that ends before it starts is rejected', async () => {
  const workout = element('Workout', run, metadata({ a: '1' }))
  expect((await readExport(exportOf(workout + workout))).fates).toMatchObject({ received: 2, kept: 1, duplicate: 1 })
  const { fates, problems } = await readExport(exportOf(element('Workout', { ...run, startDate: span.endDate, endDate: span.startDate })))
  expect([fates.rejected, problems]).toEqual([1, { end_before_start: 1 }])
})

test('a workout that has lost its end tag takes nothing from what follows', async () => {
  const open = element('Workout', run, metadata({ a: '1' })).replace('</Workout>', '')
  const later = element('Workout', { ...run, startDate: '2024-01-21 17:00:00 +0000', endDate: '2024-01-21 18:00:00 +0000' })
  const rings = element('ActivitySummary', { dateComponents: '2024-01-20', appleExerciseTime: '30' })
  const { fates, records } = await readExport(exportOf(open + later + open + rings + record()))
  expect(fates).toMatchObject({ received: 5, kept: 4, duplicate: 1 })
  expect(records.map(({ words }) => words.type).sort()).toEqual([
    'ActivitySummary',
    'HKQuantityTypeIdentifierHeartRate',
    'Workout',
    'Workout',
  ])
})

test('a record that has lost its end tag takes no workout with it', async () => {
  const open = record({}, metadata({ a: '1' })).replace('</Record>', '')
  const { fates } = await readExport(exportOf(open + element('Workout', run, metadata({ b: '2' }))))
  expect(fates).toMatchObject({ received: 2, kept: 2 })
})

test('a workout’s children beyond any real number stay in the file, and that is told', async () => {
  const event = (n: number) => element('WorkoutEvent', { type: 'HKWorkoutEventTypeSegment', date: `${n}` })
  const { records, problems } = await readExport(
    exportOf(element('Workout', run, Array.from({ length: 5003 }, (_, n) => event(n)).join(''))),
  )
  expect(JSON.parse(records[0]?.words.text ?? '').events).toHaveLength(5000)
  expect(problems).toEqual({ workout_children_left_in_original: 3 })
  const long = metadata({ a: 'x'.repeat(900_000) })
  const many = Array.from({ length: 8 }, (_, n) => long.replace('"a"', `"a${n}"`)).join('')
  expect((await readExport(exportOf(element('Workout', run, many)))).problems).toEqual({ workout_children_left_in_original: 4 })
})

test('the rings of a date lie on that date, whatever the zone', async () => {
  const rings = {
    dateComponents: '2024-01-20',
    activeEnergyBurned: '2092',
    activeEnergyBurnedUnit: 'kJ',
    appleExerciseTime: '34',
    appleStandHours: '12',
  }
  for (const profileZone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Berlin']) {
    const sample = await readOne(exportOf(element('ActivitySummary', rings)), { profileZone })
    expect(sample.localDate).toBe('2024-01-20')
    expect(readSummary(sample.words.text)).toEqual({ date: '2024-01-20', activeEnergyKcal: 500, exerciseMinutes: 34, standHours: 12 })
  }
})

test('the empty rings that Apple dates 1969-12-30 are set aside, and rings without a date are rejected', async () => {
  const { fates, records, problems } = await readExport(
    exportOf(
      element('ActivitySummary', { dateComponents: '1969-12-30', activeEnergyBurned: '0' }) +
        element('ActivitySummary', { activeEnergyBurned: '1' }),
    ),
  )
  expect(fates).toMatchObject({ received: 2, kept: 1, rejected: 1 })
  expect(records).toMatchObject([{ localDate: '1969-12-30', words: { quarantine: 'bad_time' } }])
  expect(problems).toEqual({ bad_time: 1, invalid_date: 1 })
})
