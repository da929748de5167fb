export interface SleepRegularity {
  /** −100 (reversed every day) to 100 (alike every day); 0 is chance. NaN without a pair. */
  readonly index: number
  /** Pairs of epochs 24 h apart of which both are known. */
  readonly pairs: number
}

/** Epochs of two days that are known in both, and those of them that are alike. */
export interface EpochPairs {
  readonly same: number
  readonly pairs: number
}

/**
 * Sleep regularity index, Phillips 2017 (Sci Rep 7:3216): −100 + 200 × the share of epochs whose state is that of the epoch 24 h later.
 * `asleep` holds 1, 0 or NaN (unknown: such pairs do not count), `perDay` epochs a day from any time of day on.
 */
export function sleepRegularity(asleep: Float64Array, perDay: number): SleepRegularity {
  return regularityOf([epochPairs(asleep.subarray(0, Math.max(0, asleep.length - perDay)), asleep.subarray(perDay))])
}

/** The index of days whose epochs were paired with those of the day after. */
export function regularityOf(days: readonly EpochPairs[]): SleepRegularity {
  const same = days.reduce((sum, each) => sum + each.same, 0)
  const pairs = days.reduce((sum, each) => sum + each.pairs, 0)
  return { index: -100 + (200 * same) / pairs, pairs }
}

/** `now` holds 1, 0 or NaN (unknown), `later` the same of the epochs 24 h later. */
export function epochPairs(now: ArrayLike<number>, later: ArrayLike<number>): EpochPairs {
  let same = 0
  let pairs = 0
  for (let i = 0; i < now.length; i++) {
    const one = now[i] as number
    const other = later[i] as number
    if (Number.isNaN(one) || Number.isNaN(other)) continue
    pairs++
    if (one === other) same++
  }
  return { same, pairs }
}
