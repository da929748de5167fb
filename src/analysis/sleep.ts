import type { Nap, Night } from '../model/day.ts'
import type { SleepInterval } from '../model/series.ts'
import type { Staging } from '../model/staging.ts'
import { localDate } from '../model/zone.ts'
import type { Cover } from '../signal/cover.ts'
import type { DayInput } from './day-input.ts'
import { type Findings, soleSource } from './findings.ts'
import { type DayFrame, hourMs, localMinute, localText, minuteMs, rounded } from './frame.ts'
import { estimateSleep } from './sleep-estimate.ts'
import type { SleepRecord } from './sleep-record.ts'
import { type Sleep, sleepsEndingInDay } from './sleep-sources.ts'
import { isAsleep, type Span } from './sleep-stages.ts'
import { agreementOf, confidenceIn, stagedRecord } from './staged-sleep.ts'
import { type Bed, coverOfIntervals, inBedInDay, timeInBed } from './time-in-bed.ts'

const methodVersion = '1.0.0'
/** A doze in front of the television is not the night, even where nothing else was recorded. */
const leastMainMinutes = 60
const longSleepMs = 3 * hourMs
const night = { fromMinute: 21 * 60, untilMinute: 9 * 60 }

/** Beside what it says of the day. */
export interface SleepFound {
  /** The main sleep, for those who read the night. */
  readonly main: SleepRecord | undefined
  /** All time that a device calls sleep, also of the night to come. */
  readonly asleep: Cover
}

/**
 * The main sleep that ends on the date, and naps. Stages as a device gives them; else as a model does; else sleep and waking as a device
 * gives them; else as heart rate and movement let it be estimated. Main is the longest sleep that touches 21:00–09:00 or lasts 3 h.
 */
export function addSleep(
  frame: DayFrame,
  { sleep: intervals, staging }: Pick<DayInput, 'sleep' | 'staging'>,
  findings: Findings,
): SleepFound {
  const sleeps = sleepsEndingInDay(frame, intervals)
  const main = mainOf(frame, sleeps)
  const asleep = coverOfIntervals(intervals.filter(({ word }) => isAsleep(word)))
  findings.fields.naps = sleeps.filter((sleep) => sleep !== main).map(({ best }) => napOf(frame, best))
  const told = { intervals, staging }
  return { main: main === undefined ? addEstimated(frame, told, sleeps, findings) : addRecorded(frame, main, told, findings), asleep }
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

interface Told {
  readonly intervals: readonly SleepInterval[]
  readonly staging: Staging | undefined
}

/** A night that a device recorded. */
function addRecorded(frame: DayFrame, { best, others }: Sleep, { intervals, staging }: Told, findings: Findings): SleepRecord {
  const model = best.staged ? undefined : stagedWithin(staging, best)
  const record = model?.record ?? best
  const method = model?.method ?? (best.staged ? 'device_stages' : 'device_sleep')
  const bed = timeInBed(frame, record, intervals)
  const agreement = best.staged && staging !== undefined ? agreementOf(staging, best) : undefined
  findings.fields.sleep = { ...nightOf(frame, record, method, bed), ...model?.says, ...(agreement && { agreement }) }
  findings.provenance.sleep = soleSource(
    method,
    record.source,
    record.spans.length,
    [...(model === undefined ? [] : [best]), ...others].map(({ source, asleepMinutes }) => ({
      id: source.id,
      name: source.name,
      value: asleepMinutes,
      unit: 'min',
    })),
  )
  if (bed !== undefined && bed.from.source.id !== record.source.id) {
    findings.provenance['sleep.inBedMinutes'] = soleSource('other_source', bed.from.source, bed.intervals)
  }
  if (record.unknownMinutes >= 1) {
    findings.reasons.push({ field: 'sleep.awakeMinutes', code: 'unknown_minutes', have: record.unknownMinutes, need: 0 })
  }
  return record
}

/** A night that no device recorded: as a model staged it, else as Cole–Kripke has it. */
function addEstimated(frame: DayFrame, { intervals, staging }: Told, naps: readonly Sleep[], findings: Findings): SleepRecord | undefined {
  const estimate = estimateSleep(frame)
  if ('code' in estimate) {
    const inBedMs = inBedInDay(frame, intervals)
    findings.reasons.push(
      estimate.code === 'no_data' && inBedMs > 0 ? { field: 'sleep', code: 'in_bed_only', have: Math.round(inBedMs / minuteMs) } : estimate,
    )
    return undefined
  }
  const model = stagedWithin(staging, estimate.record)
  const main = model?.record ?? estimate.record
  const method = model?.method ?? 'cole_kripke'
  findings.fields.naps = naps
    .filter(({ best }) => best.wakeMs <= main.onsetMs || best.onsetMs >= main.wakeMs)
    .map(({ best }) => napOf(frame, best))
  findings.fields.sleep = { ...nightOf(frame, main, method, timeInBed(frame, main, intervals)), ...model?.says }
  findings.provenance.sleep = soleSource(method, main.source, estimate.samples)
  if (model === undefined) findings.reasons.push({ field: 'sleep.confidence', code: 'not_calibrated' })
  findings.flags.push('sleep_estimated', ...(estimate.cutByNonWear ? ['sleep_cut_by_non_wear'] : []))
  return main
}

/** A model must have staged at least this part of the sleep. */
const neededStaged = 0.7

interface ModelNight {
  readonly record: SleepRecord
  readonly method: string
  readonly says: Pick<Night, 'confidence' | 'methodVersion'>
}

/** The model's account of a sleep that was found without it; undefined where there is none, or it saw another night or no sleep. */
function stagedWithin(staging: Staging | undefined, { onsetMs, wakeMs, source }: SleepRecord): ModelNight | undefined {
  const record = staging === undefined ? undefined : stagedRecord(staging, source)
  if (staging === undefined || record === undefined) return undefined
  const sharedMs = Math.min(record.wakeMs, wakeMs) - Math.max(record.onsetMs, onsetMs)
  if (sharedMs < neededStaged * (wakeMs - onsetMs)) return undefined
  const { name, version } = staging.model
  const confidence = confidenceIn(staging)
  return { record, method: name, says: { methodVersion: version, ...(confidence !== undefined && { confidence }) } }
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
    spans: spanTexts(frame, record.spans),
  }
}

/** Most begin where the one before ends. */
function spanTexts({ zones }: DayFrame, spans: readonly Span[]): NonNullable<Night['spans']> {
  let last = { ms: Number.NaN, text: '' }
  return spans.map(({ startMs, endMs, stage }) => {
    const startTime = startMs === last.ms ? last.text : localText(zones, startMs)
    last = { ms: endMs, text: localText(zones, endMs) }
    return { startTime, endTime: last.text, stage }
  })
}

function napOf({ zones }: DayFrame, { onsetMs, wakeMs, asleepMinutes, source }: SleepRecord): Nap {
  return { onset: localText(zones, onsetMs), wake: localText(zones, wakeMs), asleepMinutes, source: source.id }
}
