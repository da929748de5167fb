import type { Calendar } from './calendar.ts'
import { dice } from './dice.ts'
import { flag, type Minutes, stages } from './minutes.ts'

/** Above the resting value, by stage of sleep: awake (unused), light, deep, REM. */
const asleepBpm = [0, 3, 1, 6] as const

/** Beats a minute: low asleep, following effort with some minutes' delay awake. */
export function fillHeartRate(seed: number, { days }: Calendar, minutes: Minutes, restingBpm: Float64Array) {
  let bpm = 60
  for (const day of days) {
    const throws = dice(seed, `heart ${day.date}`)
    const resting = restingBpm[day.index] ?? 55
    for (let minute = day.from; minute < day.to; minute++) {
      const isAsleep = (minutes.stage[minute] ?? 0) !== stages.awake
      bpm += 0.35 * (resting + aboveResting(minutes, minute) - bpm) + (isAsleep ? 0.5 : 1.4) * throws.gauss()
      minutes.heartRate[minute] = Math.max(42, Math.min(195, Math.round(bpm)))
    }
  }
}

function aboveResting({ stage, steps, flags }: Minutes, minute: number): number {
  return asleepBpm[stage[minute] ?? 0] || effortBpm(steps[minute] ?? 0, flags[minute] ?? 0)
}

function effortBpm(steps: number, flags: number): number {
  if ((flags & flag.workout) !== 0) return steps > 0 ? 0.58 * steps : 58
  if ((flags & flag.inBed) !== 0) return 7
  return 13 + 0.38 * steps
}
