/** The ground truth at one value a minute, counted from the start of the first date. */
export interface Minutes {
  /** One of `stages`. */
  readonly stage: Uint8Array
  /** Steps really taken. Where only the phone was there, its count is the truth. */
  readonly steps: Uint8Array
  /** Steps that the phone counted; 0 where it was not carried. */
  readonly phoneSteps: Uint8Array
  /** Beats a minute. */
  readonly heartRate: Uint8Array
  /** Sum of `flag`. */
  readonly flags: Uint16Array
}

export const stages = { awake: 0, light: 1, deep: 2, rem: 3 } as const

export const flag = {
  /** The watch is on the wrist. */
  worn: 1,
  phone: 2,
  inBed: 4,
  running: 8,
  workout: 16,
  /** Steps typed in by hand: neither device was there. */
  manual: 32,
  /** A walk of even pace that the phone keeps as one sample although the watch joins or leaves on the way. */
  straddle: 64,
  /** What the watch saw here reaches the phone after the first export. */
  late: 128,
  /** Nothing else may be put here: a flight, a nap, a workout, a walk. */
  busy: 256,
} as const

export function blankMinutes(count: number): Minutes {
  return {
    stage: new Uint8Array(count),
    steps: new Uint8Array(count),
    phoneSteps: new Uint8Array(count),
    heartRate: new Uint8Array(count),
    flags: new Uint16Array(count),
  }
}

export function raise(flags: Uint16Array, from: number, to: number, bits: number) {
  for (let minute = Math.max(0, from); minute < Math.min(to, flags.length); minute++) flags[minute] = (flags[minute] ?? 0) | bits
}

export function lower(flags: Uint16Array, from: number, to: number, bits: number) {
  for (let minute = Math.max(0, from); minute < Math.min(to, flags.length); minute++) flags[minute] = (flags[minute] ?? 0) & ~bits
}

export function has(minutes: Minutes, minute: number, bits: number): boolean {
  return ((minutes.flags[minute] ?? 0) & bits) !== 0
}

export function sum(values: Uint8Array, from: number, to: number): number {
  let total = 0
  for (let minute = from; minute < to; minute++) total += values[minute] ?? 0
  return total
}

export interface Span {
  readonly from: number
  readonly to: number
}

/**
 * Cuts minutes into spans of equal key, none longer than `longest` says; minutes of key 0 are in no span. Both devices cut at the same
 * changes of key, so no sample reaches over a place where another device begins to count, except where the key says so.
 */
export function spans(from: number, to: number, keyOf: (minute: number) => number, longest: () => number): Span[] {
  const found: Span[] = []
  let start = from
  while (start < to) {
    const key = keyOf(start)
    const limit = Math.min(to, start + (key === 0 ? to : longest()))
    let end = start + 1
    while (end < limit && keyOf(end) === key) end++
    if (key !== 0) found.push({ from: start, to: end })
    start = end
  }
  return found
}
