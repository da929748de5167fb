import type { Reason } from '../model/day.ts'
import type { MetricName } from '../model/metrics.ts'
import type { Source } from '../model/source.ts'
import { countSet, type MinuteGrid, maxByMinute, spreadOverMinutes, touchedMinutes, windowMeans } from '../signal/minute-grid.ts'
import { type Run, runsOf } from '../signal/runs.ts'
import { coleKripke, websterRescored } from '../signal/sleep-wake.ts'
import { mean, median } from '../signal/statistics.ts'
import { absent } from './findings.ts'
import { type DayFrame, hourMs, minuteMs } from './frame.ts'
import { pulseOf } from './pulse.ts'
import { recordOfSpans, type SleepRecord } from './sleep-record.ts'

export interface SleepEstimate {
  readonly record: SleepRecord
  /** Heart rate samples that were used. */
  readonly samples: number
  /** The watch came off within 10 minutes of the end, so the sleep may have been longer. */
  readonly cutByNonWear: boolean
}

/**
 * Movement in ActiGraph counts a minute, estimated: walking at 100 steps a minute (3 MET) is about 2,500 counts, and costs a
 * 70 kg person about 2.5 active kcal a minute. Scales the threshold of Cole–Kripke only; nothing else may read these counts.
 */
const countsPerUnit: readonly (readonly [MetricName, number])[] = [
  ['steps', 25],
  ['active_energy', 1000],
  ['activity_counts', 1],
]

const reachMs = 10 * minuteMs
const beforeMs = 12 * hourMs
/** Less than four fifths asleep is a still afternoon rather than a night: none is better than a wrong one. */
const plausible = { leastMinutes: 180, mostMinutes: 840, leastAsleep: 0.8 }
/** HDCZA (van Hees 2018): blocks of more than 30 minutes, joined over less than 60. */
const block = { leastMinutes: 30, gapMinutes: 60 }

/**
 * Sleep from heart rate and movement: Cole–Kripke with Webster's rescoring on estimated counts, minutes without heart rate
 * within 10 minutes excluded, in the period of 3–14 h that ends on the date and whose heart rate lies farthest below the median for
 * the longest time. No confidence: the counts are an estimate and nothing calibrates them. Else the reason why there is none.
 */
export function estimateSleep(frame: DayFrame): SleepEstimate | Reason {
  const grid: MinuteGrid = { fromMs: frame.fromMs - beforeMs, minutes: frame.minutes + beforeMs / minuteMs }
  const pulse = pulseOf(frame, grid.fromMs, frame.toMs)
  if (pulse === undefined) return absent('sleep', 'no_data', 0, 1)
  const worn = touchedMinutes([pulse], grid, { reachMs })
  if (countSet(worn) < plausible.leastMinutes) return absent('sleep', 'not_worn', countSet(worn), plausible.leastMinutes)
  const counts = estimatedCounts(frame, grid)
  if (counts === undefined) return absent('sleep', 'no_movement_data', 0, 1)
  const asleep = websterRescored(coleKripke(counts)).map((sleep, minute) => sleep * (worn[minute] ?? 0))
  const beats = windowMeans(pulse, grid)
  const period = mostRestfulPeriod(frame, grid, { asleep, worn, beats })
  if (period === undefined) return withoutPeriod(worn)
  const record = recordOfPeriod(pulse.source, grid, asleep, period)
  if (record === undefined) return withoutPeriod(worn)
  const samples = beats.subarray(period.from, period.to).filter((beat) => !Number.isNaN(beat)).length
  return { record, samples, cutByNonWear: worn.subarray(period.to, period.to + reachMs / minuteMs).includes(0) }
}

interface Minutes {
  readonly asleep: Uint8Array
  readonly worn: Uint8Array
  /** Mean heart rate; NaN where there was none. */
  readonly beats: Float64Array
}

function mostRestfulPeriod(frame: DayFrame, grid: MinuteGrid, { asleep, worn, beats }: Minutes): Run | undefined {
  const middle = median(beats)
  const blocks = runsOf(asleep, 1).filter(({ from, to }) => to - from >= block.leastMinutes && mean(beats.subarray(from, to)) < middle)
  const knownUntilMs = Math.max(frame.toMs, frame.knownUntilMs)
  // A desk is as still as a bed, but the heart beats faster there: length alone would take the office for the night.
  const restOf = ({ from, to }: Run) => (middle - mean(beats.subarray(from, to))) * (to - from)
  return joined(blocks, worn)
    .filter(({ from, to }) => to - from >= plausible.leastMinutes && to - from <= plausible.mostMinutes)
    .filter(({ from, to }) => countSet(asleep.subarray(from, to)) >= plausible.leastAsleep * (to - from))
    .filter(({ to }) => {
      const wakeMs = grid.fromMs + to * minuteMs
      return wakeMs >= frame.fromMs && wakeMs < frame.toMs && wakeMs + block.gapMinutes * minuteMs <= knownUntilMs
    })
    .reduce<Run | undefined>((most, run) => (most === undefined || restOf(run) > restOf(most) ? run : most), undefined)
}

function joined(blocks: readonly Run[], worn: Uint8Array): Run[] {
  const periods: Run[] = []
  for (const next of blocks) {
    const last = periods.at(-1)
    const near = last !== undefined && next.from - last.to < block.gapMinutes && !worn.subarray(last.to, next.from).includes(0)
    if (last !== undefined && near) periods[periods.length - 1] = { from: last.from, to: next.to }
    else periods.push(next)
  }
  return periods
}

function recordOfPeriod(source: Source, grid: MinuteGrid, asleep: Uint8Array, { from, to }: Run): SleepRecord | undefined {
  const within = asleep.subarray(from, to)
  const spans = [0, 1].flatMap((value) =>
    runsOf(within, value).map((run) => ({
      startMs: grid.fromMs + (from + run.from) * minuteMs,
      endMs: grid.fromMs + (from + run.to) * minuteMs,
      stage: value === 1 ? ('unspecified' as const) : ('awake' as const),
    })),
  )
  return recordOfSpans(
    source,
    spans.sort((a, b) => a.startMs - b.startMs),
    false,
  )
}

/** Undefined where no source recorded movement in the time. */
function estimatedCounts(frame: DayFrame, grid: MinuteGrid): Float64Array | undefined {
  let counts: Float64Array | undefined
  for (const [metric, scale] of countsPerUnit) {
    for (const series of frame.series(metric)) {
      const spread = spreadOverMinutes(series, grid).map((amount) => amount * scale)
      counts = counts === undefined ? spread : maxByMinute(counts, spread)
    }
  }
  return counts
}

/** The first six hours of the date tell whether the watch was off or worn without a sleep to be seen. */
function withoutPeriod(worn: Uint8Array): Reason {
  const fromMinute = beforeMs / minuteMs
  const wornAtNight = countSet(worn.subarray(fromMinute, fromMinute + 6 * 60))
  if (wornAtNight < plausible.leastMinutes) return absent('sleep', 'not_worn', wornAtNight, plausible.leastMinutes)
  return absent('sleep', 'no_sleep_found', wornAtNight, plausible.leastMinutes)
}
