export interface StateChain {
  /** How often each state is seen at all. */
  readonly prior: readonly number[]
  /** How states follow one another: rows from, columns to, each row adding up to 1. */
  readonly transitions: readonly (readonly number[])[]
  /** The power that transitions are raised to: 0 smooths nothing, 1 as much as the chain says. */
  readonly strength: number
  /** Of each state: to what power its prior is divided out of what was told. More makes a rare state likelier. */
  readonly unprior: readonly number[]
  /** Posteriors are raised to this power, so that they are as sure as they are right; the likeliest state stays it. */
  readonly temper: number
}

/**
 * Posterior of hidden states given probabilities that were told place by place (row by row, one column a state): the forward–backward
 * algorithm (Rabiner 1989, Proc IEEE 77:257). Scaled at each place; rows of the result add up to 1.
 */
export function smoothedStates(told: Float32Array, { prior, transitions, strength, unprior, temper }: StateChain): Float32Array {
  const size = prior.length
  const step = new Float64Array(size * size)
  transitions.forEach((row, from) => {
    const raised = row.map((each) => each ** strength)
    const sum = raised.reduce((a, b) => a + b, 0)
    step.set(
      raised.map((each) => each / sum),
      from * size,
    )
  })
  const divisor = prior.map((share, state) => share ** (unprior[state] as number))
  const seen = new Float64Array(told.length)
  for (let i = 0; i < told.length; i++) seen[i] = (told[i] as number) / (divisor[i % size] as number)
  const forward = forwardOf(seen, step, prior)
  return joinedWith(forward, backwardOf(seen, step, size), { size, temper })
}

function forwardOf(seen: Float64Array, step: Float64Array, prior: readonly number[]): Float64Array {
  const size = prior.length
  const forward = new Float64Array(seen.length)
  for (let row = 0; row < seen.length; row += size) {
    for (let to = 0; to < size; to++) {
      let sum = row === 0 ? (prior[to] as number) : 0
      for (let from = 0; row > 0 && from < size; from++) sum += (forward[row - size + from] as number) * (step[from * size + to] as number)
      forward[row + to] = sum * (seen[row + to] as number)
    }
    scale(forward, row, size)
  }
  return forward
}

function backwardOf(seen: Float64Array, step: Float64Array, size: number): Float64Array {
  const backward = new Float64Array(seen.length).fill(1)
  for (let row = seen.length - 2 * size; row >= 0; row -= size) {
    for (let from = 0; from < size; from++) {
      let sum = 0
      for (let to = 0; to < size; to++) {
        const after = row + size + to
        sum += (step[from * size + to] as number) * (seen[after] as number) * (backward[after] as number)
      }
      backward[row + from] = sum
    }
    scale(backward, row, size)
  }
  return backward
}

function joinedWith(
  forward: Float64Array,
  backward: Float64Array,
  { size, temper }: { readonly size: number; readonly temper: number },
): Float32Array {
  for (let i = 0; i < forward.length; i++) forward[i] = (forward[i] as number) * (backward[i] as number)
  for (let row = 0; row < forward.length; row += size) scale(forward, row, size)
  if (temper === 1) return new Float32Array(forward)
  for (let i = 0; i < forward.length; i++) forward[i] = (forward[i] as number) ** temper
  for (let row = 0; row < forward.length; row += size) scale(forward, row, size)
  return new Float32Array(forward)
}

function scale(values: Float64Array, row: number, size: number): void {
  let sum = 0
  for (let i = row; i < row + size; i++) sum += values[i] as number
  for (let i = row; i < row + size; i++) values[i] = (values[i] as number) / sum
}
