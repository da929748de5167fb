import type { MetricName } from '../model/metrics.ts'
import { mean } from '../signal/statistics.ts'
import { variabilityOfBeats } from './beat-variability.ts'
import type { DayInput } from './day-input.ts'
import { absent, type Findings, soleSource } from './findings.ts'
import { type DayFrame, rounded } from './frame.ts'
import { bySource, picked, type SourceSamples } from './gather.ts'
import type { SleepRecord } from './sleep-record.ts'

/** SDNN is of single minutes and scatters, so a night needs three; a nightly RMSSD is the device's own mean. First found wins. */
const variability = [
  { metric: 'hrv_sdnn', kind: 'sdnn', window: 'night', need: 3 },
  { metric: 'hrv_rmssd', kind: 'rmssd', window: 'night', need: 1 },
  { metric: 'hrv_sdnn', kind: 'sdnn', window: 'spot', need: 1 },
  { metric: 'hrv_rmssd', kind: 'rmssd', window: 'spot', need: 1 },
] as const

const nightMeans = [
  { field: 'respiratoryRate', metric: 'respiratory_rate' },
  { field: 'oxygenSaturation', metric: 'oxygen_saturation' },
] as const

/** Heart rate variability, breathing rate and oxygen saturation: means of the samples inside the asleep time of the main sleep. */
export function addNightSigns(frame: DayFrame, main: SleepRecord | undefined, beats: DayInput['beats'], findings: Findings): void {
  addVariability(frame, main, findings)
  if (findings.fields.hrv?.window !== 'night') addBeatVariability(frame, main, beats, findings)
  for (const { field, metric } of nightMeans) {
    const best = bestSource(frame, asleepSamples(frame, metric, main))
    if (best !== undefined) {
      findings.fields[field] = rounded(mean(best.value), 2)
      findings.provenance[field] = soleSource('night_mean', best.source, best.value.length)
    } else {
      const inDay = daySamples(frame, metric).length > 0
      findings.reasons.push(absent(field, inDay ? 'no_night_data' : 'no_data', 0, 1))
    }
  }
}

function addVariability(frame: DayFrame, main: SleepRecord | undefined, { fields, provenance, reasons }: Findings): void {
  for (const { metric, kind, window, need } of variability) {
    const candidates = window === 'night' ? asleepSamples(frame, metric, main) : daySamples(frame, metric)
    const best = bestSource(
      frame,
      candidates.filter(({ value }) => value.length >= need),
    )
    if (best === undefined) continue
    fields.hrv = { value: rounded(mean(best.value), 2), kind, window, samples: best.value.length }
    provenance.hrv = soleSource(window === 'night' ? 'night_mean' : 'spot_mean', best.source, best.value.length)
    if (window === 'spot')
      reasons.push(absent('hrv.window', 'too_little_night_data', mostSamples(asleepSamples(frame, metric, main)), kind === 'sdnn' ? 3 : 1))
    return
  }
  reasons.push(absent('hrv', 'no_data', 0, 1))
}

/** Where no device gives a reading of the night, its beats say more of it than readings of the day. The best-ranked source that has enough. */
function addBeatVariability(frame: DayFrame, main: SleepRecord | undefined, beats: DayInput['beats'], findings: Findings): void {
  if (main === undefined) return
  const sources = [...Map.groupBy(beats, ({ source }) => source.id).values()].sort((a, b) => preferFirst(frame, a, b))
  for (const same of sources) {
    const asleep = Float64Array.from(same.flatMap(({ startMs }) => [...startMs.filter((start) => sleepsAt(main, start))])).sort()
    const found = variabilityOfBeats(asleep)
    const source = same[0]?.source
    if (found === undefined || source === undefined) continue
    findings.fields.hrv = { value: rounded(found.rmssdMs, 2), kind: 'rmssd', window: 'night', samples: found.stretches }
    findings.provenance.hrv = soleSource('night_beats', source, asleep.length)
    findings.reasons = findings.reasons.filter(({ field }) => field !== 'hrv' && field !== 'hrv.window')
    return
  }
}

function preferFirst(frame: DayFrame, a: DayInput['beats'], b: DayInput['beats']): number {
  return a[0] === undefined || b[0] === undefined ? 0 : frame.prefer(a[0].source, b[0].source)
}

function mostSamples(sources: readonly SourceSamples[]): number {
  return Math.max(0, ...sources.map(({ value }) => value.length))
}

function bestSource(frame: DayFrame, sources: readonly SourceSamples[]): SourceSamples | undefined {
  return sources.toSorted((a, b) => frame.prefer(a.source, b.source))[0]
}

function daySamples(frame: DayFrame, metric: MetricName): SourceSamples[] {
  return bySource(frame.series(metric), frame.fromMs, frame.toMs)
}

/** Samples that start while the person slept. A device's one value of the whole night counts if it overlaps half the sleep. */
function asleepSamples(frame: DayFrame, metric: MetricName, main: SleepRecord | undefined): SourceSamples[] {
  if (main === undefined) return []
  const halfMs = (main.wakeMs - main.onsetMs) / 2
  const found: SourceSamples[] = []
  for (const samples of bySource(frame.series(metric), main.onsetMs - halfMs, main.wakeMs)) {
    const rows: number[] = []
    samples.startMs.forEach((start, row) => {
      const overlapMs = Math.min(samples.endMs[row] as number, main.wakeMs) - Math.max(start, main.onsetMs)
      if (overlapMs >= halfMs || sleepsAt(main, start)) rows.push(row)
    })
    if (rows.length > 0) found.push({ source: samples.source, ...picked(samples, rows) })
  }
  return found
}

function sleepsAt({ spans }: SleepRecord, ms: number): boolean {
  for (const { startMs, endMs, stage } of spans) if (stage !== 'awake' && startMs <= ms && ms < endMs) return true
  return false
}
