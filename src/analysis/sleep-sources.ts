import type { SleepInterval } from '../model/series.ts'
import type { SourceKind } from '../model/source.ts'
import { compareIds, type DayFrame, minuteMs } from './frame.ts'
import { hasSleep, recordOf, type SleepRecord, stitched } from './sleep-record.ts'
import { hullOf } from './sleep-stages.ts'

/** One sleep, as the chosen source tells it and as the others do. */
export interface Sleep {
  readonly best: SleepRecord
  readonly others: readonly SleepRecord[]
}

/** A source must tell at least this part of the sleep to be chosen over one that ranks lower. */
const neededCoverage = 0.7

/**
 * A pause longer than this ends a sleep. Phones notice little and pause long (Junction stitches 120 minutes for phones);
 * others as HDCZA joins its blocks (van Hees 2018, Sci Rep 8:12975).
 */
export function sleepGapMs(kind: SourceKind): number {
  return (kind === 'phone' ? 120 : 60) * minuteMs
}

/**
 * The sleeps whose final waking lies on the date, ascending. A sleep is left to the next date while it may still go on:
 * its last word is nearer to the end of the day, or of what is known, than the pause that ends a sleep.
 */
export function sleepsEndingInDay(frame: DayFrame, intervals: readonly SleepInterval[]): Sleep[] {
  const knownUntilMs = Math.max(frame.toMs, frame.knownUntilMs)
  return clustersOf(accountsOf(intervals, frame))
    .map((accounts) => chosen(accounts, frame))
    .filter(
      ({ best }) => best.wakeMs >= frame.fromMs && best.wakeMs < frame.toMs && best.wakeMs + sleepGapMs(best.source.kind) <= knownUntilMs,
    )
}

interface Account {
  readonly record: SleepRecord
  readonly intervals: readonly SleepInterval[]
}

/** Every source's sleeps, each source for itself, by onset; without those that can be of no sleep that ends on the date. */
function accountsOf(intervals: readonly SleepInterval[], frame: DayFrame): Account[] {
  const words = intervals.filter(({ word }) => word !== 'in_bed')
  const told: SleepInterval[][] = []
  for (const same of Map.groupBy(words, ({ source }) => source.id).values())
    for (const sleep of stitched(same, sleepGapMs(same[0]?.source.kind ?? 'unknown'))) if (hasSleep(sleep)) told.push(sleep)
  return endingIn(told, frame)
    .flatMap(accountOf)
    .sort((a, b) => a.record.onsetMs - b.record.onsetMs || compareIds(a.record.source.id, b.record.source.id))
}

/** The night before and the one after are there too: those that overlap are looked at, and whose last word is of the date. */
function endingIn(sleeps: readonly (readonly SleepInterval[])[], { fromMs, toMs }: DayFrame): (readonly SleepInterval[])[] {
  const hulls = sleeps
    .map((intervals) => {
      const { startMs, endMs } = hullOf(intervals) ?? { startMs: 0, endMs: 0 }
      return { intervals, startMs, endMs }
    })
    .sort((a, b) => a.startMs - b.startMs)
  const found: (readonly SleepInterval[])[] = []
  let cluster: typeof hulls = []
  let untilMs = -Infinity
  const close = () => {
    if (untilMs >= fromMs && (cluster[0]?.startMs ?? toMs) < toMs) found.push(...cluster.map(({ intervals }) => intervals))
    cluster = []
  }
  for (const hull of hulls) {
    if (hull.startMs >= untilMs) close()
    cluster.push(hull)
    untilMs = Math.max(untilMs, hull.endMs)
  }
  close()
  return found
}

function accountOf(intervals: readonly SleepInterval[]): Account[] {
  const source = intervals[0]?.source
  const record = source === undefined ? undefined : recordOf(source, intervals)
  return record === undefined ? [] : [{ record, intervals }]
}

/** Accounts that overlap tell of the same sleep; a source that tells of it in two parts has one account of both. */
function clustersOf(accounts: readonly Account[]): Account[][] {
  const clusters: Account[][] = []
  let untilMs = -Infinity
  for (const account of accounts) {
    if (account.record.onsetMs >= untilMs) clusters.push([])
    clusters.at(-1)?.push(account)
    untilMs = Math.max(untilMs, account.record.wakeMs)
  }
  return clusters.map((cluster) =>
    [...Map.groupBy(cluster, ({ record }) => record.source.id).values()].flatMap((same) =>
      same.length === 1 ? same : accountOf(same.flatMap((account) => account.intervals)),
    ),
  )
}

/** The best-ranked source that tells stages for most of the sleep; else the best-ranked that tells most of it; else the one that tells most. */
function chosen(accounts: readonly Account[], frame: DayFrame): Sleep {
  const records = accounts.map(({ record }) => record).sort((a, b) => frame.prefer(a.source, b.source))
  const hull = hullOf(records.map(({ onsetMs, wakeMs }) => ({ startMs: onsetMs, endMs: wakeMs }))) ?? { startMs: 0, endMs: 0 }
  const told = (record: SleepRecord) => ((record.asleepMinutes + record.awakeMinutes) * minuteMs) / (hull.endMs - hull.startMs)
  const most = records.filter((record) => told(record) >= neededCoverage)
  const best = most.find(({ staged }) => staged) ?? most[0] ?? records.reduce((a, b) => (told(b) > told(a) ? b : a))
  return { best, others: records.filter((record) => record !== best) }
}
