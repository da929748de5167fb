import { runsOf } from './runs.ts'

/**
 * Cole–Kripke 1992 (Sleep 15:461), one-minute counts, in ActiLife's form: counts / 100, at most 300, zeros outside the record.
 * Returns 1 for sleep, 0 for wake. The threshold belongs to ActiGraph's count unit: scale other units first.
 */
export function coleKripke(counts: Float64Array): Uint8Array {
  // Padded, so that the loop never looks outside: four minutes before and two after count.
  const padded = new Float64Array(counts.length + 6)
  for (let minute = 0; minute < counts.length; minute++) padded[minute + 4] = Math.min((counts[minute] as number) / 100, 300)
  const sleep = new Uint8Array(counts.length)
  for (let minute = 0; minute < counts.length; minute++) {
    const sum =
      106 * (padded[minute] as number) +
      54 * (padded[minute + 1] as number) +
      58 * (padded[minute + 2] as number) +
      76 * (padded[minute + 3] as number) +
      230 * (padded[minute + 4] as number) +
      74 * (padded[minute + 5] as number) +
      67 * (padded[minute + 6] as number)
    sleep[minute] = 0.001 * sum < 1 ? 1 : 0
  }
  return sleep
}

/**
 * Sadeh 1994 (Sleep 17:201), one-minute counts, at most 300, zeros outside the record. Returns 1 for sleep, 0 for wake.
 * `cutoff` -4 is ActiLife's variant; the paper's is 0. The sums of its windows move along: exact for whole counts.
 */
export function sadeh(counts: Float64Array, cutoff = -4): Uint8Array {
  const padded = new Float64Array(counts.length + 11)
  for (let minute = 0; minute < counts.length; minute++) padded[minute + 5] = Math.min(counts[minute] as number, 300)
  const sleep = new Uint8Array(counts.length)
  const window = { sum: 0, near: 0, sumOfSix: 0, squaresOfSix: 0 }
  for (let place = 0; place < 10; place++) enter(window, padded[place] as number, place < 5)
  for (let minute = 0; minute < counts.length; minute++) {
    const now = padded[minute + 5] as number
    const ahead = padded[minute + 10] as number
    window.sum += ahead
    if (isNearThreshold(ahead)) window.near++
    window.sumOfSix += now
    window.squaresOfSix += now * now
    const variance = Math.max(0, window.squaresOfSix - window.sumOfSix ** 2 / 6) / 5
    const score = 7.601 - (0.065 * window.sum) / 11 - 1.08 * window.near - 0.056 * Math.sqrt(variance) - 0.703 * Math.log(now + 1)
    sleep[minute] = score > cutoff ? 1 : 0
    const gone = padded[minute] as number
    window.sum -= gone
    if (isNearThreshold(gone)) window.near--
    window.sumOfSix -= gone
    window.squaresOfSix -= gone * gone
  }
  return sleep
}

interface SadehWindow {
  /** Of eleven minutes, five on each side. */
  sum: number
  near: number
  /** Of the minute and the five before it. */
  sumOfSix: number
  squaresOfSix: number
}

function enter(window: SadehWindow, count: number, isOfSix: boolean): void {
  window.sum += count
  if (isNearThreshold(count)) window.near++
  if (!isOfSix) return
  window.sumOfSix += count
  window.squaresOfSix += count * count
}

function isNearThreshold(count: number): boolean {
  return count >= 50 && count < 100
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
