import { newPack, type Pack, type Part } from '../columns/pack.ts'
import type { SessionDraft } from '../importers/importer.ts'
import type { SamplesPointer, StoredSession } from '../model/session.ts'
import type { Stored, Write } from '../ports/documents.ts'
import { bringBackAround } from './bring-back.ts'
import { findState } from './lifecycle-state.ts'
import { neighboursIn } from './outgrown-objects.ts'
import { type Change, type Kept, type Owner, type PlanDeps, planSession } from './plan-session.ts'
import { type FileDeps, writeNaming } from './session-files.ts'
import { movableFile } from './session-samples.ts'

/** Sessions of one month kept in one step, few enough that those beside them in the month's object fit in a batch of documents too. */
const MOST_SESSIONS = 150
/** Of samples in one object. */
const MOST_BYTES = 16 << 20
/** A batch of documents holds 500. */
const MOST_WRITES = 490

/** What is written with a step: of the sessions that it changes, and of all that it met. */
export type Also = (changed: readonly Kept[], met: readonly Kept[]) => readonly Write[] | Promise<readonly Write[]>

/**
 * Keeps sessions, a month in a step: first their samples as one object, durable; then one atomic batch of documents, with `also` beside
 * them. When a step is given out nothing of it can be lost; a crash before leaves at most an object that no document names. A draft is
 * done with before the next is taken.
 */
export async function* keepSessions(
  deps: FileDeps,
  owner: Owner,
  drafts: Iterable<SessionDraft>,
  also: Also,
): AsyncGenerator<readonly Kept[]> {
  const pack = newPack()
  const archivedBefore = (owner.isNewPerson ? undefined : await findState(deps, owner.userId))?.body.archivedBefore.rawData ?? ''
  let step: Step | undefined
  for (const draft of drafts) {
    const month = draft.localDate.slice(0, 7)
    if (step && isFull(step, pack, month)) {
      yield await settle(deps, owner, step, pack, also)
      step = undefined
    }
    step ??= { month, kept: [], changes: [] }
    if (draft.localDate <= archivedBefore) await bringBackAround(deps, owner.userId, draft.localDate)
    const { kept, change } = await planSession(deps, owner, draft)
    step.kept.push(kept)
    if (change) step.changes.push(packed(change, pack, draft))
  }
  if (step) yield await settle(deps, owner, step, pack, also)
}

/** What `keepSessions` would do; writes nothing. */
export async function* wouldKeep(deps: PlanDeps, owner: Owner, drafts: Iterable<SessionDraft>): AsyncGenerator<readonly Kept[]> {
  for (const draft of drafts) yield [(await planSession(deps, owner, draft)).kept]
}

interface Step {
  readonly month: string
  readonly kept: Kept[]
  readonly changes: PackedChange[]
}

type PackedChange = Omit<Change, 'table'> & { readonly part?: Part }

function isFull({ month, kept }: Step, pack: Pack, next: string): boolean {
  return month !== next || kept.length === MOST_SESSIONS || pack.bytes >= MOST_BYTES
}

function packed({ table, ...change }: Change, pack: Pack, { localDate, source }: SessionDraft): PackedChange {
  return table ? { ...change, part: pack.add(table, { date: localDate, source: source.id }) } : change
}

async function settle(deps: FileDeps, owner: Owner, { month, kept, changes }: Step, pack: Pack, also: Also): Promise<readonly Kept[]> {
  const outgrown = new Set(changes.flatMap(({ old }) => old?.body.samples?.key ?? []))
  const moves = await moveNeighbours(deps, owner, { month, changes }, pack, outgrown)
  const key = `samples/${owner.userId}/${month}/${deps.newId()}.parquet`
  const pointerOf = await store(deps, key, pack)
  const beside = await also(
    kept.filter(({ changed }) => changed),
    kept,
  )
  const writes: Write[] = [...changes.map((change) => putOf(change, pointerOf)), ...beside]
  const moved = moves.map(({ session, part }): Write => {
    const { path, body, version } = session
    return { op: 'put', path, body: { ...body, samples: pointerOf(part) }, ifVersion: version }
  })
  const room = Math.max(0, MOST_WRITES - writes.length)
  if (writes.length > 0) await writeNaming(deps, [key], [...writes, ...moved.slice(0, room)])
  for (let from = room; from < moved.length; from += MOST_WRITES) await deps.documents.batch(moved.slice(from, from + MOST_WRITES))
  pack.clear()
  for (const key of outgrown) await deps.blobs.delete(key)
  return kept
}

interface Move {
  readonly session: Stored<StoredSession>
  readonly part: Part
}

/** Sessions that share an object with one that changes go along into the new object: what was replaced must not stay readable in the old. */
async function moveNeighbours(
  deps: FileDeps,
  { userId }: Owner,
  { month, changes }: Pick<Step, 'month' | 'changes'>,
  pack: Pack,
  outgrown: ReadonlySet<string>,
): Promise<Move[]> {
  const isShared = changes.some(({ old }) => old?.body.samples?.offset !== undefined)
  if (!isShared) return []
  const changing = new Set(changes.map(({ path }) => path))
  const moves: Move[] = []
  for (const session of await neighboursIn(deps, userId, month, outgrown, changing))
    moves.push({ session, part: await pack.move(await movableFile(deps.blobs, session.body.samples)) })
  return moves
}

/** The step's samples as one object; gives what a document says of its part, while the pack stands. */
async function store({ blobs, sha256 }: FileDeps, key: string, pack: Pack): Promise<(part: Part) => SamplesPointer> {
  const isShared = pack.size > 1
  const bytes = pack.finish()
  if (pack.size > 0) await blobs.putAll([{ key, bytes }], { unhashed: true })
  return ({ offset, length, rows }) => {
    const digest = sha256(bytes.subarray(offset, offset + length))
    return { key, length, sha256: digest, rows, ...(isShared && { offset }) }
  }
}

function putOf({ path, body, part, old }: PackedChange, pointerOf: (part: Part) => SamplesPointer): Write {
  const precondition = old === undefined ? { ifAbsent: true as const } : { ifVersion: old.version }
  return { op: 'put', path, body: { ...body, ...(part && { samples: pointerOf(part) }) }, ...precondition }
}
