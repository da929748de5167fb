import { correctedRr } from '../signal/rr-correction.ts'
import { rmssd } from '../signal/rr-variability.ts'
import { at } from '../signal/samples.ts'
import { mean } from '../signal/statistics.ts'

export interface BeatVariability {
  readonly rmssdMs: number
  /** Stretches of beats that were clean enough. */
  readonly stretches: number
}

/** A pause longer than this between beats is no interval of the heart. */
const longestMs = 2000
/** Half a minute of slow beats: shorter stretches scatter too much (Task Force 1996 asks for minutes; Shaffer & Ginsberg 2017 bear 30 s for RMSSD). */
const leastBeats = 25
/** Kubios advises 5 to 10 %. */
const mostArtefacts = 0.05

/**
 * RMSSD of the instants of beats (epoch ms, ascending), each unbroken stretch corrected by itself, averaged over the stretches; undefined
 * where none is long and clean enough.
 */
export function variabilityOfBeats(beatMs: Float64Array): BeatVariability | undefined {
  const values = stretchesOf(beatMs).flatMap((rrMs) => {
    const { rrMs: mended, share } = correctedRr(rrMs)
    return rrMs.length < leastBeats || share > mostArtefacts ? [] : [rmssd(mended)]
  })
  return values.length === 0 ? undefined : { rmssdMs: mean(values), stretches: values.length }
}

function stretchesOf(beatMs: Float64Array): Float64Array[] {
  const intervals = Float64Array.from({ length: Math.max(0, beatMs.length - 1) }, (_, i) => at(beatMs, i + 1) - at(beatMs, i))
  const stretches: Float64Array[] = []
  let from = 0
  for (let i = 0; i <= intervals.length; i++) {
    if (i < intervals.length && at(intervals, i) <= longestMs) continue
    if (i > from) stretches.push(intervals.subarray(from, i))
    from = i + 1
  }
  return stretches
}
