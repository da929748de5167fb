/** A stretch [from, to) of equal values. */
export interface Run {
  readonly from: number
  readonly to: number
}

/** All stretches in which the mask holds `value`, ascending. */
export function runsOf(mask: Uint8Array, value: number): Run[] {
  const runs: Run[] = []
  let from = -1
  for (let i = 0; i <= mask.length; i++) {
    const inside = i < mask.length && mask[i] === value
    if (inside && from < 0) from = i
    if (!inside && from >= 0) {
      runs.push({ from, to: i })
      from = -1
    }
  }
  return runs
}
