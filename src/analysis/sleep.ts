import type { Nap, Night } from '../model/day.ts'
import type { SleepInterval } from '../model/series.ts'
import { localDate } from '../model/zone.ts'
import { type Cover, coveredMs, coverOf, joinCovers, lengthMs } from '../signal/cover.ts'
import { type Findings, noFindings, soleSource } from './findings.ts'
import { type DayFrame, hourMs, localMinute, localText, minuteMs, rounded } from './frame.ts'
import { estimateSleep } from './sleep-estimate.ts'
import { type SleepRecord, stitched } from './sleep-record.ts'
import { type Sleep, sleepGapMs, sleepsEndingInDay } from './sleep-sources.ts'
import type { Span } from './sleep-stages.ts'

const methodVersion = '1.0.0'
/** A doze in front of the television is not the night, even where nothing else was recorded. */
const leastMainMinutes = 60
const longSleepMs = 3 * hourMs
const night = { fromMinute: 21 * 60, untilMinute: 9 * 60 }
/** Time in bed counts for a sleep of which it covers at least this part. */
const neededInBed = 0.8

export interface SleepFindings extends Findings {
  /** The main sleep, for those who read the night. */
  readonly main?: SleepRecord
}

/**
 * The main sleep that ends on the date, and naps. From what devices said about sleep; where that gives no main sleep, from
 * heart rate and movement. Main is the longest sleep that touches 21:00–09:00 or lasts 3 h.
 */
export function sleepOf(frame: DayFrame, intervals: readonly SleepInterval[]): SleepFindings {
  const findings = noFindings()
  const sleeps = sleepsEndingInDay(frame, intervals)
  const main = mainOf(frame, sleeps)
  const naps = sleeps.filter((sleep) => sleep !== main)
  findings.fields.naps = naps.map(({ best }) => napOf(frame, best))
  if (main === undefined) return estimated(frame, intervals, naps, findings)
  const method = main.best.staged ? 'device_stages' : 'device_sleep'
  const bed = timeInBed(frame, main.best, intervals)
  findings.fields.sleep = nightOf(frame, main.best, method, bed)
  findings.provenance.sleep = soleSource(
    method,
    main.best.source,
    main.best.spans.length,
    main.others.map(({ source, asleepMinutes }) => ({ id: source.id, name: source.name, value: asleepMinutes, unit: 'min' })),
  )
  if (bed !== undefined && bed.from.source.id !== main.best.source.id) {
    findings.provenance['sleep.inBedMinutes'] = soleSource('other_source', bed.from.source, bed.intervals)
  }
  if (main.best.unknownMinutes >= 1) {
    findings.reasons.push({ field: 'sleep.awakeMinutes', code: 'unknown_minutes', have: main.best.unknownMinutes, need: 0 })
  }
  return { ...findings, main: main.best }
}

function mainOf(frame: DayFrame, sleeps: readonly Sleep[]): Sleep | undefined {
  return sleeps
    .filter(
      ({ best }) => best.asleepMinutes >= leastMainMinutes && (best.wakeMs - best.onsetMs >= longSleepMs || touchesNight(frame, best)),
    )
    .reduce<Sleep | undefined>(
      (longest, sleep) => (longest === undefined || sleep.best.asleepMinutes > longest.best.asleepMinutes ? sleep : longest),
      undefined,
    )
}

/** Only asked of sleeps shorter than 3 h, so onset and wake tell. */
function touchesNight({ zones }: DayFrame, { onsetMs, wakeMs }: SleepRecord): boolean {
  const onset = localMinute(zones, onsetMs)
  const wake = localMinute(zones, wakeMs)
  return onset < night.untilMinute || wake > night.fromMinute || wake < onset
}

function estimated(frame: DayFrame, intervals: readonly SleepInterval[], naps: readonly Sleep[], findings: Findings): SleepFindings {
  const estimate = estimateSleep(frame)
  if ('code' in estimate) {
    const inBedMs = inBedInDay(frame, intervals)
    findings.reasons.push(
      estimate.code === 'no_data' && inBedMs > 0 ? { field: 'sleep', code: 'in_bed_only', have: Math.round(inBedMs / minuteMs) } : estimate,
    )
    return findings
  }
  const main = estimate.record
  findings.fields.naps = naps
    .filter(({ best }) => best.wakeMs <= main.onsetMs || best.onsetMs >= main.wakeMs)
    .map(({ best }) => napOf(frame, best))
  findings.fields.sleep = nightOf(frame, main, 'cole_kripke', timeInBed(frame, main, intervals))
  findings.provenance.sleep = soleSource('cole_kripke', main.source, estimate.samples)
  findings.reasons.push({ field: 'sleep.confidence', code: 'not_calibrated' })
  findings.flags.push('sleep_estimated', ...(estimate.cutByNonWear ? ['sleep_cut_by_non_wear'] : []))
  return { ...findings, main }
}

