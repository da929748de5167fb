import type { Archive } from '../model/archive.ts'
import { Problem } from '../model/problem.ts'
import { type Ageing, type RetentionKind, retentionKindNames, retentionKinds } from '../model/retention-kind.ts'
import type { Stored } from '../ports/documents.ts'
import type { Warehouse } from '../ports/warehouse.ts'
import { agedRows, logsOf, revisionsBySession } from './aged-rows.ts'
import { draftMonth } from './archive-month.ts'
import { archiveRows, commitMonths, type Step } from './archive-rows.ts'
import { type AgedRow, agedRow, archivedRows } from './archived-row.ts'
import { destroyRows } from './destroy-rows.ts'
import { previousDate } from './dirty-days.ts'
import { all } from './every.ts'
import { findHold } from './legal-holds.ts'
import { openRun, type PersonRun } from './lifecycle-state.ts'
import { beforeOf, type KindRetention } from './person-retention.ts'
import type { FileDeps } from './session-files.ts'

export interface AgeDeps extends FileDeps {
  /** Whose rows go with the days that they were made of. */
  readonly warehouse?: Pick<Warehouse, 'delete'>
}

/** Documents. */
export interface AgedCounts {
  readonly archived: number
  readonly destroyed: number
}

export interface AgedPerson {
  readonly isHeld: boolean
  readonly kinds: Readonly<Record<RetentionKind, AgedCounts>>
}

export interface Age extends Step {
  readonly userId: string
  readonly retention: readonly KindRetention[]
}

/** How often it begins again because something of the person changed meanwhile. */
const ATTEMPTS = 5

/**
 * All of a person's documents whose time has come: older than their total age they are destroyed, hot or archived; older than their hot age they
 * are archived. Nothing of it happens to somebody who is held. Safe to be killed anywhere and called again.
 */
export async function agePerson(deps: AgeDeps, age: Age): Promise<AgedPerson> {
  const kinds = noCounts()
  for (let attempt = 1; ; attempt++) {
    if (await findHold(deps, age.userId)) return { isHeld: true, kinds }
    try {
      await ageOnce(deps, age, kinds)
      return { isHeld: false, kinds }
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'conflict') || attempt === ATTEMPTS) throw error
    }
  }
}

type Counting = Record<RetentionKind, { archived: number; destroyed: number }>

export function noCounts(): Counting {
  return Object.fromEntries(retentionKindNames.map((kind) => [kind, { archived: 0, destroyed: 0 }])) as Counting
}

async function ageOnce(deps: AgeDeps, { userId, retention, ...step }: Age, kinds: Counting): Promise<void> {
  const run = await openRun(deps, userId)
  for (const kept of retention) {
    const counts = kinds[kept.kind]
    const counted = (what: keyof AgedCounts): Step => ({
      ...step,
      async onStep(count) {
        counts[what] += count
        await step.onStep(count)
      },
    })
    await expireArchived(deps, run, kept, counted('destroyed'))
    for (const ageing of documentsOf(kept.kind)) {
      await destroyRows(deps, run, rowsOf(deps, userId, ageing, kept.goneBefore), kept, counted('destroyed'))
      if (!ageing.staysHot && kept.hotBefore > kept.goneBefore)
        await archiveRows(deps, run, rowsOf(deps, userId, ageing, kept.hotBefore), kept, counted('archived'))
    }
    if (kept.kind === 'analytics') await expireWarehouse(deps, run, kept, counts)
  }
  await run.finish()
}

export function documentsOf(kind: RetentionKind): readonly Ageing[] {
  return retentionKinds[kind].documents
}

/** With each session what it said before, with each job what it wrote down. */
async function* rowsOf(deps: AgeDeps, userId: string, ageing: Ageing, before: string): AsyncGenerator<readonly AgedRow[]> {
  let revisions: Revisions | undefined
  for await (const rows of agedRows(deps, userId, ageing, before)) {
    if (ageing.collection === 'jobs') for (const row of rows) yield [row, ...(await logsOf(deps, row))]
    else if (ageing.collection === 'healthSessions' && rows.length > 0) {
      revisions ??= await revisionsBySession(deps, userId)
      yield withRevisions(rows, revisions)
    } else yield rows
  }
}

type Revisions = Awaited<ReturnType<typeof revisionsBySession>>

function withRevisions(rows: readonly AgedRow[], revisions: Revisions): readonly AgedRow[] {
  if (revisions.size === 0) return rows
  return rows.flatMap((row) => [row, ...(revisions.get(row.path) ?? []).map((revision) => agedRow({ ...revision, at: row.at }))])
}

/** Archived months with something in them that is older than the total age: of each what is not so old stays. */
async function expireArchived(deps: AgeDeps, run: PersonRun, { kind, goneBefore }: KindRetention, { now, onStep }: Step): Promise<void> {
  const before = goneBeforeOf(kind, goneBefore)
  for (const archive of await archivesUntil(deps, run.userId, kind, before)) {
    const { month, from, to } = archive.body
    if (from >= before) continue
    const rows = to < before ? [] : await archivedRows(deps, archive.body)
    const stay = rows.filter(({ at }) => at >= before).map((row) => agedRow(row))
    const gone = archive.body.documents.rows - stay.length
    await run.begin()
    const plan = { userId: run.userId, kind, month, before: archive, rows: stay, archivedAt: now }
    await commitMonths(deps, run, [await draftMonth(deps, plan)], [], { destroyedBefore: { [kind]: goneBefore } })
    await onStep(gone)
  }
}

/** The archives that may hold something of before. */
export function archivesUntil(
  deps: Pick<AgeDeps, 'documents'>,
  userId: string,
  kind: RetentionKind,
  before: string,
): Promise<Stored<Archive>[]> {
  const query = { collection: 'archives', parent: `users/${userId}`, index: 'kind', equals: [kind] }
  return all<Archive>(deps.documents, { ...query, to: `${before.slice(0, 7)}~` })
}

/** As the kind's documents say when they began. */
export function goneBeforeOf(kind: RetentionKind, before: string): string {
  return beforeOf(documentsOf(kind)[0] ?? { at: '' }, before)
}

async function expireWarehouse(
  { warehouse }: AgeDeps,
  { userId, isResumed }: PersonRun,
  { goneBefore }: KindRetention,
  { destroyed }: AgedCounts,
): Promise<void> {
  if (warehouse === undefined || (destroyed === 0 && !isResumed)) return
  await warehouse.delete({ userId, from: '0001-01-01', to: previousDate(lastOf(goneBefore)) })
}

/** The cutoff may name a day that its month lacks. */
function lastOf(before: string): string {
  const [year = 0, month = 1, day = 1] = before.slice(0, 10).split('-').map(Number)
  return Temporal.PlainDate.from({ year, month, day }).toString()
}
