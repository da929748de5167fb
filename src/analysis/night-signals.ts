import { at } from '../signal/samples.ts'

export const epochSeconds = 30
const binSeconds = 10
export const binsInEpoch = epochSeconds / binSeconds
/** Heart rate is drawn as a line over gaps whose nearest sample is at most ten minutes away. */
const reachBins = 60

/** What a night's staging is made from: seconds from its start, ascending. What lies outside is left out. */
export interface NightSignals {
  readonly epochs: number
  readonly heart: { readonly t: Float64Array; readonly bpm: Float64Array }
  readonly movement?: Movement
}

/** Activity counts, or steps. Time that no sample covers is not known; a zero must be said. */
export interface Movement {
  readonly from: Float64Array
  readonly to: Float64Array
  readonly amount: Float64Array
  readonly isSteps: boolean
}

/** What a night's signals are called where a model says what it needs. */
export type SignalName = 'timestamp' | 'heart_rate' | 'activity' | 'steps'

/** The fields of which the night has anything. */
export function signalsIn({ heart, movement }: NightSignals): readonly SignalName[] {
  return [
    'timestamp',
    ...(heart.t.length > 0 ? (['heart_rate'] as const) : []),
    ...(movement !== undefined && movement.from.length > 0 ? ([movement.isSteps ? 'steps' : 'activity'] as const) : []),
  ]
}

/** Epochs [from, to) as a night of their own. */
export function partOfNight({ heart, movement }: NightSignals, from: number, to: number): NightSignals {
  const shift = from * epochSeconds
  const moved = (column: Float64Array) => column.map((seconds) => seconds - shift)
  return {
    epochs: to - from,
    heart: { t: moved(heart.t), bpm: heart.bpm },
    ...(movement && { movement: { ...movement, from: moved(movement.from), to: moved(movement.to) } }),
  }
}

/** Mean of each ten seconds, NaN where it is not known even by lines; and 1 for each bin that had a sample. */
export function binnedHeartRate({ epochs, heart: { t, bpm } }: NightSignals): { bpm: Float64Array; sampled: Float64Array } {
  const sums = new Float64Array(epochs * binsInEpoch)
  const samples = new Float64Array(epochs * binsInEpoch)
  for (let i = 0; i < t.length; i++) {
    const bin = Math.floor(at(t, i) / binSeconds)
    if (bin < 0 || bin >= sums.length) continue
    sums[bin] = at(sums, bin) + at(bpm, i)
    samples[bin] = at(samples, bin) + 1
  }
  const means = sums.map((sum, bin) => sum / at(samples, bin))
  return { bpm: withLines(means), sampled: samples.map((count) => Number(count > 0)) }
}

function withLines(means: Float64Array): Float64Array {
  const drawn = means.slice()
  let previous = -1
  for (let next = 0; next <= means.length; next++) {
    if (next < means.length && Number.isNaN(at(means, next))) continue
    for (let bin = previous + 1; bin < next; bin++) drawn[bin] = between(means, previous, next, bin)
    previous = next
  }
  return drawn
}

/** Before the first sample and after the last it is the nearest one's. `previous` -1 and `next` at the end stand for none. */
function between(means: Float64Array, previous: number, next: number, bin: number): number {
  const before = previous < 0 ? Number.POSITIVE_INFINITY : bin - previous
  const after = next === means.length ? Number.POSITIVE_INFINITY : next - bin
  if (Math.min(before, after) > reachBins) return Number.NaN
  if (previous < 0) return at(means, next)
  if (next === means.length) return at(means, previous)
  return at(means, previous) + ((at(means, next) - at(means, previous)) * before) / (next - previous)
}

/** Amount of each epoch, every sample spread evenly over its time; NaN where less than half of the epoch was told of. */
export function epochMovement({ epochs, movement }: NightSignals): Float64Array {
  const amounts = new Float64Array(epochs)
  const told = new Float64Array(epochs)
  for (let i = 0; i < (movement?.from.length ?? 0); i++) {
    const { from, to, amount } = movement as Movement
    const [start, end] = [at(from, i), at(to, i)]
    for (let epoch = Math.max(0, Math.floor(start / epochSeconds)); epoch < Math.min(epochs, Math.ceil(end / epochSeconds)); epoch++) {
      const overlap = Math.min(end, (epoch + 1) * epochSeconds) - Math.max(start, epoch * epochSeconds)
      amounts[epoch] = at(amounts, epoch) + (at(amount, i) * overlap) / (end - start)
      told[epoch] = at(told, epoch) + overlap
    }
  }
  return amounts.map((amount, epoch) =>
    at(told, epoch) >= epochSeconds / 2 ? (amount * epochSeconds) / Math.min(at(told, epoch), epochSeconds) : Number.NaN,
  )
}
