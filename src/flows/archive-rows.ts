import type { Archive } from '../model/archive.ts'
import type { Stored, Write } from '../ports/documents.ts'
import { archivePath, type DraftedMonth, draftMonth, type MonthPlan } from './archive-month.ts'
import { type AgedRow, archivedRows } from './archived-row.ts'
import { leaveSharing } from './leave-sharing.ts'
import type { PersonRun } from './lifecycle-state.ts'
import type { KindRetention } from './person-retention.ts'
import { type FileDeps, writeObjects } from './session-files.ts'

/** Of documents in one step: a batch deletes 5,000 of one place, and writes manifests of so many months beside them. */
const ROOM = 2000
const MOST_MONTHS = 200
/** Places that documents leave: of each that is one write. What a session said before stands in a place of its own. */
export const MOST_FOLDERS = 200
/** Of samples in one step. */
const MOST_BYTES = 16 << 20

export interface Step {
  /** A stored instant. */
  readonly now: string
  /** Told after each step how many documents it moved. */
  readonly onStep: (count: number) => Promise<void>
}

/**
 * Moves rows into the archive, a few whole months in a step: objects first, read back and compared; then one batch in which the manifests come
 * and the documents go. What changed meanwhile throws `Problem('conflict')` and stays.
 */
export async function archiveRows(
  deps: FileDeps,
  run: PersonRun,
  rows: AsyncIterable<AgedRow>,
  retention: KindRetention,
  { now, onStep }: Step,
): Promise<number> {
  let moved = 0
  let step: MonthRows[] = []
  const settle = async () => {
    const count = countOf(step)
    if (count === 0) return
    await archiveStep(deps, run, step, retention, now)
    step = []
    moved += count
    await onStep(count)
  }
  for await (const month of byMonth(rows)) {
    if (isFull(step, month) || bytesOf([...step, month]) > MOST_BYTES) await settle()
    step.push(month)
  }
  await settle()
  return moved
}

interface MonthRows {
  readonly month: string
  readonly rows: AgedRow[]
  readonly folders: Set<string>
}

function isFull(step: readonly MonthRows[], { rows, folders }: MonthRows): boolean {
  const places = step.reduce((sum, month) => sum + month.folders.size, folders.size)
  return step.length === MOST_MONTHS || countOf(step) + rows.length > ROOM || places > MOST_FOLDERS
}

function countOf(months: readonly MonthRows[]): number {
  return months.reduce((sum, { rows }) => sum + rows.length, 0)
}

function bytesOf(months: readonly MonthRows[]): number {
  return months.reduce((sum, { rows }) => sum + rows.reduce((inner, { body }) => inner + (body.samples?.length ?? 0), 0), 0)
}

/** Rows in the order of their months; one with more than fit into a step comes in parts. */
async function* byMonth(rows: AsyncIterable<AgedRow>): AsyncGenerator<MonthRows> {
  let month: MonthRows | undefined
  for await (const row of rows) {
    const name = row.at.slice(0, 7)
    if (month && (month.month !== name || month.rows.length === ROOM || month.folders.size === MOST_FOLDERS)) {
      yield month
      month = undefined
    }
    month ??= { month: name, rows: [], folders: new Set() }
    month.rows.push(row)
    month.folders.add(folderOf(row.path))
  }
  if (month) yield month
}

async function archiveStep(
  deps: FileDeps,
  run: PersonRun,
  months: readonly MonthRows[],
  { kind, hotBefore }: KindRetention,
  archivedAt: string,
): Promise<void> {
  await run.begin()
  const plans = await Promise.all(months.map(({ month, rows }) => planOf(deps, { userId: run.userId, kind, month, archivedAt }, rows)))
  const deletes = deletesOf(months.flatMap(({ rows }) => rows))
  await commitMonths(deps, run, plans, deletes, { archivedBefore: { [kind]: hotBefore } })
}

/** What is archived of the month already, and these: where both have a document, the hot one is the newer. */
async function planOf(deps: FileDeps, about: Omit<MonthPlan, 'before' | 'rows'>, rows: readonly AgedRow[]): Promise<MonthPlan> {
  const before = await deps.documents.get<Archive>(archivePath(about))
  const newer = new Set(rows.map(({ path }) => path))
  const older = before ? (await archivedRows(deps, before.body)).filter(({ path }) => !newer.has(path)) : []
  return { ...about, before, rows: [...older, ...rows] }
}

/** Months as planned, and what must happen in the same batch. */
export async function commitMonths(
  deps: FileDeps,
  run: PersonRun,
  plans: readonly MonthPlan[],
  writes: readonly Write[],
  marks: Omit<Parameters<PersonRun['commit']>[1], 'doomed'>,
): Promise<void> {
  const drafts = await Promise.all(plans.map((plan) => draftMonth(deps, plan)))
  const left = await leaveSharing(
    deps,
    run.userId,
    drafts.flatMap(({ sharing }) => sharing),
  )
  const objects = drafts.flatMap((draft: DraftedMonth) => draft.objects)
  const doomed = [...drafts.flatMap(({ outgrown }) => outgrown), ...left]
  await writeObjects(deps, objects, async (stored) => {
    const manifests = await Promise.all(drafts.map(({ write }) => write(stored)))
    await run.commit([...manifests, ...writes], { doomed, ...marks })
  })
}

/** The rows go, those of one collection and parent in one write. */
export function deletesOf(rows: readonly Pick<Stored, 'path' | 'version'>[]): Write[] {
  return [...Map.groupBy(rows, ({ path }) => folderOf(path)).values()].flatMap(([first, ...others]): Write[] => {
    if (first === undefined) return []
    const siblings = others.map(({ path, version }) => ({ id: path.slice(folderOf(path).length), version }))
    return [{ op: 'delete', path: first.path, ifVersion: first.version, quiet: true, siblings }]
  })
}

export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
