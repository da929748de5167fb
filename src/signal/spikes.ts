import { bytes } from './memory.ts'

/** A jump of more than `jump` within `withinMs` that is undone within `samples` samples is a spike. */
export interface SpikeRule {
  readonly jump: number
  readonly withinMs: number
  readonly samples: number
}

/** 1 for each sample of an isolated spike. A jump that stays is none. */
export function spikes(startMs: Float64Array, value: Float64Array, rule: SpikeRule): Uint8Array {
  const mask = bytes(value.length)
  for (let i = 1; i < value.length; i++) {
    const before = value[i - 1] ?? Number.NaN
    const jumped = Math.abs((value[i] ?? Number.NaN) - before) > rule.jump
    if (!jumped || mask[i - 1] === 1 || (startMs[i] ?? 0) - (startMs[i - 1] ?? 0) > rule.withinMs) continue
    const back = returnTo(value, i, before, rule)
    if (back > 0) mask.fill(1, i, back)
  }
  return mask
}

function returnTo(value: Float64Array, from: number, level: number, rule: SpikeRule): number {
  for (let i = from + 1; i <= Math.min(from + rule.samples, value.length - 1); i++) {
    if (Math.abs((value[i] ?? Number.NaN) - level) <= rule.jump) return i
  }
  return -1
}
