import type { DayInput } from './day-input.ts'
import type { Findings } from './findings.ts'
import { type DayFrame, inDay } from './frame.ts'
import { bySource, type SourceSamples } from './gather.ts'

/** What is said of two devices is what validation says of one: more than this between neighbours is doubtful, /min. */
const MOST_APART_BPM = 50

/** What there is to doubt in what was measured, whoever is believed. */
export function addDoubts(frame: DayFrame, input: DayInput, findings: Findings): void {
  const seconds = secondsOfConflict(frame)
  if (seconds > 0) {
    findings.flags.push('source_conflict')
    findings.reasons.push({ field: 'heartRate', code: 'source_conflict', have: seconds })
  }
  addEarly(frame, input, findings)
}

/** Seconds of the day in which two sources tell heart rates that cannot both be right. */
function secondsOfConflict(frame: DayFrame): number {
  const sources = bySource(frame.series('heart_rate'), frame.fromMs, frame.toMs)
  const found = new Set<number>()
  sources.forEach((one, at) => {
    for (const other of sources.slice(at + 1)) addConflicts(found, one, other)
  })
  return found.size
}

function addConflicts(found: Set<number>, one: SourceSamples, other: SourceSamples): void {
  let from = 0
  one.startMs.forEach((startMs, at) => {
    const second = Math.floor(startMs / 1000)
    while (from < other.startMs.length && (other.startMs[from] as number) < second * 1000) from++
    for (let k = from; k < other.startMs.length && (other.startMs[k] as number) < (second + 1) * 1000; k++)
      if (Math.abs((other.value[k] as number) - (one.value[at] as number)) > MOST_APART_BPM) found.add(second)
  })
}

/** Told by the metric that lacks them, while they are held out. */
function addEarly(frame: DayFrame, { early = [], isEarlyTold = false }: DayInput, { flags, reasons }: Findings): void {
  const own = early.filter(({ startMs }) => inDay(frame, startMs))
  if (own.length === 0) return
  flags.push('clock_skew')
  if (isEarlyTold) return
  for (const [metric, samples] of Map.groupBy(own, (each) => each.metric))
    reasons.push({ field: `coverage.metrics.${metric}`, code: 'clock_skew', have: samples.length })
}
