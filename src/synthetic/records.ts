import type { CalendarDay } from './calendar.ts'
import type { Device } from './devices.ts'
import { mix } from './dice.ts'
import { flag, has } from './minutes.ts'
import type { Person } from './person.ts'
import { heartRateReadings, hrvReadings, nightMinutes, restingHeartRate } from './readings.ts'
import {
  activeEnergySamples,
  basalEnergySamples,
  distanceSamples,
  exerciseSamples,
  flightSamples,
  type Sample,
  standHours,
  stepSamples,
} from './samples.ts'
import { writeSleep } from './sleep-records.ts'
import { writeBloodPressure, writeBodyMass, writeGlucose, writeUnknownType, writeWater } from './sparse-records.ts'
import type { RecordText, Writer } from './writer.ts'

/** Writes one type's records of one day. */
export type RecordWriter = (person: Person, day: CalendarDay, writer: Writer) => void

const quantity = (name: string) => `HKQuantityTypeIdentifier${name}`

/** In the order of the file: the Health app writes one type after the other. */
export const recordWriters: readonly RecordWriter[] = [
  writeBodyMass,
  writeHeartRate,
  writeNightly,
  writeBloodPressure,
  writeGlucose,
  writeSteps,
  writeDistance,
  (person, day, writer) =>
    writeSpans(person, writer, 'watch', { type: quantity('BasalEnergyBurned'), unit: 'Cal' }, basalEnergySamples(person, day)),
  (person, day, writer) =>
    writeSpans(person, writer, 'watch', { type: quantity('ActiveEnergyBurned'), unit: 'Cal' }, activeEnergySamples(person, day)),
  (person, day, writer) =>
    writeSpans(person, writer, 'phone', { type: quantity('FlightsClimbed'), unit: 'count' }, flightSamples(person, day)),
  writeWater,
  (person, day, writer) =>
    writeSpans(person, writer, 'watch', { type: quantity('AppleExerciseTime'), unit: 'min' }, exerciseSamples(person, day)),
  writeRestingHeartRate,
  writeFitness,
  writeUnknownType,
  writeSleep,
  writeStandHours,
]

/** After everything else, with their beats. */
export function writeHrv(person: Person, day: CalendarDay, writer: Writer) {
  for (const { minute, text, beats } of hrvReadings(person, day)) {
    const fromMs = msOf(person, minute)
    const shifted = beats.map(({ bpm, ms }) => ({ bpm, ms: fromMs + ms }))
    writer.record({
      type: quantity('HeartRateVariabilitySDNN'),
      device: 'watch',
      unit: 'ms',
      value: text,
      fromMs,
      toMs: fromMs + 60000,
      beats: shifted,
    })
  }
}

function msOf({ calendar }: Person, minute: number): number {
  return calendar.originMs + minute * 60000
}

function writeSpans(person: Person, writer: Writer, device: Device, kind: { type: string; unit: string }, samples: readonly Sample[]) {
  for (const { from, to, text } of samples) {
    writer.record({ ...kind, device, value: text, fromMs: msOf(person, from), toMs: msOf(person, to) })
  }
}

function writeHeartRate(person: Person, day: CalendarDay, writer: Writer) {
  const base = { type: quantity('HeartRate'), device: 'watch', unit: 'count/min' } as const
  const records: RecordText[] = heartRateReadings(person, day).map(({ second, text }) => {
    const minute = Math.floor(second / 60)
    const isMoving = (person.minutes.steps[minute] ?? 0) > 0 || has(person.minutes, minute, flag.workout)
    const ms = person.calendar.originMs + second * 1000
    return { ...base, value: text, fromMs: ms, toMs: ms, metadata: [['HKMetadataKeyHeartRateMotionContext', isMoving ? '2' : '1']] }
  })
  records.forEach((record) => {
    writer.record(record)
  })
  if (day.occasions.has('resync')) writeAgain(records.slice(60, 140), writer)
  const wrong = day.occasions.has('misread') ? ['255', '0'] : []
  wrong.forEach((value, index) => {
    const ms = msOf(person, day.from + 600 + index) + 7000
    writer.record({ ...base, value, fromMs: ms, toMs: ms, doubt: 'outOfRange' })
  })
}

function writeAgain(records: readonly RecordText[], writer: Writer) {
  for (const record of records) writer.record({ ...record, doubt: 'duplicates' })
}

