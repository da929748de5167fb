import { wordAt } from '../columns/select.ts'
import type { SessionDraft } from '../importers/importer.ts'
import type { SampleTable } from '../model/sample-table.ts'
import type { StoredSession } from '../model/session.ts'
import { formatInstant } from '../model/time.ts'
import { readSummary, readWorkout } from './apple-texts.ts'
import { metricRanges, type RowRange } from './metric-ranges.ts'
import { type Quality, qualityOf } from './session-quality.ts'
import { sleepOf, sleepSpans } from './session-sleep.ts'

/** Ids are made of what the session is, so that the same import made twice meets itself. */
export function sessionId(localDate: string, sourceId: string): string {
  return `s_${localDate.replaceAll('-', '')}_${sourceId}`
}

/** A session without the pointer to its samples: that is known once they are kept. */
export type SessionBody = Omit<StoredSession, 'samples' | 'quality'> & { readonly quality: Quality }

/** The document of a session: what its samples say in sum. Statistics leave quarantined samples out. */
export function sessionDocument(userId: string, { source, localDate, zone, table }: SessionDraft, revision: number): SessionBody {
  const ranges = metricRanges(table)
  const { startMs, endMs } = extent(table)
  const heartRate = heartRateOf(table, ranges)
  const activity = activityOf(table, ranges)
  const asleep = ranges.get('sleep_session')
  const spans = asleep && sleepSpans(table, asleep)
  const sleep = sleepOf(spans)
  const workouts = workoutsOf(table, ranges.get('workout'))
  const summary = summaryOf(table)
  return {
    userId,
    sessionInfo: {
      sessionId: sessionId(localDate, source.id),
      startTime: formatInstant(startMs),
      endTime: formatInstant(endMs),
      dataSource: source.name,
      dataTypes: [...ranges.keys()],
    },
    localDate,
    zone,
    source,
    ...(heartRate && { heartRate }),
    ...(activity && { activity: { ...activity, ...(workouts[0] && { workout: workoutHeadline(workouts[0]) }) } }),
    ...(sleep && { sleep }),
    ...(workouts.length > 0 && { workouts }),
    ...(summary && { summary }),
    quality: qualityOf(table, ranges, spans ?? []),
    revision,
  }
}

/**
 * At least a second long, since a session may not end when it starts; samples that reach past 24 hours keep their own end. A session of
 * nothing but impossible times before 1970, all of them quarantined, stands at 1970-01-01, as does one without samples.
 */
function extent({ rows, instants }: SampleTable): { startMs: number; endMs: number } {
  if (rows === 0) return { startMs: 0, endMs: 1000 }
  const startMs = Math.max(0, least(instants.start))
  const endMs = most(instants.end)
  return { startMs, endMs: Math.max(startMs + 1000, Math.min(endMs, startMs + 86_400_000)) }
}

// Loops by themselves: V8 would throw its code for a long loop away again and again where it goes on to make an object.

function least(column: Float64Array): number {
  let found = Number.POSITIVE_INFINITY
  for (let row = 0; row < column.length; row++) if ((column[row] as number) < found) found = column[row] as number
  return found
}

function most(column: Float64Array): number {
  let found = Number.NEGATIVE_INFINITY
  for (let row = 0; row < column.length; row++) if ((column[row] as number) > found) found = column[row] as number
  return found
}

function accepted(table: SampleTable, row: number): boolean {
  return (table.words.quarantine.codes[row] as number) < 0
}

function round(value: number, digits: number): number {
  const unit = 10 ** digits
  return Math.round(value * unit) / unit
}

