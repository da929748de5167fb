import { doubles } from '../signal/memory.ts'
import { spikes } from '../signal/spikes.ts'
import { type DayFrame, minuteMs } from './frame.ts'
import { bySource, type SourceSamples } from './gather.ts'

/** Heart rate of the chosen source, without isolated spikes. */
export interface Pulse extends SourceSamples {
  /** For how long each sample is taken to hold, ms. */
  readonly holdMs: Float64Array
  readonly others: readonly SourceSamples[]
}

const longestHoldMs = 10 * minuteMs
/** A better-ranked source is chosen if its samples hold for at least this part of the time of the one that holds longest. */
const neededCoverage = 0.7
/** Jumps that the rules of validation flag; excluded if they are undone within 3 samples. */
const spikeRule = { jump: 50, withinMs: 10_000, samples: 3 }

/** Heart rate that starts in [fromMs, toMs) by the best-ranked source that covers most of it; undefined where there is none. */
export function pulseOf(frame: DayFrame, fromMs: number, toMs: number): Pulse | undefined {
  const sources = bySource(frame.series('heart_rate'), fromMs, toMs)
    .map(withoutSpikes)
    .map((samples) => ({ samples, holdMs: holds(samples, toMs) }))
    .sort((a, b) => frame.prefer(a.samples.source, b.samples.source))
  const held = sources.map(({ holdMs }) => sumOf(holdMs))
  const best = sources[held.findIndex((each) => each >= neededCoverage * Math.max(...held))]
  if (best === undefined) return undefined
  const { source, startMs, endMs, value } = best.samples
  const others = sources.filter((each) => each !== best).map(({ samples }) => samples)
  return { source, startMs, endMs, value, holdMs: best.holdMs, others }
}

/** Each sample holds until the next, at most 10 minutes or its own length; nothing holds beyond the end. */
function holds({ startMs, endMs }: SourceSamples, toMs: number): Float64Array {
  const holdMs = doubles(startMs.length)
  for (let i = 0; i < startMs.length; i++) {
    const start = startMs[i] as number
    const next = i + 1 < startMs.length ? (startMs[i + 1] as number) : toMs
    holdMs[i] = Math.max(0, Math.min(Math.max(longestHoldMs, (endMs[i] as number) - start), next - start, toMs - start))
  }
  return holdMs
}

export function sumOf(values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] as number
  return sum
}

function withoutSpikes(samples: SourceSamples): SourceSamples {
  const mask = spikes(samples.startMs, samples.value, spikeRule)
  if (!mask.includes(1)) return samples
  const kept = (column: Float64Array) => column.filter((_, i) => mask[i] === 0)
  return { source: samples.source, startMs: kept(samples.startMs), endMs: kept(samples.endMs), value: kept(samples.value) }
}
