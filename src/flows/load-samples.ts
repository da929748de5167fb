import { readSamples } from '../columns/parquet-reader.ts'
import { wordAt } from '../columns/select.ts'
import { release } from '../model/release.ts'
import type { SampleTable } from '../model/sample-table.ts'
import { type Beats, type DailySummary, isSeriesMetric, type Series, type SleepInterval, type WorkoutInterval } from '../model/series.ts'
import type { SamplesPointer, StoredSession } from '../model/session.ts'
import { sleepWordOf } from '../model/sleep-words.ts'
import type { Source } from '../model/source.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { readWorkout } from './apple-texts.ts'
import { archivedSessions } from './archived-documents.ts'
import { readAhead } from './dates-ahead.ts'
import { nextDate } from './dirty-days.ts'
import { all } from './every.ts'
import { findState } from './lifecycle-state.ts'
import { metricRanges, type RowRange } from './metric-ranges.ts'
import { sessionFile } from './session-samples.ts'
import { hasFlag, type RowFilter, seriesReader } from './session-series.ts'
import { type SharedFileDeps, sessionFilesOf } from './shared-files.ts'
import { asItStands } from './standing-session.ts'

interface Content {
  readonly series: readonly Series[]
  readonly sleep: readonly SleepInterval[]
  readonly workouts: readonly WorkoutInterval[]
}

/** What an analysis takes from one session. Quarantined samples are not in it. */
export interface LoadedSession extends Content {
  readonly path: string
  readonly revision: number
  /** Whether its samples stand in its document. */
  readonly isLoose: boolean
  /** Of a clock that was ahead when it came: it belongs to no day before that day is over. */
  readonly early?: Content
  readonly summaries: readonly DailySummary[]
  readonly beats: readonly Beats[]
}

/** For who knows which dates it will ask for, ascending: sessions of several are found together, and of objects that they share is read once. */
export interface Ahead extends SharedFileDeps {
  readonly coming: readonly string[]
}

/** The sessions of local dates, each read once however many days want it: the night of a date lies in the date before. */
export function sessionLoader(
  { documents, blobs }: { readonly documents: Documents; readonly blobs: Blobs },
  userId: string,
  ahead?: Ahead,
): (date: string) => Promise<readonly LoadedSession[]> {
  const kept = new Map<string, Promise<readonly LoadedSession[]>>()
  let archivedBefore: Promise<string> | undefined

  async function archivedIn(from: string, to: string): Promise<readonly Stored<StoredSession>[]> {
    archivedBefore ??= findState({ documents }, userId).then((state) => state?.body.archivedBefore.rawData ?? '')
    const before = await archivedBefore
    return from <= before ? archivedSessions({ documents, blobs }, userId, from, to < before ? to : before) : []
  }

  const foundAt = readAhead(ahead?.coming ?? [], async (from, to) => {
    const query = { collection: 'healthSessions', parent: `users/${userId}`, index: 'localDate', equals: [userId], from, to: nextDate(to) }
    const hot = await all<StoredSession>(documents, query)
    const archived = await archivedIn(from, to)
    const paths = new Set(archived.length === 0 ? [] : hot.map(({ path }) => path))
    const sessions = [...hot, ...archived.filter(({ path }) => !paths.has(path))]
    const pointers = sessions.flatMap(({ body }) => wantedOf(body) ?? [])
    return { byDate: Map.groupBy(sessions, ({ body }) => body.localDate), read: ahead ? sessionFilesOf(ahead, pointers) : readAlone }
  })

  const readAlone: ReadFile = (pointer) => sessionFile(blobs, pointer)

  async function loadDate(date: string): Promise<readonly LoadedSession[]> {
    const { byDate, read } = await foundAt(date)
    const sessions = byDate.get(date) ?? []
    const loaded = await Promise.all(sessions.map((session) => asItStands({ documents }, session, (now) => load(read, now))))
    return loaded.filter((each) => each !== undefined)
  }

  return async function sessionsOf(date: string): Promise<readonly LoadedSession[]> {
    let found = kept.get(date)
    if (found === undefined) {
      found = loadDate(date)
      kept.set(date, found)
      for (const old of kept.keys()) {
        if (kept.size <= 4) break
        kept.delete(old)
      }
    }
    return found
  }
}

