import { at } from './samples.ts'

export interface SleepRegularity {
  /** −100 (reversed every day) to 100 (alike every day); 0 is chance. NaN without a pair. */
  readonly index: number
  /** Pairs of epochs 24 h apart of which both are known. */
  readonly pairs: number
}

/**
 * Sleep regularity index, Phillips 2017 (Sci Rep 7:3216): −100 + 200 × the share of epochs whose state is that of the epoch 24 h later.
 * `asleep` holds 1, 0 or NaN (unknown: such pairs do not count), `perDay` epochs a day from any time of day on.
 */
export function sleepRegularity(asleep: Float64Array, perDay: number): SleepRegularity {
  let same = 0
  let pairs = 0
  for (let i = 0; i + perDay < asleep.length; i++) {
    const now = at(asleep, i)
    const later = at(asleep, i + perDay)
    if (Number.isNaN(now) || Number.isNaN(later)) continue
    pairs++
    if (now === later) same++
  }
  return { index: -100 + (200 * same) / pairs, pairs }
}
