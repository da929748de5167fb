import type { Day } from '../model/day.ts'
import { type MinuteGrid, touchedMinutes, windowMeans } from '../signal/minute-grid.ts'
import { absent, type Findings, soleSource } from './findings.ts'
import { type DayFrame, inDay, minuteMs, rounded } from './frame.ts'
import { bySource } from './gather.ts'
import { type Pulse, pulseOf } from './pulse.ts'
import type { SleepRecord } from './sleep-record.ts'

const windowMinutes = 5
/** Heart rate settles after 4 minutes of rest (Speed 2023, PLOS Digit Health 2:e0000236). */
const settlingMinutes = 4
const neededWindows = 4
/** An average of a few spot readings is no average of a day. */
const neededHeldMinutes = 60

type HeartRate = Day['heartRate']

/** Average, extremes and resting heart rate of the day, /min. */
export function addHeartRate(frame: DayFrame, main: SleepRecord | undefined, findings: Findings): void {
  const heartRate: HeartRate = {}
  findings.fields.heartRate = heartRate
  const pulse = pulseOf(frame, Math.min(frame.fromMs - 10 * minuteMs, main?.onsetMs ?? Infinity), frame.toMs)
  if (pulse !== undefined) addLevels(frame, pulse, heartRate, findings)
  else for (const field of ['average', 'min', 'max']) findings.reasons.push(absent(`heartRate.${field}`, 'no_data', 0, 1))
  addResting(frame, pulse, main, heartRate, findings)
}

/** Average weighted by time, each sample holding until the next but at most 10 minutes: workouts are densely sampled. */
function addLevels(frame: DayFrame, pulse: Pulse, heartRate: HeartRate, { provenance, reasons }: Findings): void {
  const { weightMs, sum, min, max, samples } = levelsIn(pulse, frame)
  const heldMinutes = Math.floor(weightMs / minuteMs)
  if (heldMinutes >= neededHeldMinutes) {
    heartRate.average = rounded(sum / weightMs, 1)
    const others = pulse.others.map(({ source, value }) => ({ id: source.id, name: source.name, value: value.length, unit: '{samples}' }))
    provenance['heartRate.average'] = soleSource('time_weighted', pulse.source, samples, others)
  } else {
    reasons.push(absent('heartRate.average', 'too_little_data', heldMinutes, neededHeldMinutes))
  }
  if (samples > 0) {
    heartRate.min = min
    heartRate.max = max
    provenance['heartRate.min'] = soleSource('best_source', pulse.source, samples)
    provenance['heartRate.max'] = soleSource('best_source', pulse.source, samples)
  } else {
    for (const field of ['min', 'max']) reasons.push(absent(`heartRate.${field}`, 'no_data', 0, 1))
  }
}

/** A loop in a function of its own is compiled without all that stands around it. */
function levelsIn({ startMs, value: values, holdMs }: Pulse, frame: DayFrame) {
  let weightMs = 0
  let sum = 0
  let min = Infinity
  let max = -Infinity
  let samples = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    const start = startMs[i] as number
    const held = Math.max(0, start + (holdMs[i] as number) - Math.max(start, frame.fromMs))
    weightMs += held
    sum += value * held
    if (!inDay(frame, start)) continue
    min = Math.min(min, value)
    max = Math.max(max, value)
    samples++
  }
  return { weightMs, sum, min, max, samples }
}

/** The device's own value, its latest of the day; else the lowest 5-minute mean at rest, asleep if there are enough, else of the day. */
function addResting(
  frame: DayFrame,
  pulse: Pulse | undefined,
  main: SleepRecord | undefined,
  heartRate: HeartRate,
  findings: Findings,
): void {
  const devices = bySource(frame.series('resting_heart_rate'), frame.fromMs, frame.toMs).sort((a, b) => frame.prefer(a.source, b.source))
  const device = devices[0]
  const value = device?.value.at(-1)
  if (device !== undefined && value !== undefined) {
    heartRate.resting = rounded(value, 1)
    heartRate.method = 'device'
    const others = devices
      .slice(1)
      .map(({ source, value: theirs }) => ({ id: source.id, name: source.name, value: theirs.at(-1) ?? 0, unit: '/min' }))
    findings.provenance['heartRate.resting'] = soleSource('device', device.source, device.value.length, others)
    return
  }
  if (pulse === undefined) {
    findings.reasons.push(absent('heartRate.resting', 'no_data', 0, 1))
    return
  }
  const asleep = main === undefined ? [] : restingWindows(frame, pulse, main.onsetMs, main.wakeMs)
  const windows = asleep.length >= neededWindows ? asleep : restingWindows(frame, pulse, frame.fromMs, frame.toMs)
  if (windows.length < neededWindows) {
    findings.reasons.push(absent('heartRate.resting', 'too_little_data', windows.length, neededWindows))
    return
  }
  heartRate.resting = rounded(Math.min(...windows), 1)
  heartRate.method = windows === asleep ? 'lowest_5min_asleep' : 'lowest_5min_day'
  findings.provenance['heartRate.resting'] = soleSource(heartRate.method, pulse.source, windows.length)
}

/** Mean heart rate of each whole 5 minutes in [fromMs, toMs) with no step in them and in the 4 minutes before. */
function restingWindows(frame: DayFrame, pulse: Pulse, fromMs: number, toMs: number): number[] {
  const windowMs = windowMinutes * minuteMs
  const firstMs = Math.ceil(fromMs / windowMs) * windowMs
  const count = Math.floor((toMs - firstMs) / windowMs)
  if (count <= 0) return []
  const grid: MinuteGrid = { fromMs: firstMs, minutes: count * windowMinutes }
  const means = windowMeans(pulse, grid, windowMinutes)
  const stepGrid: MinuteGrid = { fromMs: firstMs - settlingMinutes * minuteMs, minutes: grid.minutes + settlingMinutes }
  const steps = touchedMinutes(frame.series('steps'), stepGrid, { above: 0 })
  return [...means].filter((mean, window) => {
    const minute = window * windowMinutes
    return !Number.isNaN(mean) && !steps.subarray(minute, minute + settlingMinutes + windowMinutes).includes(1)
  })
}