type ReadFile = (pointer: SamplesPointer) => Promise<Uint8Array<ArrayBuffer>>

/** The columns that an analysis looks at: half of the file. */
const ANALYSED = ['metric', 'type', 'text', 'flags', 'quarantine', 'start', 'end', 'value'] as const

async function load(read: ReadFile, { path, body }: Stored<StoredSession>): Promise<LoadedSession> {
  const summaries = body.summary ? [{ source: body.source, ...defined(body.summary) }] : []
  const isLoose = body.samples?.inline !== undefined
  const empty: LoadedSession = { path, revision: body.revision, isLoose, series: [], sleep: [], workouts: [], summaries, beats: [] }
  const wanted = wantedOf(body)
  if (wanted === undefined) return empty
  const file = await read(wanted)
  const table = await readSamples(file, ANALYSED)
  release(file)
  const isEarly = hasFlag(table, 'clock_skew')
  const isTimely = isEarly && ((row: number) => !isEarly(row))
  return {
    ...empty,
    ...contentOf(table, body.source, isTimely),
    ...(isEarly && { early: contentOf(table, body.source, isEarly) }),
    beats: beatsOf(table, body.source, isTimely),
  }
}

/** Where its samples are, if any of them was not set aside. */
function wantedOf({ samples, quality }: StoredSession): SamplesPointer | undefined {
  const setAside = Object.values(quality.quarantined).reduce((sum, count) => sum + count, 0)
  return setAside === samples?.rows ? undefined : samples
}

function contentOf(table: SampleTable, source: Source, isWanted: RowFilter | undefined): Content {
  const ranges = metricRanges(table)
  const readSeries = seriesReader(table, source, isWanted)
  const series: Series[] = []
  for (const [metric, range] of ranges)
    if (isSeriesMetric(metric)) for (const each of readSeries(metric, range)) if (each.value.length > 0) series.push(each)
  return {
    series,
    sleep: sleepOf(table, ranges.get('sleep_session'), source, isWanted),
    workouts: workoutsOf(table, ranges.get('workout'), source, isWanted),
  }
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

function defined<T extends object>(of: T): Defined<T> {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as Defined<T>
}

function sleepOf(table: SampleTable, range: RowRange | undefined, source: Source, isWanted: RowFilter | undefined): SleepInterval[] {
  const intervals: SleepInterval[] = []
  if (!range) return intervals
  for (let row = range.from; row < range.to; row++) {
    const word = sleepWordOf('healthkit', wordAt(table, 'text', row) ?? '')
    if (word === undefined || wordAt(table, 'quarantine', row) !== undefined || isWanted?.(row) === false) continue
    intervals.push({ source, word, startMs: table.instants.start[row] as number, endMs: table.instants.end[row] as number })
  }
  return intervals
}

function workoutsOf(table: SampleTable, range: RowRange | undefined, source: Source, isWanted: RowFilter | undefined): WorkoutInterval[] {
  const workouts: WorkoutInterval[] = []
  if (!range) return workouts
  for (let row = range.from; row < range.to; row++) {
    const workout = readWorkout(wordAt(table, 'text', row))
    if (!workout || wordAt(table, 'quarantine', row) !== undefined || isWanted?.(row) === false) continue
    workouts.push({ source, startMs: table.instants.start[row] as number, endMs: table.instants.end[row] as number, ...workout })
  }
  return workouts
}

function beatsOf(table: SampleTable, source: Source, isWanted: RowFilter | undefined): Beats[] {
  const { codes, words } = table.words.type
  const code = words.indexOf('InstantaneousBeatsPerMinute')
  if (code < 0) return []
  const setAside = table.words.quarantine.codes
  const isKept = (row: number) => codes[row] === code && (setAside[row] as number) < 0 && isWanted?.(row) !== false
  // Samples are sorted by type.
  const from = codes.indexOf(code)
  const to = codes.lastIndexOf(code) + 1
  const [startMs, bpm] = [table.instants.start.subarray(from, to), table.numbers.value.subarray(from, to)]
  let kept = 0
  for (let row = from; row < to; row++) if (isKept(row)) kept++
  if (kept === to - from) return [{ source, startMs, bpm }]
  return [{ source, startMs: startMs.filter((_, at) => isKept(from + at)), bpm: bpm.filter((_, at) => isKept(from + at)) }]
}