function writeNightly(person: Person, day: CalendarDay, writer: Writer) {
  for (const minute of nightMinutes(person, day)) {
    const ms = msOf(person, minute)
    const chance = mix(person.seed, minute)
    const breaths = (13.5 + (chance % 40) / 10 - 1).toFixed(1)
    writer.record({ type: quantity('RespiratoryRate'), device: 'watch', unit: 'count/min', value: breaths, fromMs: ms, toMs: ms })
    // A fraction under the name of per cent: so the Health app writes it.
    const oxygen = (0.94 + ((chance >>> 8) % 6) / 100).toFixed(2)
    const metadata = [['HKMetadataKeyBarometricPressure', `${(100.2 + ((chance >>> 16) % 20) / 10).toFixed(1)} kPa`]] as const
    writer.record({
      type: quantity('OxygenSaturation'),
      device: 'watch',
      unit: '%',
      value: oxygen,
      fromMs: ms + 60000,
      toMs: ms + 75000,
      metadata,
    })
  }
}

function writeSteps(person: Person, day: CalendarDay, writer: Writer) {
  const kind = { type: quantity('StepCount'), unit: 'count' }
  const { watch, phone, manual } = stepSamples(person, day)
  writeSpans(person, writer, 'watch', kind, watch)
  writeSpans(person, writer, 'phone', kind, phone)
  for (const { from, to, text } of manual) {
    writer.record({
      ...kind,
      device: 'hand',
      value: text,
      fromMs: msOf(person, from),
      toMs: msOf(person, to),
      metadata: [['HKWasUserEntered', '1']],
    })
  }
  if (!day.occasions.has('resync')) return
  const again = (device: Device, samples: readonly Sample[]) =>
    samples.map(({ from, to, text }): RecordText => ({ ...kind, device, value: text, fromMs: msOf(person, from), toMs: msOf(person, to) }))
  writeAgain([...again('watch', watch.slice(2, 14)), ...again('phone', phone.slice(1, 8))], writer)
}

function writeDistance(person: Person, day: CalendarDay, writer: Writer) {
  const kind = { type: quantity('DistanceWalkingRunning'), unit: 'mi' }
  const { watch, phone } = distanceSamples(person, day)
  writeSpans(person, writer, 'watch', kind, watch)
  writeSpans(person, writer, 'phone', kind, phone)
}

function writeRestingHeartRate(person: Person, day: CalendarDay, writer: Writer) {
  const value = restingHeartRate(person, day)
  if (value === undefined) return
  const span = { fromMs: msOf(person, day.from + 4), toMs: msOf(person, day.from + 600) }
  writer.record({ type: quantity('RestingHeartRate'), device: 'watch', unit: 'count/min', value: String(value), ...span })
}

/** Cardio fitness after runs; the wrist's temperature over the night: an absolute one, in degrees Fahrenheit. */
function writeFitness(person: Person, day: CalendarDay, writer: Writer) {
  for (const { to } of person.exercises.filter((exercise) => exercise.day === day.index && exercise.kind === 'running')) {
    const value = (43 + (mix(person.seed, to) % 30) / 10).toFixed(2)
    const ms = msOf(person, to)
    writer.record({
      type: quantity('VO2Max'),
      device: 'watch',
      unit: 'mL/min·kg',
      value,
      fromMs: ms,
      toMs: ms,
      metadata: [['HKVO2MaxTestType', '2']],
    })
  }
  const night = person.nights[day.index]
  if (night === undefined || !has(person.minutes, night.onset, flag.worn)) return
  const fahrenheit = (94.6 + (mix(person.seed, night.onset) % 130) / 100).toFixed(4)
  const span = { fromMs: msOf(person, night.onset), toMs: msOf(person, night.wake) }
  writer.record({ type: quantity('AppleSleepingWristTemperature'), device: 'watch', unit: 'degF', value: fahrenheit, ...span })
}

function writeStandHours(person: Person, day: CalendarDay, writer: Writer) {
  for (const { from, to, stood } of standHours(person, day)) {
    const value = `HKCategoryValueAppleStandHour${stood ? 'Stood' : 'Idle'}`
    writer.record({
      type: 'HKCategoryTypeIdentifierAppleStandHour',
      device: 'watch',
      value,
      fromMs: msOf(person, from),
      toMs: msOf(person, to),
    })
  }
}
