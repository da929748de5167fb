import type { LifecycleRun } from '../model/archive.ts'
import type { SystemConfiguration } from '../model/configuration.ts'
import { Problem } from '../model/problem.ts'
import { type RetentionKind, retentionKindNames } from '../model/retention-kind.ts'
import { formatInstant } from '../model/time.ts'
import type { Timer } from '../ports/timer.ts'
import { type Age, type AgeDeps, type AgedCounts, type AgedPerson, agePerson, noCounts } from './age-person.ts'
import { openLedger } from './audit-ledger.ts'
import type { AuditDeps, Done } from './audit-note.ts'
import { findConfiguration } from './configuration.ts'
import { every } from './every.ts'
import { expireHouseLogs } from './house-logs.ts'
import { inLanes } from './in-lanes.ts'
import { checkClock, findRun, runPath } from './lifecycle-clock.ts'
import type { KnownUser } from './manage-user.ts'
import { retentionOf } from './person-retention.ts'
import { readingTurns } from './reading-turns.ts'

export interface LifecycleDeps extends AgeDeps, AuditDeps {
  readonly timer: Timer
}

export interface LifecycleRequest {
  /** As of when; not finer than the millisecond. */
  readonly atMs: number
  /** Somebody says that the time is right, whatever that of the last run was. */
  readonly isSure?: boolean
  /** People who were done with, with all before them by id, of all. */
  readonly onProgress?: (done: number, total: number) => void
  /** Who had something that was moved or destroyed, or is held. */
  readonly onPerson?: (userId: string, aged: AgedPerson) => void
}

export interface LifecycleReport {
  readonly at: string
  readonly people: number
  readonly held: number
  readonly kinds: Readonly<Record<RetentionKind, AgedCounts>>
  /** Jobs that concerned no one person, destroyed. */
  readonly houseLogs: number
}

/** People at once: while one's objects are being synced, or their documents written, another's are read. */
const LANES = 8
/** After so many people it is told, and written down, how far it is. */
const NOTED = 8

/**
 * Archives and destroys what everybody's retention says, person by person, until nothing is left that is due. Run again as of the same time it
 * goes on where it was. Throws `Problem('clock_jumped')` where the time does not follow from the last run's: then nothing was done.
 */
export async function runLifecycle(deps: LifecycleDeps, request: LifecycleRequest): Promise<LifecycleReport> {
  const at = formatInstant(request.atMs)
  const { configuration } = await findConfiguration(deps)
  const last = (await findRun(deps))?.body ?? {}
  if (!request.isSure) await refuseJump(deps, last, request.atMs)
  const after = last.at === at ? last.after : undefined
  // Nobody's first: what comes next stands in each person's own entry.
  await note(deps, { ...since(last), at, after })
  const total = await countPeople(deps)
  const so = { people: 0, held: 0, kinds: noCounts() }
  const step = { now: at, onStep: pacer(deps, configuration), turns: readingTurns(deps.timer) }
  const age = async ({ userId, user }: Person) => {
    if (after !== undefined && userId <= after) return { userId }
    const retention = retentionOf(configuration.dataRetentionPolicies, user.preferences, at)
    return { userId, aged: await ageAccounted(deps, { userId, retention, ...step }) }
  }
  for await (const { userId, aged } of inLanes(everybody(deps), LANES, age)) {
    so.people += 1
    if (aged !== undefined) {
      add(so, aged)
      tell(request, userId, aged)
    }
    if (so.people % NOTED > 0) continue
    request.onProgress?.(so.people, total)
    if (aged !== undefined) await note(deps, { ...since(last), at, after: userId })
  }
  if (so.people % NOTED > 0) request.onProgress?.(so.people, total)
  const houseLogs = await expireHouseLogs(deps, configuration.dataRetentionPolicies, at)
  await note(deps, { ...since(last), at })
  return { at, ...so, houseLogs }
}

/** Of whom something is moved or destroyed that stands in the audit log: in the batch of the first of it, and at the end how much it was. */
async function ageAccounted(deps: LifecycleDeps, age: Age): Promise<AgedPerson> {
  const doer = { type: 'system', name: 'lifecycle' } as const
  const ledger = openLedger(deps, deps.documents, { doer, action: 'E', resource: { type: 'lifecycle' }, userId: age.userId })
  const aged = await agePerson({ ...deps, documents: ledger.over(deps.documents) }, age)
  const done = doneTo(aged)
  if (done !== undefined) await ledger.settle(done)
  return aged
}

function doneTo({ kinds }: AgedPerson): Done | undefined {
  const touched = retentionKindNames.filter((kind) => isTouched(kinds[kind]))
  if (touched.length === 0) return undefined
  const sum = (what: keyof AgedCounts) => touched.reduce((total, kind) => total + kinds[kind][what], 0)
  return { outcome: 'allow', dataClasses: touched, counts: { archived: sum('archived'), destroyed: sum('destroyed') } }
}

const isTouched = ({ archived, destroyed }: AgedCounts) => archived + destroyed > 0

async function refuseJump(deps: LifecycleDeps, last: LifecycleRun, atMs: number): Promise<void> {
  try {
    checkClock(last, atMs)
  } catch (error) {
    if (error instanceof Problem) await note(deps, { ...last, noted: formatInstant(atMs) })
    throw error
  }
}

function since({ since: stays }: LifecycleRun): Pick<LifecycleRun, 'since'> {
  return stays === undefined ? {} : { since: stays }
}

async function note({ documents }: LifecycleDeps, body: LifecycleRun): Promise<void> {
  await documents.batch([{ op: 'put', path: runPath, body }])
}

interface Person {
  readonly userId: string
  readonly user: KnownUser
}

/** By id. */
export async function* everybody({ documents }: Pick<AgeDeps, 'documents'>): AsyncGenerator<Person> {
  for await (const { path, body } of every<KnownUser>(documents, { collection: 'users' }))
    yield { userId: path.slice('users/'.length), user: body }
}

async function countPeople(deps: LifecycleDeps): Promise<number> {
  let count = 0
  for await (const _ of everybody(deps)) count += 1
  return count
}

/** Waits after each step until no more was moved than the configuration lets be moved by then. */
function pacer({ timer }: LifecycleDeps, { lifecyclePerSecond }: SystemConfiguration): (count: number) => Promise<void> {
  const startedMs = timer.elapsedMs()
  let moved = 0
  return async (count) => {
    moved += count
    if (lifecyclePerSecond === 0) return
    const aheadMs = (moved / lifecyclePerSecond) * 1000 - (timer.elapsedMs() - startedMs)
    if (aheadMs > 0) await timer.wait(aheadMs)
  }
}

function add(so: { held: number; readonly kinds: ReturnType<typeof noCounts> }, { isHeld, kinds }: AgedPerson): void {
  if (isHeld) so.held += 1
  for (const kind of retentionKindNames) {
    so.kinds[kind].archived += kinds[kind].archived
    so.kinds[kind].destroyed += kinds[kind].destroyed
  }
}

function tell({ onPerson }: LifecycleRequest, userId: string, aged: AgedPerson): void {
  const isSomething = retentionKindNames.some((kind) => isTouched(aged.kinds[kind]))
  if (aged.isHeld || isSomething) onPerson?.(userId, aged)
}