interface Bed {
  readonly from: SleepInterval
  readonly intervals: number
  readonly startMs: number
  readonly minutes: number
}

/** Time in bed around a sleep, as its own source says it, else as the best other one does. Sleep outside it is added, time up is taken out. */
function timeInBed(frame: DayFrame, record: SleepRecord, intervals: readonly SleepInterval[]): Bed | undefined {
  const own = (source: { id: string }) => (source.id === record.source.id ? 0 : 1)
  const bySource = [
    ...Map.groupBy(
      intervals.filter(({ word }) => word === 'in_bed'),
      ({ source }) => source.id,
    ).values(),
  ]
  const up = coverOfIntervals(intervals.filter(({ word, source }) => word === 'out_of_bed' && source.id === record.source.id))
  const asleep = coverOfIntervals(record.spans.filter(({ stage }) => stage !== 'awake'))
  const beds = bySource.flatMap((same): Bed[] => {
    const inBed = stitched(same, sleepGapMs(same[0]?.source.kind ?? 'unknown')).filter((part) =>
      part.some(({ startMs, endMs }) => endMs > record.onsetMs && startMs < record.wakeMs),
    )
    const cover = coverOfIntervals(inBed.flat())
    const from = inBed[0]?.[0]
    if (from === undefined || coveredMs(cover, record.onsetMs, record.wakeMs) < neededInBed * (record.wakeMs - record.onsetMs)) return []
    const whole = joinCovers(cover, asleep)
    const upMs = up.startMs.reduce((sum, startMs, i) => sum + coveredMs(whole, startMs, up.endMs[i] ?? startMs), 0)
    return [{ from, intervals: inBed.flat().length, startMs: from.startMs, minutes: (lengthMs(whole) - upMs) / minuteMs }]
  })
  return beds.sort((a, b) => own(a.from.source) - own(b.from.source) || frame.prefer(a.from.source, b.from.source))[0]
}

function inBedInDay({ fromMs, toMs }: DayFrame, intervals: readonly SleepInterval[]): number {
  return lengthMs(coverOfIntervals(intervals.filter(({ word, endMs }) => word === 'in_bed' && endMs >= fromMs && endMs < toMs)))
}

function coverOfIntervals(intervals: readonly { readonly startMs: number; readonly endMs: number }[]): Cover {
  const sorted = intervals.toSorted((a, b) => a.startMs - b.startMs)
  return coverOf({ startMs: Float64Array.from(sorted, ({ startMs }) => startMs), endMs: Float64Array.from(sorted, ({ endMs }) => endMs) })
}

function nightOf(frame: DayFrame, record: SleepRecord, method: Night['method'], bed: Bed | undefined): Night {
  const { zones } = frame
  const inBedMinutes = bed === undefined ? undefined : rounded(bed.minutes, 2)
  const denominator = inBedMinutes ?? (record.wakeMs - record.onsetMs) / minuteMs
  return {
    onset: localText(zones, record.onsetMs),
    wake: localText(zones, record.wakeMs),
    bedtimeDate: localDate(zones, record.onsetMs),
    asleepMinutes: record.asleepMinutes,
    ...(inBedMinutes === undefined ? {} : { inBedMinutes }),
    awakeMinutes: record.awakeMinutes,
    awakenings: record.awakenings,
    ...(bed === undefined || bed.startMs > record.onsetMs
      ? {}
      : { onsetLatencyMinutes: rounded((record.onsetMs - bed.startMs) / minuteMs, 2) }),
    ...(record.staged ? { stagesMinutes: record.stagesMinutes } : {}),
    efficiency: Math.min(1, rounded(record.asleepMinutes / denominator, 4)),
    efficiencyBasis: bed === undefined ? 'maintenance' : 'time_in_bed',
    source: record.source.id,
    method,
    methodVersion,
    spans: record.spans.map((span) => spanText(frame, span)),
  }
}

function spanText({ zones }: DayFrame, { startMs, endMs, stage }: Span): NonNullable<Night['spans']>[number] {
  return { startTime: localText(zones, startMs), endTime: localText(zones, endMs), stage }
}

function napOf({ zones }: DayFrame, { onsetMs, wakeMs, asleepMinutes, source }: SleepRecord): Nap {
  return { onset: localText(zones, onsetMs), wake: localText(zones, wakeMs), asleepMinutes, source: source.id }
}
