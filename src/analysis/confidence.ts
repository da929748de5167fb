import type { Day } from '../model/day.ts'
import { type Baselines, baselineDays } from './baseline.ts'
import { instantMs } from './night-clock.ts'

export interface Confidence {
  /** 0 to 1, two decimals. */
  readonly confidence: number
  /** 0 to 1, three decimals, by the names of `weights`; `model` is absent where no method says how sure it is. */
  readonly parts: Readonly<Record<string, number>>
}

const weights = { wear: 0.35, night: 0.3, baseline: 0.15, model: 0.2 } as const
type Part = keyof typeof weights
const partNames: readonly Part[] = ['wear', 'night', 'baseline', 'model']

/**
 * How far an insight can be trusted: the weighted mean of
 *
 *     wear      minutes worn ÷ minutes of the date                                            0.35
 *     night     minutes known to be asleep or awake ÷ minutes from onset to wake; 0: no night 0.30
 *     baseline  mean over the date's figures of days in the baseline ÷ 28 (under 7: 0)        0.15
 *     model     the confidence that the sleep method gives itself                             0.20
 *
 * each within 0–1. An unknown part is left out and the weights of the others grow in proportion; none is invented. The
 * weights are our choice: what was measured counts more than what was concluded from it.
 */
export function confidenceOf(day: Day, baselines: Baselines): Confidence {
  const { wornMinutes, dayMinutes } = day.coverage
  const known: Readonly<Record<Part, number | undefined>> = {
    wear: share(wornMinutes, dayMinutes),
    night: nightShare(day),
    baseline: readiness(baselines),
    model: day.sleep?.confidence,
  }
  const parts: Partial<Record<Part, number>> = {}
  let weighted = 0
  let total = 0
  for (const name of partNames) {
    const exact = known[name]
    if (exact === undefined) continue
    const part = Math.round(exact * 1000) / 1000
    parts[name] = part
    weighted += weights[name] * part
    total += weights[name]
  }
  return { confidence: Math.round((weighted / total) * 100) / 100, parts }
}

function nightShare({ sleep }: Day): number {
  if (sleep === undefined) return 0
  const ms = instantMs(sleep.wake) - instantMs(sleep.onset)
  return share(sleep.asleepMinutes + sleep.awakeMinutes, ms / 60_000)
}

function readiness({ ready, reasons }: Baselines): number {
  let sum = 0
  for (const { n } of ready.values()) sum += share(n, baselineDays)
  return share(sum, ready.size + reasons.length)
}

/** 0 of nothing. */
function share(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0
}
