import { userAnalyticsOf } from '../analysis/user-analytics.ts'
import type { Day } from '../model/day.ts'
import { metrics } from '../model/metrics.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import { type TrendMetric, trendMetrics } from '../model/trend-metrics.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { consentingPeople } from './consenting-people.ts'
import { every } from './every.ts'
import { type LakeFile, type LakeParts, type LakePartsDeps, openLakeParts } from './lake-parts.ts'
import { sessionLoader } from './load-samples.ts'

export interface LakeDeps extends LakePartsDeps {
  readonly documents: Documents
  readonly blobs: Blobs
  readonly clock: Clock
  /** A keyed hash, hex: who has the key can find a person again, nobody else. */
  readonly pseudonym: (text: string) => string
}

export interface LakeRequest {
  /** Both included. */
  readonly from: string
  readonly to: string
  /** Moves all that is of a person by the same number of whole weeks into the past, 1 to 52. */
  readonly shiftDates: boolean
  readonly onProgress?: (done: number, total: number) => void
}

export interface LakeManifest {
  readonly format: 'clarity-lake-1'
  readonly createdAt: string
  readonly purpose: 'researchParticipation'
  /** Pseudonyms are personal data still. */
  readonly personalData: true
  readonly shiftedDates: boolean
  readonly people: number
  readonly rows: number
  readonly files: readonly LakeFile[]
}

const purpose = 'researchParticipation'
const encoder = new TextEncoder()

/**
 * Writes the days and samples of everybody who consented to research as a tree of Parquet files by metric and month, people by pseudonyms,
 * and `manifest.json` as the last. Names of devices, workouts and free text are not in it. Throws `Problem('conflict')` where somebody withdrew meanwhile:
 * then nothing of it stays.
 */
export async function exportLake(deps: LakeDeps, request: LakeRequest): Promise<LakeManifest> {
  const people = [...(await consentingPeople(deps, purpose)).keys()]
  const named = people.map((userId) => ({ userId, person: deps.pseudonym(userId).slice(0, 32) }))
  // The order of people would tell of their ids.
  named.sort((a, b) => (a.person < b.person ? -1 : 1))
  try {
    const parts = openLakeParts(deps)
    for (const [at, { userId, person }] of named.entries()) {
      await addPerson(deps, parts, request, { userId, person, shiftDays: request.shiftDates ? shiftOf(deps, userId) : 0 })
      request.onProgress?.(at + 1, named.length)
    }
    const files = await parts.finish()
    const manifest: LakeManifest = {
      format: 'clarity-lake-1',
      createdAt: formatInstant(deps.clock.nowMs()),
      purpose,
      personalData: true,
      shiftedDates: request.shiftDates,
      people: named.length,
      rows: files.reduce((sum, { rows }) => sum + rows, 0),
      files,
    }
    await refuseWithdrawn(deps, people)
    await deps.lake.put('manifest.json', encoder.encode(`${JSON.stringify(manifest, null, 2)}\n`))
    return manifest
  } catch (error) {
    await deps.lake.clear()
    throw error
  }
}

async function refuseWithdrawn(deps: LakeDeps, people: readonly string[]): Promise<void> {
  const still = await consentingPeople(deps, purpose)
  if (people.every((userId) => still.has(userId))) return
  throw new Problem('conflict', 'Somebody withdrew while the lake was written: nothing of it was kept. Run it again.')
}

interface Person {
  readonly userId: string
  readonly person: string
  readonly shiftDays: number
}

async function addPerson(deps: LakeDeps, parts: LakeParts, { from, to }: LakeRequest, who: Person): Promise<void> {
  const sessionsOf = sessionLoader(deps, who.userId)
  for await (const { body: day } of every<Day>(deps.documents, { collection: 'days', parent: `users/${who.userId}` })) {
    if (day.date < from || day.date > to) continue
    await addDay(parts, who, day)
    for (const session of await sessionsOf(day.date)) await addSamples(parts, who, day.date, session)
  }
}

async function addDay(parts: LakeParts, { person, shiftDays }: Person, day: Day): Promise<void> {
  const row = userAnalyticsOf(day, day.madeAt ?? '')
  const date = shifted(day.date, shiftDays)
  for (const [name, metric] of Object.entries<TrendMetric>(trendMetrics)) {
    const value = row[metric.field]
    if (value === undefined || (metric.hrvKind !== undefined && row.hrvKind !== metric.hrvKind)) continue
    await parts.addDay(name, { person, date, value, worn: row.dataQualityScore })
  }
}

type Session = Awaited<ReturnType<ReturnType<typeof sessionLoader>>>[number]

async function addSamples(parts: LakeParts, { person, shiftDays }: Person, localDate: string, { series, sleep }: Session): Promise<void> {
  const date = shifted(localDate, shiftDays)
  const back = shiftDays * 86_400_000
  for (const { metric, source, startMs, endMs, value } of series)
    for (let at = 0; at < value.length; at++)
      await parts.addSample(metric, {
        person,
        date,
        startMs: (startMs[at] ?? Number.NaN) - back,
        endMs: (endMs[at] ?? Number.NaN) - back,
        value: value[at] ?? Number.NaN,
        unit: metrics[metric].unit,
        word: undefined,
        source: source.kind,
      })
  for (const { word, source, startMs, endMs } of sleep)
    await parts.addSample('sleep_session', {
      person,
      date,
      startMs: startMs - back,
      endMs: endMs - back,
      value: (endMs - startMs) / 60_000,
      unit: 'min',
      word,
      source: source.kind,
    })
}

/** Whole weeks, so that a Sunday stays one. */
function shiftOf({ pseudonym }: LakeDeps, userId: string): number {
  const dice = Number.parseInt(pseudonym(`weeks of ${userId}`).slice(0, 8), 16)
  return 7 * (1 + (dice % 52))
}

function shifted(date: string, days: number): string {
  return days === 0 ? date : Temporal.PlainDate.from(date).subtract({ days }).toString()
}
