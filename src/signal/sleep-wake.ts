import { runsOf } from './runs.ts'

const coleKripkeWeights = [106, 54, 58, 76, 230, 74, 67]

/**
 * Cole–Kripke 1992 (Sleep 15:461), one-minute counts, in ActiLife's form: counts / 100, at most 300, zeros outside the record.
 * Returns 1 for sleep, 0 for wake. The threshold belongs to ActiGraph's count unit: scale other units first.
 */
export function coleKripke(counts: Float64Array): Uint8Array {
  const sleep = new Uint8Array(counts.length)
  for (let minute = 0; minute < counts.length; minute++) {
    let sum = 0
    for (let lag = -4; lag <= 2; lag++) {
      sum += (coleKripkeWeights[lag + 4] ?? 0) * Math.min((counts[minute + lag] ?? 0) / 100, 300)
    }
    sleep[minute] = 0.001 * sum < 1 ? 1 : 0
  }
  return sleep
}

/**
 * Sadeh 1994 (Sleep 17:201), one-minute counts, at most 300, zeros outside the record. Returns 1 for sleep, 0 for wake.
 * `cutoff` -4 is ActiLife's variant; the paper's is 0.
 */
export function sadeh(counts: Float64Array, cutoff = -4): Uint8Array {
  const capped = counts.map((count) => Math.min(count, 300))
  const sleep = new Uint8Array(counts.length)
  for (let minute = 0; minute < counts.length; minute++) {
    let sum = 0
    let nearThreshold = 0
    for (let lag = -5; lag <= 5; lag++) {
      const count = capped[minute + lag] ?? 0
      sum += count
      if (count >= 50 && count < 100) nearThreshold++
    }
    const score =
      7.601 -
      0.065 * (sum / 11) -
      1.08 * nearThreshold -
      0.056 * deviationOfSix(capped, minute) -
      0.703 * Math.log((capped[minute] ?? 0) + 1)
    sleep[minute] = score > cutoff ? 1 : 0
  }
  return sleep
}

/** Sample standard deviation of the minute and the five before it. */
function deviationOfSix(counts: Float64Array, minute: number): number {
  let sum = 0
  for (let lag = -5; lag <= 0; lag++) sum += counts[minute + lag] ?? 0
  let squares = 0
  for (let lag = -5; lag <= 0; lag++) squares += ((counts[minute + lag] ?? 0) - sum / 6) ** 2
  return Math.sqrt(squares / 5)
}

/** After `wake` minutes awake, the first `sleep` minutes of sleep count as waking. */
const settling = [
  { wake: 15, sleep: 4 },
  { wake: 10, sleep: 3 },
  { wake: 4, sleep: 1 },
]
/** Sleep of at most `sleep` minutes between at least `wake` minutes awake on both sides counts as waking. */
const islands = [
  { wake: 10, sleep: 6 },
  { wake: 20, sleep: 10 },
]

/** Webster 1982 rescoring (Sleep 5:389) of one-minute labels, 1 sleep; the rules look at the runs as they came. */
export function websterRescored(sleep: Uint8Array): Uint8Array {
  const rescored = sleep.slice()
  const runs = runsOf(sleep, 1)
  runs.forEach((run, index) => {
    const length = run.to - run.from
    const wakeBefore = run.from - (runs[index - 1]?.to ?? 0)
    const wakeAfter = (runs[index + 1]?.from ?? sleep.length) - run.to
    const alone = islands.some((rule) => length <= rule.sleep && Math.min(wakeBefore, wakeAfter) >= rule.wake)
    const head = settling.find((rule) => wakeBefore >= rule.wake)?.sleep ?? 0
    rescored.fill(0, run.from, alone ? run.to : Math.min(run.to, run.from + head))
  })
  return rescored
}
