import { type Finding, finding, type Handling, plausibleMask } from './quality.ts'

const maxChangeBpm = 50
const withinMs = 10_000

export interface HeartRateVerdict {
  readonly findings: readonly Finding[]
  /** 1 where the sample counts. All 0 where the sensor is at fault. */
  readonly accepted: Uint8Array
  /** More than half of the values are impossible: none of them is believed. */
  readonly sensorFault: boolean
}

/** The heart-rate rules on samples sorted by time: beats per minute at epoch ms. Jumps are looked for between accepted neighbours. */
export function judgeHeartRate(startMs: ArrayLike<number>, bpm: ArrayLike<number>, handling: Handling = 'lenient'): HeartRateVerdict {
  const accepted = plausibleMask('heart_rate', bpm)
  const findings: Finding[] = []
  let kept = 0
  for (let at = 0; at < accepted.length; at++) {
    if (accepted[at] === 1) kept++
    else findings.push(finding('heart_rate_range', handling, at))
  }
  let before: number | undefined
  for (let at = 0; at < accepted.length; at++) {
    if (accepted[at] !== 1) continue
    if (before !== undefined && jumpsBetween(startMs, bpm, before, at)) findings.push(finding('heart_rate_jump', handling, at))
    before = at
  }
  const sensorFault = kept * 2 < bpm.length
  return { findings, accepted: sensorFault ? new Uint8Array(bpm.length) : accepted, sensorFault }
}

/** Positions whose value differs by more than 50/min from the one before, at most 10 s earlier. */
export function heartRateJumps(startMs: ArrayLike<number>, bpm: ArrayLike<number>): number[] {
  const jumps: number[] = []
  for (let at = 1; at < bpm.length; at++) if (jumpsBetween(startMs, bpm, at - 1, at)) jumps.push(at)
  return jumps
}

/**
 * 1 where a value is an isolated spike: it jumped away and within 3 samples the rate is back within 50/min of where it
 * was. Spikes are stored and left out of minimum, maximum and average.
 */
export function isolatedSpikes(startMs: ArrayLike<number>, bpm: ArrayLike<number>): Uint8Array {
  const mask = new Uint8Array(bpm.length)
  for (const jump of heartRateJumps(startMs, bpm)) {
    if (mask[jump - 1] === 1) continue
    for (let back = jump + 1; back <= jump + 3 && back < bpm.length; back++) {
      if (!near(bpm, jump - 1, back) || !jumpsBetween(startMs, bpm, back - 1, back)) continue
      mask.fill(1, jump, back)
      break
    }
  }
  return mask
}

/** Heart rate as the specification's integer: half goes to the even neighbour. */
export function wholeBpm(bpm: number): number {
  const floor = Math.floor(bpm)
  const rest = bpm - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
}

function jumpsBetween(startMs: ArrayLike<number>, bpm: ArrayLike<number>, before: number, after: number): boolean {
  return !near(bpm, before, after) && (startMs[after] ?? Number.NaN) - (startMs[before] ?? Number.NaN) <= withinMs
}

function near(bpm: ArrayLike<number>, a: number, b: number): boolean {
  return Math.abs((bpm[a] ?? Number.NaN) - (bpm[b] ?? Number.NaN)) <= maxChangeBpm
}
