import type { CalendarDay } from './calendar.ts'
import { type Device, deviceAttributes } from './devices.ts'
import { mix } from './dice.ts'
import type { Span } from './minutes.ts'
import type { Exercise, ExerciseKind } from './movement.ts'
import type { Person } from './person.ts'
import { routePath } from './route.ts'
import { activeKcal, metersPerMile } from './samples.ts'
import type { Writer } from './writer.ts'

/** What a workout says of itself; the texts stand in the file, so the truth reads them back. */
export interface WorkoutFigures {
  readonly energyText: string
  /** Miles; absent where no distance belongs to it. */
  readonly distanceText: string | undefined
  readonly averageText: string
  readonly minimum: number
  readonly maximum: number
}

/** Apple's word, the distance's type, and meters by minute (0: by steps). */
const kinds: Record<ExerciseKind, { word: string; distance?: string; metersPerMinute: number }> = {
  running: { word: 'Running', distance: 'DistanceWalkingRunning', metersPerMinute: 174 },
  walking: { word: 'Walking', distance: 'DistanceWalkingRunning', metersPerMinute: 83 },
  cycling: { word: 'Cycling', distance: 'DistanceCycling', metersPerMinute: 340 },
  functional_strength_training: { word: 'FunctionalStrengthTraining', metersPerMinute: 0 },
  yoga: { word: 'Yoga', metersPerMinute: 0 },
}

export function workoutFigures({ minutes }: Person, { from, to, kind }: Exercise): WorkoutFigures {
  let kcal = 0
  let beats = 0
  for (let minute = from; minute < to; minute++) {
    kcal += activeKcal(minutes, minute)
    beats += minutes.heartRate[minute] ?? 0
  }
  const rates = minutes.heartRate.subarray(from, to)
  const { distance, metersPerMinute } = kinds[kind]
  return {
    energyText: kcal.toFixed(3),
    distanceText: distance === undefined ? undefined : ((metersPerMinute * (to - from)) / metersPerMile).toFixed(5),
    averageText: (beats / (to - from)).toFixed(3),
    minimum: rates.reduce((low, bpm) => Math.min(low, bpm), 255),
    maximum: rates.reduce((high, bpm) => Math.max(high, bpm), 0),
  }
}

/** The edited one stands twice: version 1 with an end that was too late, then version 2, which is right. */
export function writeWorkouts(person: Person, day: CalendarDay, writer: Writer) {
  if (writer.part === 'late') return
  for (const exercise of person.exercises.filter(({ day: index }) => index === day.index)) {
    const extra = exercise.firstVersionExtraMinutes
    if (extra > 0) writeWorkout(person, exercise, writer, { version: 1, to: exercise.to + extra })
    writeWorkout(person, exercise, writer, { version: extra > 0 ? 2 : 0, to: exercise.to })
  }
}

function writeWorkout(person: Person, exercise: Exercise, writer: Writer, { version, to }: { version: number; to: number }) {
  const { stamp } = writer
  const span = { from: exercise.from, to }
  const ms = (minute: number) => person.calendar.originMs + minute * 60000
  const dates = `startDate="${stamp.date(ms(span.from))}" endDate="${stamp.date(ms(to))}"`
  const device: Device = version > 0 ? 'runApp' : 'watch'
  const source = deviceAttributes(device, exercise.day, mix(person.seed, exercise.from))
  const minutes = to - span.from
  const created = stamp.date(ms(to) + 5000 + version * 600000)
  writer.write(
    ` <Workout workoutActivityType="HKWorkoutActivityType${kinds[exercise.kind].word}" duration="${minutes}" durationUnit="min"${source} creationDate="${created}" ${dates}>\n`,
  )
  const edited: [string, string][] =
    version === 0
      ? []
      : [
          ['HKMetadataKeySyncIdentifier', `pace-and-path:${person.calendar.days[exercise.day]?.date ?? ''}`],
          ['HKMetadataKeySyncVersion', String(version)],
        ]
  const indoor = exercise.kind === 'yoga' || exercise.kind === 'functional_strength_training' ? '1' : '0'
  writer.write(writer.metadata([['HKIndoorWorkout', indoor], ['HKTimeZone', exercise.zone], ...edited], '  '))
  writer.write(
    `  <WorkoutEvent type="HKWorkoutEventTypeSegment" date="${stamp.date(ms(span.from))}" duration="${minutes}" durationUnit="min"/>\n`,
  )
  writer.write(statistics(person, exercise, span, dates))
  if (version === 0 && hasRoute(person, exercise)) {
    writer.write(
      `  <WorkoutRoute${source} creationDate="${created}" ${dates}>\n   <FileReference path="/${routePath(person, exercise)}"/>\n  </WorkoutRoute>\n`,
    )
  }
  writer.write(' </Workout>\n')
  writer.totals.workouts++
}

function statistics(person: Person, exercise: Exercise, span: Span, dates: string): string {
  const { energyText, distanceText, averageText, minimum, maximum } = workoutFigures(person, { ...exercise, ...span })
  const line = (type: string, figures: string) => `  <WorkoutStatistics type="HKQuantityTypeIdentifier${type}" ${dates} ${figures}/>\n`
  const { distance } = kinds[exercise.kind]
  return (
    line('HeartRate', `average="${averageText}" minimum="${minimum}" maximum="${maximum}" unit="count/min"`) +
    line('ActiveEnergyBurned', `sum="${energyText}" unit="Cal"`) +
    (distance === undefined || distanceText === undefined ? '' : line(distance, `sum="${distanceText}" unit="mi"`))
  )
}

/** One route is offered: that of the last run with the watch. */
export function routedExercise({ exercises }: Person): Exercise | undefined {
  return exercises.findLast(({ kind, firstVersionExtraMinutes }) => kind === 'running' && firstVersionExtraMinutes === 0)
}

function hasRoute(person: Person, exercise: Exercise): boolean {
  return routedExercise(person) === exercise
}
