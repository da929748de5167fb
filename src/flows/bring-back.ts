import type { Archive } from '../model/archive.ts'
import { Problem } from '../model/problem.ts'
import type { RetentionKind } from '../model/retention-kind.ts'
import type { StoredSamples } from '../model/session.ts'
import type { Clock } from '../ports/clock.ts'
import type { Stored, Write } from '../ports/documents.ts'
import { archivePath, draftMonth, keysOf } from './archive-month.ts'
import { findArchivedSession } from './archived-documents.ts'
import { type AgedRow, agedRow, archivedRows, objectOf, withObject } from './archived-row.ts'
import { nextDate, previousDate } from './dirty-days.ts'
import { findState, openRun } from './lifecycle-state.ts'
import { type FileDeps, writeObjects } from './session-files.ts'

/** Documents in one batch, beside a manifest and the state. */
const ROOM = 440
const ATTEMPTS = 5

/**
 * What is archived of a person's month stands among the hot documents again, as if it had never left, until the next run of the lifecycle.
 * Nothing happens where nothing is archived of it. Safe to be killed: what was brought back and is archived still is merged by then.
 */
export async function bringBack(deps: FileDeps, userId: string, kind: RetentionKind, month: string): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await bringBackOnce(deps, userId, kind, month)
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'conflict') || attempt === ATTEMPTS) throw error
    }
  }
}

async function bringBackOnce(deps: FileDeps, userId: string, kind: RetentionKind, month: string): Promise<boolean> {
  const before = await deps.documents.get<Archive>(archivePath({ userId, kind, month }))
  if (before === undefined) return false
  const run = await openRun(deps, userId)
  const archived = (await archivedRows(deps, before.body)).map((row) => agedRow(row))
  const { objects, rows } = await placedHot(deps, userId, month, before, archived)
  const puts = await missing(deps, rows)
  const { write } = await draftMonth(deps, { userId, kind, month, before, rows: [], archivedAt: '' })
  await writeObjects(deps, objects, async (stored) => {
    for (let from = ROOM; from < puts.length; from += ROOM) await deps.documents.batch(puts.slice(from, from + ROOM))
    await run.commit([...puts.slice(0, ROOM), await write(stored)], { doomed: keysOf(before.body) })
    await run.finish()
  })
  return true
}

/** The samples again where those of hot sessions lie, each object as it is. */
async function placedHot(deps: FileDeps, userId: string, month: string, { body }: Stored<Archive>, rows: readonly AgedRow[]) {
  const moves = await Promise.all(
    body.samples.map(async ({ key, length }) => ({
      key,
      to: `samples/${userId}/${month}/${deps.newId()}.parquet`,
      bytes: await deps.blobs.get(key, { length }),
    })),
  )
  const places = new Map(moves.map(({ key, to }) => [key, to]))
  return {
    objects: moves.map(({ to, bytes }) => ({ key: to, bytes })),
    rows: rows.map((row) => {
      const samples: StoredSamples | undefined = objectOf(row)
      const key = samples && places.get(samples.key)
      return samples === undefined || key === undefined ? row : withObject(row, { ...samples, key })
    }),
  }
}

/** Those that are not there by now: what came in meanwhile is the newer. */
async function missing({ documents }: FileDeps, rows: readonly AgedRow[]): Promise<Write[]> {
  const found = await Promise.all(rows.map(({ path }) => documents.get(path)))
  return rows
    .filter((_, at) => found[at] === undefined)
    .map(({ path, body }): Write => ({ op: 'put', path, body: JSON.parse(body), ifAbsent: true, quiet: true }))
}

/** Nothing is archived before it is a year old, whatever the policies say; ms, and some days. */
const LEAST_AGE_MS = 360 * 86_400_000

/** Archived documents of these kinds, of dates and of those beside them, are brought back; nothing is looked up for dates of the last year. */
export async function bringBackDates(
  deps: FileDeps & { readonly clock: Clock },
  userId: string,
  kinds: readonly RetentionKind[],
  dates: readonly string[],
): Promise<void> {
  const old = dates.filter((date) => Date.parse(date) < deps.clock.nowMs() - LEAST_AGE_MS)
  const state = old.length === 0 ? undefined : (await findState(deps, userId))?.body
  for (const kind of kinds) {
    const before = state?.archivedBefore[kind] ?? ''
    const beside = old.flatMap((date) => [previousDate(date), date, nextDate(date)]).filter((date) => date <= before)
    for (const month of new Set(beside.map((date) => date.slice(0, 7)))) await bringBack(deps, userId, kind, month)
  }
}

/** What is archived of a local date, which may have begun in the month beside. */
export async function bringBackAround(deps: FileDeps, userId: string, date: string): Promise<void> {
  for (const month of new Set([previousDate(date), date, nextDate(date)].map((each) => each.slice(0, 7))))
    await bringBack(deps, userId, 'rawData', month)
}

/** The month of an archived session is brought back; says whether there was one. */
export async function bringBackSession(deps: FileDeps, userId: string, sessionId: string): Promise<boolean> {
  const found = await findArchivedSession(deps, userId, sessionId)
  return found !== undefined && (await bringBack(deps, userId, 'rawData', found.body.sessionInfo.startTime.slice(0, 7)))
}
