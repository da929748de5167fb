import { type CohortCell, LEAST_PEOPLE, type Trait } from '../model/cohort.ts'
import type { TrendMetric } from '../model/trend-metrics.ts'
import { type Below, discreteLaplace } from '../signal/discrete-laplace.ts'
import { combinationsOf, type Member, percentilesBy, roundedPeople, roundingOf } from './cohort.ts'

const BINS = 50

export interface Noise {
  /** ε in thousandths. */
  readonly millis: number
  readonly below: Below
}

/**
 * The cells by ε-differential privacy (Dwork 2006): in each cell the people are counted in 50 equal bins of the metric's range, discrete
 * Laplace noise is added to each count, and all that is said is worked out from the noisy counts, suppression too. A person is in one bin of
 * one cell, so that the whole answer costs ε once.
 */
export function noisyCells(members: readonly Member[], by: readonly Trait[], metric: TrendMetric, noise: Noise): CohortCell[] {
  return combinationsOf(by).map((traits) => {
    const inside = members.filter((member) => by.every((trait) => member[trait] === traits[trait]))
    const counts = binned(inside, metric).map((count) => count + discreteLaplace(noise.millis, 1000, noise.below))
    return { ...traits, ...summaryOfCounts(counts, metric) }
  })
}

function binned(members: readonly Member[], { range: [least, most] }: TrendMetric): number[] {
  const counts = new Array<number>(BINS).fill(0)
  for (const { value } of members) {
    const at = Math.floor(((value - least) / (most - least)) * BINS)
    const bin = Math.max(0, Math.min(BINS - 1, at))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts
}

function summaryOfCounts(
  counts: readonly number[],
  metric: TrendMetric,
): Pick<CohortCell, 'suppressed' | 'people' | 'mean' | 'percentiles'> {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total < LEAST_PEOPLE) return { suppressed: true }
  const [least, most] = metric.range
  const width = (most - least) / BINS
  const inside = (value: number) => Math.min(most, Math.max(least, value))
  const weighted = counts.reduce((sum, count, bin) => sum + count * (least + (bin + 0.5) * width), 0)
  const at = (share: number) => least + placeOf(counts, share * total) * width
  const round = roundingOf(metric, at(0.5))
  return {
    suppressed: false,
    people: roundedPeople(total),
    mean: round(inside(weighted / total)),
    percentiles: percentilesBy((share) => round(at(share))),
  }
}

/** Where so many have been counted, in bins from the left; a count that the noise took below zero never leads back. */
function placeOf(counts: readonly number[], wanted: number): number {
  let reached = 0
  let sum = 0
  for (const [bin, count] of counts.entries()) {
    sum += count
    if (sum <= reached) continue
    if (sum >= wanted) return bin + Math.max(0, wanted - reached) / (sum - reached)
    reached = sum
  }
  return counts.length
}
