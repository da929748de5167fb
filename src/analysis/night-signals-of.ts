import type { Series } from '../model/series.ts'
import { maxByMinute, spreadOverMinutes } from '../signal/minute-grid.ts'
import { epochSeconds, type Movement, type NightSignals } from './night-signals.ts'
import type { NightToStage } from './night-to-stage.ts'
import type { Pulse } from './pulse.ts'

const minuteMs = 60_000

/** A night of a day's input as the models take it: whole epochs from its start. */
export function signalsOf(night: NightToStage, pulse: Pulse): NightSignals {
  const seconds = (column: Float64Array) => column.map((ms) => (ms - night.fromMs) / 1000)
  const movement = movementOf(night)
  return {
    epochs: Math.floor((night.toMs - night.fromMs) / 1000 / epochSeconds),
    heart: { t: seconds(pulse.startMs), bpm: pulse.value },
    ...(movement && { movement }),
  }
}

/** Counts of the source that told of most of the night; else steps, minute by minute. */
function movementOf(night: NightToStage): Movement | undefined {
  const counts = night
    .series('activity_counts')
    .map((series) => countsIn(series, night))
    .reduce<Movement | undefined>((most, each) => (each.from.length > (most?.from.length ?? 0) ? each : most), undefined)
  return counts ?? stepsIn(night)
}

function countsIn({ startMs, endMs, value }: Series, { fromMs, toMs }: NightToStage): Movement {
  const inside = (_: number, i: number) =>
    (endMs[i] as number) > fromMs && (startMs[i] as number) < toMs && (endMs[i] as number) > (startMs[i] as number)
  const seconds = (column: Float64Array) => column.filter(inside).map((ms) => (ms - fromMs) / 1000)
  return { from: seconds(startMs), to: seconds(endMs), amount: value.filter(inside), isSteps: false }
}

/** Pedometers are silent while nobody walks: where there is a series of steps at all, its silence is zero. */
function stepsIn({ fromMs, toMs, series }: NightToStage): Movement | undefined {
  const grid = { fromMs, minutes: Math.ceil((toMs - fromMs) / minuteMs) }
  const steps = series('steps').map((each) => spreadOverMinutes(each, grid))
  const [first, ...others] = steps
  if (first === undefined) return undefined
  const from = Float64Array.from({ length: grid.minutes }, (_, minute) => minute * 60)
  return { from, to: from.map((each) => each + 60), amount: others.reduce(maxByMinute, first), isSteps: true }
}
