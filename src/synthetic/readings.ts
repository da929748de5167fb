import type { CalendarDay } from './calendar.ts'
import { type Dice, dice } from './dice.ts'
import { flag, has, type Minutes, type Span, stages } from './minutes.ts'
import type { Person } from './person.ts'

/** One value at one instant, seconds after the start of the first date. */
export interface Reading {
  readonly second: number
  readonly text: string
}

/** The watch's heart rate: every four to nine minutes, every quarter of a minute in a workout; no gap of ten minutes while worn. */
export function heartRateReadings({ seed, minutes }: Person, day: CalendarDay): Reading[] {
  const throws = dice(seed, `heart rate ${day.date}`)
  const readings: Reading[] = []
  let second = day.from * 60 + throws.int(0, 200)
  while (second < day.to * 60) {
    const minute = Math.floor(second / 60)
    if (!has(minutes, minute, flag.worn)) {
      second = (minute + 1) * 60 + throws.int(0, 50)
      continue
    }
    readings.push({ second, text: String((minutes.heartRate[minute] ?? 0) + throws.int(-1, 1)) })
    second += has(minutes, minute, flag.workout) ? throws.int(11, 19) : throws.int(270, 540)
  }
  return readings
}

/** The watch's own resting heart rate; none on a day it was hardly worn. */
export function restingHeartRate({ minutes, body }: Person, day: CalendarDay): number | undefined {
  let worn = 0
  for (let minute = day.from; minute < day.to; minute++) if (has(minutes, minute, flag.worn)) worn++
  return worn < 600 ? undefined : Math.round(body.restingBpm[day.index] ?? 55)
}

export interface HrvReading {
  readonly minute: number
  /** The whole minute lies in the main sleep, asleep. */
  readonly isAsleep: boolean
  /** SDNN, ms, of the beats below. */
  readonly text: string
  readonly beats: readonly { readonly bpm: number; readonly ms: number }[]
}

/** Up to five minutes of beats in the night and two in the day. */
export function hrvReadings(person: Person, day: CalendarDay): HrvReading[] {
  const { seed, minutes, nights } = person
  const throws = dice(seed, `hrv ${day.date}`)
  const night = nights[day.index]
  if (night === undefined) return []
  const found: HrvReading[] = []
  const from = Math.max(night.onset, day.from)
  for (let part = 0; part < 5; part++) {
    const length = Math.floor((night.wake - from) / 5)
    const minute = firstMinute(from + part * length + 5, from + (part + 1) * length, (at) => isSteadySleep(minutes, at))
    if (minute !== undefined) found.push(readHrv(person, day, minute, true, throws))
  }
  for (let part = 0; part < 2; part++) {
    const start = night.rise + 120 + part * 300 + throws.int(0, 60)
    const minute = firstMinute(start, Math.min(start + 90, day.to - 5), (at) => isSittingStill(minutes, at))
    if (minute !== undefined) found.push(readHrv(person, day, minute, false, throws))
  }
  return found
}

/** Minutes of the night at which the watch takes breathing rate and oxygen: one in twenty. */
export function nightMinutes({ nights, minutes }: Person, day: CalendarDay): number[] {
  const night = nights[day.index]
  const found: number[] = []
  for (let minute = (night?.onset ?? 0) + 7; minute < (night?.wake ?? 0) - 2; minute += 20) {
    if (has(minutes, minute, flag.worn)) found.push(minute)
  }
  return found
}

function firstMinute(from: number, to: number, isGood: (minute: number) => boolean): number | undefined {
  for (let minute = from; minute < to; minute++) if (isGood(minute)) return minute
  return undefined
}

function isSteadySleep({ stage, flags }: Minutes, minute: number): boolean {
  return all({ from: minute - 2, to: minute + 4 }, (at) => (stage[at] ?? 0) !== stages.awake && ((flags[at] ?? 0) & flag.worn) !== 0)
}

function isSittingStill({ steps, stage, flags }: Minutes, minute: number): boolean {
  return all({ from: minute - 3, to: minute + 3 }, (at) => {
    const bits = (flags[at] ?? 0) & (flag.worn | flag.workout | flag.inBed)
    return bits === flag.worn && steps[at] === 0 && stage[at] === stages.awake
  })
}

function all({ from, to }: Span, isGood: (minute: number) => boolean): boolean {
  for (let minute = from; minute < to; minute++) if (!isGood(minute)) return false
  return true
}

function readHrv({ minutes, body }: Person, day: CalendarDay, minute: number, isAsleep: boolean, throws: Dice): HrvReading {
  const spread = (body.sdnnMs[day.index] ?? 45) * (isAsleep ? 1 : 0.7)
  const mean = 60000 / (minutes.heartRate[minute] ?? 60)
  const intervals: number[] = []
  const beats: { bpm: number; ms: number }[] = []
  for (let ms = throws.int(0, 900); ms < 59000; ) {
    const interval = Math.round(Math.max(330, mean + spread * throws.gauss()))
    ms += interval
    intervals.push(interval)
    beats.push({ bpm: Math.round(60000 / interval), ms })
  }
  const average = intervals.reduce((total, interval) => total + interval, 0) / intervals.length
  const variance = intervals.reduce((total, interval) => total + (interval - average) ** 2, 0) / intervals.length
  return { minute, isAsleep, text: Math.sqrt(variance).toFixed(4), beats }
}
