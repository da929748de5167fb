import type { Archive } from '../model/archive.ts'
import type { Stored, Write } from '../ports/documents.ts'
import { archivePath, type DraftedMonth, draftMonth, type MonthPlan } from './archive-month.ts'
import { type AgedRow, agedRow, archivedRows, folderOf } from './archived-row.ts'
import { leaveSharing } from './leave-sharing.ts'
import type { PersonRun } from './lifecycle-state.ts'
import type { KindRetention } from './person-retention.ts'
import type { ReadingTurns } from './reading-turns.ts'
import { type FileDeps, writeObjects } from './session-files.ts'

/** Of documents in one step: a batch deletes 5,000 of one place, and writes manifests of so many months beside them. */
const ROOM = 2000
const MOST_MONTHS = 200
/** Places that documents leave: of each that is one write. What a session said before stands in a place of its own. */
export const MOST_FOLDERS = 200
/** Of objects in one step. */
const MOST_BYTES = 16 << 20

export interface Step {
  /** A stored instant. */
  readonly now: string
  /** Told after each step how many documents it moved. */
  readonly onStep: (count: number) => Promise<void>
  readonly turns: ReadingTurns
}

/**
 * Moves rows into the archive, a few whole months in a step: objects first, read back and compared; then one batch in which the manifests come
 * and the documents go. What changed meanwhile throws `Problem('conflict')` and stays.
 */
export async function archiveRows(
  deps: FileDeps,
  run: PersonRun,
  pages: AsyncIterable<readonly AgedRow[]>,
  retention: KindRetention,
  { now, onStep, turns }: Step,
): Promise<number> {
  const { kind, hotBefore } = retention
  const about = { userId: run.userId, kind, archivedAt: now }
  const steps = stepsOf(pages, turns, (month) => readyMonth(deps, { ...about, month: month.month }, month))
  const next = () => turns.take(async () => (await steps.next()).value)
  let moved = 0
  for (let step = await next(); step; step = await next()) {
    const count = countOf(step)
    await run.begin()
    const deletes = deletesOf(step.flatMap(({ rows }) => rows))
    const drafts = step.map(({ draft }) => draft)
    await commitMonths(deps, run, drafts, deletes, { archivedBefore: { [kind]: hotBefore } })
    moved += count
    await onStep(count)
  }
  return moved
}

/** Of a month that comes in parts the next is drafted once the one before is there. */
async function* stepsOf(
  pages: AsyncIterable<readonly AgedRow[]>,
  { pause }: Pick<ReadingTurns, 'pause'>,
  draft: (month: MonthRows) => Promise<ReadyMonth>,
): AsyncGenerator<readonly ReadyMonth[], undefined> {
  let step: ReadyMonth[] = []
  for await (const month of byMonth(pages)) {
    if (isFull(step, month)) {
      yield step
      step = []
    }
    const ready = await draft(month)
    if (step.length > 0 && bytesOf([...step, ready]) > MOST_BYTES) {
      yield step
      step = []
    }
    step.push(ready)
    await pause()
  }
  if (step.length > 0) yield step
}

interface MonthRows {
  readonly month: string
  readonly rows: AgedRow[]
  readonly folders: Set<string>
}

/** Rows in the order of their months; one with more than fit into a step comes in parts. */
async function* byMonth(pages: AsyncIterable<readonly AgedRow[]>): AsyncGenerator<MonthRows> {
  let month: MonthRows | undefined
  for await (const rows of pages)
    for (const row of rows) {
      if (month && (!row.at.startsWith(month.month) || month.rows.length === ROOM || month.folders.size === MOST_FOLDERS)) {
        yield month
        month = undefined
      }
      month ??= { month: row.at.slice(0, 7), rows: [], folders: new Set() }
      month.rows.push(row)
      month.folders.add(folderOf(row.path))
    }
  if (month) yield month
}

/** A month that is ready to be written: of its rows no more is held than what says which they were. */
interface ReadyMonth {
  readonly draft: DraftedMonth
  readonly rows: readonly Pick<AgedRow, 'path' | 'version'>[]
  readonly places: number
  /** Of objects. */
  readonly bytes: number
}

async function readyMonth(deps: FileDeps, about: Omit<MonthPlan, 'before' | 'rows'>, { rows, folders }: MonthRows): Promise<ReadyMonth> {
  const draft = await draftMonth(deps, await planOf(deps, about, rows))
  const bytes = draft.objects.reduce((sum, object) => sum + object.bytes.length, 0)
  return { draft, rows: rows.map(({ path, version }) => ({ path, version })), places: folders.size, bytes }
}

function isFull(step: readonly ReadyMonth[], { rows, folders }: MonthRows): boolean {
  if (step.length === 0) return false
  const places = step.reduce((sum, month) => sum + month.places, folders.size)
  return step.length === MOST_MONTHS || countOf(step) + rows.length > ROOM || places > MOST_FOLDERS
}

function bytesOf(step: readonly ReadyMonth[]): number {
  return step.reduce((sum, { bytes }) => sum + bytes, 0)
}

function countOf(step: readonly ReadyMonth[]): number {
  return step.reduce((sum, { rows }) => sum + rows.length, 0)
}

/** What is archived of the month already, and these: where both have a document, the hot one is the newer. */
async function planOf(deps: FileDeps, about: Omit<MonthPlan, 'before' | 'rows'>, rows: readonly AgedRow[]): Promise<MonthPlan> {
  const before = await deps.documents.get<Archive>(archivePath(about))
  if (before === undefined) return { ...about, before, rows }
  const newer = new Set(rows.map(({ path }) => path))
  const older = (await archivedRows(deps, before.body)).filter(({ path }) => !newer.has(path)).map((row) => agedRow(row))
  return { ...about, before, rows: [...older, ...rows] }
}

/** Months as drafted, and what must happen in the same batch. */
export async function commitMonths(
  deps: FileDeps,
  run: PersonRun,
  drafts: readonly DraftedMonth[],
  writes: readonly Write[],
  marks: Omit<Parameters<PersonRun['commit']>[1], 'doomed'>,
): Promise<void> {
  const left = await leaveSharing(
    deps,
    run.userId,
    drafts.flatMap(({ sharing }) => sharing),
  )
  const objects = drafts.flatMap((draft) => draft.objects)
  const doomed = [...drafts.flatMap(({ outgrown }) => outgrown), ...left]
  await writeObjects(deps, objects, async (stored) => {
    const manifests = await Promise.all(drafts.map(({ write }) => write(stored)))
    await run.commit([...manifests, ...writes], { doomed, ...marks })
  })
}

/** The rows go, those of one collection and parent in one write. */
export function deletesOf(rows: readonly Pick<Stored, 'path' | 'version'>[]): Write[] {
  return [...Map.groupBy(rows, ({ path }) => folderOf(path))].flatMap(([folder, [first, ...others]]): Write[] => {
    if (first === undefined) return []
    const siblings = others.map(({ path, version }) => ({ id: path.slice(folder.length), version }))
    return [{ op: 'delete', path: first.path, ifVersion: first.version, quiet: true, siblings }]
  })
}
