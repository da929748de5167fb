import { at } from './samples.ts'
import { slidingQuantiles } from './sliding-quantiles.ts'

/** What is wrong with an interval: a beat too early, one that was missed, one too many, or a length that no neighbour explains. */
export type RrArtefact = 'ectopic' | 'extra' | 'long_or_short' | 'missed'

export interface CorrectedRr {
  readonly rrMs: Float64Array
  /** By place in the intervals given. */
  readonly artefacts: ReadonlyMap<number, RrArtefact>
  /** Artefacts ÷ intervals given, 0–1. Above 0.05 variability should not be trusted (Kubios advises 5–10 %). */
  readonly share: number
}

/** Beats around each for the thresholds, and for the local median. */
const thresholdBeats = 91
const medianBeats = 11
/** A threshold is 5.2 quartile deviations: 3.32 standard deviations of a normal distribution, so that 99.95 % lie within. */
const deviations = 5.2
/** The line that an ectopic beat lies beyond: slope and offset. */
const ectopic = { slope: 0.13, offset: 0.17 }
const longOrShort = 3

/**
 * RR intervals (ms) without artefacts, Lipponen & Tarvainen 2019 (J Med Eng Technol 43:173), the correction of Kubios: differences and
 * distances from the local median, each in units of a threshold that moves with the series, tell ectopic, missed and extra beats
 * and intervals too long or too short. A missed beat is put in, an extra one taken out, the others are interpolated.
 */
export function correctedRr(rrMs: Float64Array): CorrectedRr {
  if (rrMs.length < 4) return { rrMs: rrMs.slice(), artefacts: new Map(), share: 0 }
  const artefacts = artefactsIn(rrMs)
  return { rrMs: mended(rrMs, artefacts), artefacts, share: artefacts.size / rrMs.length }
}

interface Scaled {
  readonly rrMs: Float64Array
  /** Difference from the interval before, in thresholds. */
  readonly step: Float64Array
  readonly local: Float64Array
  /** Distance from the local median, in thresholds; below it doubled. */
  readonly away: Float64Array
  /** Threshold of `away`, ms. */
  readonly awayMs: Float64Array
}

function artefactsIn(rrMs: Float64Array): Map<number, RrArtefact> {
  const scaled = scaledOf(rrMs)
  const artefacts = new Map<number, RrArtefact>()
  for (let i = 0; i < rrMs.length - 2; ) {
    const found = artefactAt(scaled, i)
    if (found !== undefined) artefacts.set(found.place, found.kind)
    // An extra beat takes the interval after it too.
    i = (found?.place ?? i) + (found?.kind === 'extra' ? 2 : 1)
  }
  return artefacts
}

/** The artefact that a step beyond the threshold shows: at the step, or at the beat after it where the way back comes a beat later. */
function artefactAt(scaled: Scaled, i: number): { readonly place: number; readonly kind: RrArtefact } | undefined {
  const { step } = scaled
  if (!(Math.abs(at(step, i)) > 1)) return undefined
  if (isEctopic(scaled, i)) return { place: i, kind: 'ectopic' }
  const places = Math.abs(at(step, i + 1)) < Math.abs(at(step, i + 2)) ? [i, i + 1] : [i]
  for (const place of places) {
    const kind = kindAt(scaled, place)
    if (kind !== undefined) return { place, kind }
  }
  return undefined
}

/** A step whose neighbours both go the other way: short, long, usual again. */
function isEctopic({ step }: Scaled, i: number): boolean {
  const own = at(step, i)
  const before = at(step, i - 1)
  const after = at(step, i + 1)
  if (own > 1) return Math.max(...known(before, after)) < -ectopic.slope * own - ectopic.offset
  return Math.min(...known(before, after)) > -ectopic.slope * own + ectopic.offset
}

function kindAt({ rrMs, step, local, away, awayMs }: Scaled, i: number): RrArtefact | undefined {
  const own = at(step, i)
  const following = known(at(step, i + 1), at(step, i + 2))
  const isLong = own > 1 && Math.min(...following) < -1
  const isShort = own < -1 && Math.max(...following) > 1
  if (!isLong && !isShort && !(Math.abs(at(away, i)) > longOrShort)) return undefined
  const threshold = at(awayMs, i)
  if (isShort && Math.abs(at(rrMs, i) + at(rrMs, i + 1) - at(local, i)) < threshold) return 'extra'
  if (isLong && Math.abs(at(rrMs, i) / 2 - at(local, i)) < threshold) return 'missed'
  return 'long_or_short'
}

function scaledOf(rrMs: Float64Array): Scaled {
  const difference = rrMs.map((rr, i) => (i === 0 ? 0 : rr - at(rrMs, i - 1)))
  const stepMs = thresholds(difference)
  const [local = rrMs] = slidingQuantiles(rrMs, medianBeats, [0.5])
  const distance = rrMs.map((rr, i) => (rr < at(local, i) ? 2 : 1) * (rr - at(local, i)))
  const awayMs = thresholds(distance)
  return {
    rrMs,
    step: difference.map((each, i) => each / at(stepMs, i)),
    local,
    away: distance.map((each, i) => each / at(awayMs, i)),
    awayMs,
  }
}

function thresholds(values: Float64Array): Float64Array {
  const [low = values, high = values] = slidingQuantiles(values.map(Math.abs), thresholdBeats, [0.25, 0.75])
  return high.map((each, i) => (deviations * (each - at(low, i))) / 2)
}

function known(...values: readonly number[]): number[] {
  return values.filter((value) => !Number.isNaN(value))
}

function mended(rrMs: Float64Array, artefacts: ReadonlyMap<number, RrArtefact>): Float64Array {
  const rows: number[] = []
  for (let i = 0; i < rrMs.length; i++) {
    const kind = artefacts.get(i)
    const rr = at(rrMs, i)
    if (kind === 'missed') rows.push(rr / 2, rr / 2)
    else if (kind === 'extra') rows.push(rr + at(rrMs, ++i))
    else rows.push(kind === undefined ? rr : Number.NaN)
  }
  return bridged(Float64Array.from(rows))
}

/** Gaps between the values around them, in a straight line; at an end the nearest value. */
function bridged(values: Float64Array): Float64Array {
  const whole = values.slice()
  let last = -1
  for (let i = 0; i <= values.length; i++) {
    if (i < values.length && Number.isNaN(at(values, i))) continue
    const from = last < 0 ? at(values, i) : at(values, last)
    const to = i < values.length ? at(values, i) : from
    for (let gap = last + 1; gap < i; gap++) whole[gap] = from + ((to - from) * (gap - last)) / (i - last)
    last = i
  }
  return whole
}
