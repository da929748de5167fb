import { type Cover, coverOf } from '../signal/cover.ts'
import { bytes, doubles } from '../signal/memory.ts'
import { touchedMinutes } from '../signal/minute-grid.ts'
import type { DayMinutes } from './day-minutes.ts'
import { absent, type Findings } from './findings.ts'
import { type DayFrame, localMinute, minuteMs, rounded } from './frame.ts'
import { edwardsLoad, highestHeartRate, highestZones, minutesInZones, reserveZones } from './heart-zones.ts'
import { minutesByLevel, sedentaryBouts } from './intensity.ts'
import { type Pulse, sumOf } from './pulse.ts'

export interface EffortInput {
  readonly minutes: DayMinutes
  /** All time that a device calls sleep. */
  readonly asleep: Cover
  readonly ageYears: number | undefined
}

/** Hours awake and worn that make a day worth judging (Troiano 2008, MSSE 40:181). */
const neededAwakeMinutes = 600
/** A few readings are no time in zones. */
const neededHeldMinutes = 60

/** How hard the day was: minutes by intensity, time in heart rate zones, training load, sitting, and steps by the hour. */
export function addEffort(frame: DayFrame, { minutes, asleep, ageYears }: EffortInput, findings: Findings): void {
  addIntensity(minutes, findings)
  addZones(minutes.pulse, ageYears, findings)
  addSedentary(minutes, asleep, findings)
  addHourlySteps(frame, minutes, findings)
}

function addIntensity({ effort }: DayMinutes, { fields, reasons }: Findings): void {
  if (effort === undefined) {
    reasons.push(absent('moderateMinutes', 'no_data', 0, 1), absent('vigorousMinutes', 'no_data', 0, 1))
    return
  }
  const [, moderate, vigorous] = minutesByLevel(effort)
  fields.moderateMinutes = moderate
  fields.vigorousMinutes = vigorous
}

function addZones(pulse: Pulse | undefined, ageYears: number | undefined, { fields, reasons }: Findings): void {
  const restingBpm = fields.heartRate?.resting
  const heldMinutes = Math.floor((pulse === undefined ? 0 : sumOf(pulse.holdMs)) / minuteMs)
  const missing = [
    heldMinutes < neededHeldMinutes ? absent('', 'too_little_data', heldMinutes, neededHeldMinutes) : undefined,
    ageYears === undefined ? absent('', 'no_date_of_birth', 0, 1) : undefined,
    restingBpm === undefined ? absent('', 'no_resting_heart_rate', 0, 1) : undefined,
  ].find((reason) => reason !== undefined)
  if (pulse === undefined || ageYears === undefined || restingBpm === undefined || missing !== undefined) {
    reasons.push(...['heartRateZones', 'trainingLoad'].map((field) => ({ ...absent(field, 'no_data', 0, 1), ...missing, field })))
    return
  }
  const highest = highestHeartRate(ageYears)
  const limits = reserveZones(restingBpm, highest)
  const zones = minutesInZones(pulse.value, pulse.holdMs, limits)
  fields.heartRateZones = { minutes: zones.map((each) => rounded(each, 1)), limits: limits.map((limit) => rounded(limit, 1)) }
  fields.trainingLoad = rounded(edwardsLoad(minutesInZones(pulse.value, pulse.holdMs, highestZones(highest))), 1)
}

/** A night that is only estimated says nothing of the evening before the next one, so sitting could not be told from sleeping. */
function addSedentary({ grid, worn, steps, effort }: DayMinutes, asleep: Cover, { fields, reasons }: Findings): void {
  if (steps === undefined || effort === undefined) {
    reasons.push(absent('sedentary', 'no_data', 0, 1))
    return
  }
  if (!fields.sleep?.method.startsWith('device')) {
    reasons.push({ field: 'sedentary', code: 'sleep_not_recorded' })
    return
  }
  const inBed = touchedMinutes([{ ...coverOf(asleep), value: doubles(asleep.startMs.length).fill(1) }], grid)
  const { awakeMinutes, still } = sitting(worn, inBed, steps, effort)
  if (awakeMinutes < neededAwakeMinutes) {
    reasons.push(absent('sedentary', 'too_little_data', awakeMinutes, neededAwakeMinutes))
    return
  }
  fields.sedentary = sedentaryBouts(still)
}

/** A loop in a function of its own is compiled without all that stands around it. */
function sitting(worn: Uint8Array, inBed: Uint8Array, steps: Float64Array, effort: Uint8Array) {
  const still = bytes(worn.length)
  let awakeMinutes = 0
  for (let minute = 0; minute < worn.length; minute++) {
    if (worn[minute] === 0 || inBed[minute] === 1) continue
    awakeMinutes++
    if (steps[minute] === 0 && effort[minute] === 0) still[minute] = 1
  }
  return { awakeMinutes, still }
}

/** An hour is known if half of it was worn or walked in. */
const neededHourMinutes = 30

/** Mean steps an hour by the person's clock; null where too little is known. Hours that a clock change repeats are averaged. */
function addHourlySteps(frame: DayFrame, { worn, steps }: DayMinutes, { fields, reasons }: Findings): void {
  if (steps === undefined) {
    reasons.push(absent('hourlySteps', 'no_data', 0, 1))
    return
  }
  const { sums, known } = hourSums(steps, worn, hoursOf(frame))
  fields.hourlySteps = Array.from(sums, (sum, hour) => {
    const minutes = known[hour] ?? 0
    return minutes < neededHourMinutes ? null : rounded((60 * sum) / minutes, 1)
  })
}

const quarterMinutes = 15

/** Steps in each hour, and minutes of it that are known. */
function hourSums(steps: Float64Array, worn: Uint8Array, hours: Uint8Array) {
  const sums = doubles(24)
  const known = doubles(24)
  for (let quarter = 0; quarter * quarterMinutes < steps.length; quarter++) {
    const hour = hours[quarter] as number
    const until = Math.min(steps.length, (quarter + 1) * quarterMinutes)
    let sum = sums[hour] as number
    let minutes = known[hour] as number
    for (let minute = quarter * quarterMinutes; minute < until; minute++) {
      const count = steps[minute] as number
      if (worn[minute] !== 1 && count === 0) continue
      sum += count
      minutes++
    }
    sums[hour] = sum
    known[hour] = minutes
  }
  return { sums, known }
}

/** Local hour of each quarter of an hour of the date: zones do not differ by less. On a day of 24 hours without a journey it is the quarter itself that tells. */
function hoursOf(frame: DayFrame): Uint8Array {
  const isPlain = frame.minutes === 1440 && localMinute(frame.zones, frame.fromMs + 720 * minuteMs) === 720
  if (isPlain) return plainHours
  const hours = new Uint8Array(Math.ceil(frame.minutes / quarterMinutes))
  for (let quarter = 0; quarter < hours.length; quarter++)
    hours[quarter] = Math.floor(localMinute(frame.zones, frame.fromMs + quarter * quarterMinutes * minuteMs) / 60)
  return hours
}

const plainHours = Uint8Array.from({ length: 1440 / quarterMinutes }, (_, quarter) => Math.floor((quarter * quarterMinutes) / 60))
