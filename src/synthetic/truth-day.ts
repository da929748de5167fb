import type { CalendarDay } from './calendar.ts'
import { flag, has, type Span, stages } from './minutes.ts'
import type { Person } from './person.ts'
import { hrvReadings, restingHeartRate } from './readings.ts'
import {
  activeEnergySamples,
  basalEnergySamples,
  distanceSamples,
  exerciseSamples,
  flightSamples,
  isLate,
  metersPerMile,
  type Sample,
  standHours,
} from './samples.ts'
import { isWatched } from './sleep-records.ts'
import { bodyMassText } from './sparse-records.ts'
import type { TruthDay, TruthSleep, TruthWorkout } from './truth.ts'
import { workoutFigures } from './workouts.ts'
import type { Part } from './writer.ts'

/** `late`: as it is once both exports are read. */
export function truthDay(person: Person, day: CalendarDay, part: Part): TruthDay {
  const isSeen = (minute: number) => part !== 'first' || !isLate(person, minute)
  const wornMinutes = countMinutes(day, (minute) => has(person.minutes, minute, flag.worn) && isSeen(minute))
  const resting = restingHeartRate(person, day)
  const hrv = hrvReadings(person, day).filter(({ isAsleep }) => isAsleep)
  const weight = bodyMassText(person, day)
  return {
    date: day.date,
    zone: day.endZone,
    start: at(person, day.from),
    end: at(person, day.to),
    dayMinutes: day.to - day.from,
    steps: countSteps(person, day, isSeen),
    distanceMeters: measureDistance(person, day, isSeen),
    flightsClimbed: total(flightSamples(person, day)),
    ...(wornMinutes === 0 ? {} : watchFigures(person, day, isSeen)),
    sleep: truthSleep(person, day),
    naps: person.naps
      .filter((nap) => nap.day === day.index)
      .map(({ from, to }) => ({ onset: at(person, from), wake: at(person, to), asleepMinutes: to - from })),
    ...(resting === undefined ? {} : { restingHeartRate: resting }),
    ...(hrv.length < 3 ? {} : { hrvSdnn: hrv.reduce((sum, { text }) => sum + Number(text), 0) / hrv.length }),
    ...(weight === undefined ? {} : { bodyWeightKg: Number(weight) * 0.45359237 }),
    wornMinutes,
    workouts: truthWorkouts(person, day),
    occasions: [...day.occasions],
  }
}

function watchFigures(person: Person, day: CalendarDay, isSeen: (minute: number) => boolean) {
  const seen = (samples: readonly Sample[]) => total(samples.filter(({ from }) => isSeen(from)))
  return {
    activeEnergyKcal: seen(activeEnergySamples(person, day)),
    basalEnergyKcal: seen(basalEnergySamples(person, day)),
    exerciseMinutes: seen(exerciseSamples(person, day)),
    standHours: standHours(person, day).filter(({ from, stood }) => stood && isSeen(from)).length,
  }
}

/** A minute counts as the watch saw it; where no watch did, as the phone did; by hand only where neither was. */
function countSteps({ minutes }: Person, day: CalendarDay, isSeen: (minute: number) => boolean): number {
  let steps = 0
  for (let minute = day.from; minute < day.to; minute++) {
    const isWhole = (has(minutes, minute, flag.worn) && isSeen(minute)) || has(minutes, minute, flag.manual)
    steps += (isWhole ? minutes.steps[minute] : minutes.phoneSteps[minute]) ?? 0
  }
  return steps
}

/** The watch's samples whole; of the phone's the share of time in which no watch counted. */
function measureDistance(person: Person, day: CalendarDay, isSeen: (minute: number) => boolean): number {
  const { watch, phone } = distanceSamples(person, day)
  const miles = total(watch.filter(({ from }) => isSeen(from)))
  const alone = phone.map(({ from, to, text }) => {
    const minutes = countMinutes({ from, to }, (minute) => !(has(person.minutes, minute, flag.worn) && isSeen(minute)))
    return (Number(text) * minutes) / (to - from)
  })
  return (miles + alone.reduce((sum, value) => sum + value, 0)) * metersPerMile
}

function truthSleep(person: Person, day: CalendarDay): TruthSleep {
  const night = person.nights[day.index]
  if (night === undefined) throw new Error(`synthetic person: no night for ${day.date}`)
  const { stage } = person.minutes
  const count = (value: number) => countMinutes({ from: night.onset, to: night.wake }, (minute) => stage[minute] === value)
  const awakeMinutes = count(stages.awake)
  return {
    onset: at(person, night.onset),
    wake: at(person, night.wake),
    bedtimeDate: Temporal.Instant.from(at(person, night.onset)).toZonedDateTimeISO(night.zone).toPlainDate().toString(),
    asleepMinutes: night.wake - night.onset - awakeMinutes,
    awakeMinutes,
    awakenings: countAwakenings(stage, night.onset, night.wake),
    inBedMinutes: night.rise - night.bed,
    stagesMinutes: { light: count(stages.light), deep: count(stages.deep), rem: count(stages.rem) },
    recordedBy: isWatched(person, night) ? 'watch' : 'app',
  }
}

function countAwakenings(stage: Uint8Array, from: number, to: number): number {
  let awakenings = 0
  let length = 0
  for (let minute = from; minute <= to; minute++) {
    if (minute < to && stage[minute] === stages.awake) length++
    else {
      if (length >= 5) awakenings++
      length = 0
    }
  }
  return awakenings
}

function truthWorkouts(person: Person, day: CalendarDay): TruthWorkout[] {
  return person.exercises
    .filter((exercise) => exercise.day === day.index)
    .map((exercise) => {
      const { energyText, distanceText, averageText } = workoutFigures(person, exercise)
      return {
        type: exercise.kind,
        start: at(person, exercise.from),
        end: at(person, exercise.to),
        durationMinutes: exercise.to - exercise.from,
        energyKcal: Number(energyText),
        ...(distanceText === undefined ? {} : { distanceMeters: Number(distanceText) * metersPerMile }),
        averageHeartRate: Number(averageText),
      }
    })
}

function countMinutes({ from, to }: Span, isCounted: (minute: number) => boolean): number {
  let count = 0
  for (let minute = from; minute < to; minute++) if (isCounted(minute)) count++
  return count
}

function total(samples: readonly Sample[]): number {
  return samples.reduce((sum, { text }) => sum + Number(text), 0)
}

function at({ calendar }: Person, minute: number): string {
  return iso(calendar.originMs + minute * 60000)
}

function iso(ms: number): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toString()
}
