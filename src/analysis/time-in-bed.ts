import type { SleepInterval } from '../model/series.ts'
import { type Cover, coveredMs, coverOf, joinCovers, lengthMs } from '../signal/cover.ts'
import { doubles } from '../signal/memory.ts'
import { type DayFrame, minuteMs } from './frame.ts'
import { byStart, type SleepRecord, type Stretch, stitched } from './sleep-record.ts'
import { sleepGapMs } from './sleep-sources.ts'

/** Time in bed counts for a sleep of which it covers at least this part. */
const neededInBed = 0.8

/** Time in bed around one sleep, as one source tells it. */
export interface Bed {
  readonly from: SleepInterval
  readonly intervals: number
  readonly startMs: number
  readonly minutes: number
}

/** Time in bed around a sleep, as its own source says it, else as the best other one does. Sleep outside it is added, time up is taken out. */
export function timeInBed(frame: DayFrame, record: SleepRecord, intervals: readonly SleepInterval[]): Bed | undefined {
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

/** How long devices say that the person lay in bed on the date, ms. */
export function inBedInDay({ fromMs, toMs }: DayFrame, intervals: readonly SleepInterval[]): number {
  return lengthMs(coverOfIntervals(intervals.filter(({ word, endMs }) => word === 'in_bed' && endMs >= fromMs && endMs < toMs)))
}

export function coverOfIntervals(intervals: readonly Stretch[]): Cover {
  const sorted = byStart(intervals)
  const startMs = doubles(sorted.length)
  const endMs = doubles(sorted.length)
  for (let at = 0; at < sorted.length; at++) {
    const interval = sorted[at] as Stretch
    startMs[at] = interval.startMs
    endMs[at] = interval.endMs
  }
  return coverOf({ startMs, endMs })
}