function heartRateOf(table: SampleTable, ranges: ReadonlyMap<string, RowRange>): StoredSession['heartRate'] | undefined {
  const range = ranges.get('heart_rate')
  if (!range) return undefined
  let count = 0
  let sum = 0
  let squares = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let row = range.from; row < range.to; row++) {
    if (!accepted(table, row)) continue
    const value = table.numbers.value[row] as number
    count++
    sum += value
    squares += value * value
    min = Math.min(min, value)
    max = Math.max(max, value)
  }
  if (count === 0) return undefined
  const average = sum / count
  const standardDeviation = Math.sqrt(Math.max(0, squares / count - average * average))
  return { statistics: { min, max, average: round(average, 3), standardDeviation: round(standardDeviation, 3) } }
}

function totalOf(table: SampleTable, range: RowRange | undefined): number | undefined {
  if (!range) return undefined
  let sum = 0
  for (let row = range.from; row < range.to; row++) if (accepted(table, row)) sum += table.numbers.value[row] as number
  return sum
}

function activityOf(table: SampleTable, ranges: ReadonlyMap<string, RowRange>): StoredSession['activity'] | undefined {
  const steps = totalOf(table, ranges.get('steps'))
  const distance = totalOf(table, ranges.get('distance_walking_running'))
  const energy = totalOf(table, ranges.get('active_energy'))
  if (steps === undefined && distance === undefined && energy === undefined && !ranges.has('workout')) return undefined
  return {
    ...(steps !== undefined && { steps: { total: Math.round(steps) } }),
    ...(distance !== undefined && { distance: { value: round(distance, 2), unit: 'meters' as const } }),
    ...(energy !== undefined && { activeEnergy: { value: round(energy, 3), unit: 'calories' as const } }),
  }
}

function workoutsOf(table: SampleTable, range: RowRange | undefined): NonNullable<StoredSession['workouts']> {
  const workouts: NonNullable<StoredSession['workouts']> = []
  if (!range) return workouts
  for (let row = range.from; row < range.to; row++) {
    const workout = readWorkout(wordAt(table, 'text', row))
    const startMs = table.instants.start[row] as number
    const endMs = table.instants.end[row] as number
    if (!workout || !accepted(table, row) || endMs <= startMs) continue
    const { type, energyKcal, distanceM, averageHeartRate } = workout
    workouts.push({
      type,
      startTime: formatInstant(startMs),
      endTime: formatInstant(endMs),
      durationMinutes: round((endMs - startMs) / 60_000, 3),
      ...(energyKcal !== undefined && { energyKcal: round(energyKcal, 3) }),
      ...(distanceM !== undefined && { distanceMeters: round(distanceM, 2) }),
      ...(averageHeartRate !== undefined && { averageHeartRate: round(averageHeartRate, 1) }),
    })
  }
  return workouts
}

/** The specification's one workout of a session: its first. `duration` in seconds. */
function workoutHeadline({ type, durationMinutes = 0 }: { type: string; durationMinutes?: number | undefined }): {
  type: string
  duration: number
} {
  return { type, duration: Math.round(durationMinutes * 60) }
}

/** Each export tells of its last day up to then, so a date may have several: the rings only grow, and the fullest is the latest. */
function summaryOf(table: SampleTable): StoredSession['summary'] | undefined {
  let fullest: StoredSession['summary'] | undefined
  if (!table.words.type.words.includes('ActivitySummary')) return fullest
  for (let row = 0; row < table.rows; row++) {
    if (wordAt(table, 'type', row) !== 'ActivitySummary') continue
    const summary = readSummary(wordAt(table, 'text', row))
    if (summary && isFuller(summary, fullest)) fullest = summary
  }
  return fullest
}

type Summary = NonNullable<StoredSession['summary']>

function isFuller(summary: Summary, than: Summary | undefined): boolean {
  const rings = ({ activeEnergyKcal = 0, exerciseMinutes = 0, standHours = 0 }: Summary) => [activeEnergyKcal, exerciseMinutes, standHours]
  const older = than === undefined ? [] : rings(than)
  const grown = rings(summary).map((ring, at) => ring - (older[at] ?? Number.NEGATIVE_INFINITY))
  return (grown.find((by) => by !== 0) ?? 0) > 0
}
