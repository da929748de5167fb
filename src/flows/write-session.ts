import { Problem } from '../model/problem.ts'
import { isTombstone, type KeptSession, type StoredSession } from '../model/session.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Stored, Write } from '../ports/documents.ts'
import { dirtyDays } from './dirty-days.ts'
import type { DrawnPart } from './draw-session.ts'
import { partId } from './handed-sessions.ts'
import { type Leaving, leaveObjects } from './outgrown-objects.ts'
import { type FileDeps, type Filed, writeFiled } from './session-files.ts'
import { keepRevisions } from './session-revisions.ts'

export interface WriteDeps extends FileDeps {
  readonly clock: Clock
}

/** The batch met another version than the plan did. */
export class Beaten extends Error {}

export interface Keeping {
  readonly userId: string
  readonly sha256: string
  readonly old: Stored<KeptSession> | undefined
  readonly before: Stored<StoredSession> | undefined
  readonly made: readonly DrawnPart[]
  readonly dates: readonly string[]
  readonly also: (kept: StoredSession) => readonly Write[]
}

/** Keeps a session or its new revision, with the marks of its days and what the revision before said. Throws `Beaten`. */
export async function writeSession(deps: WriteDeps, { userId, sha256, old, before, made, dates, also }: Keeping): Promise<StoredSession> {
  const revision = (old?.body.revision ?? 0) + 1
  const filed = made.map((each) => each.filed)
  const bodies = made.map(({ body }, at) => {
    const pointer = filed[at]?.pointer
    return { ...body, ...(pointer && { samples: pointer }), ...(at === 0 && { contentSha256: sha256 }), revision } as StoredSession
  })
  const left = before ? await unlessBeaten(() => leaveParts(deps, userId, before, made)) : undefined
  const writes: Write[] = [
    ...made.map(({ sessionId }, at): Write => {
      const path = `users/${userId}/healthSessions/${sessionId}`
      const ifVersion = at === 0 ? old?.version : left?.versions.get(path)
      // A part that the revision before had not may lie over what is left of an older one.
      const condition = old === undefined ? { ifAbsent: true as const } : ifVersion === undefined ? {} : { ifVersion }
      return { op: 'put', path, body: bodies[at] as StoredSession, ...condition }
    }),
    ...(left?.writes ?? []),
    ...dirtyDays(deps, userId, [...dates, ...(left?.dates ?? [])]),
    ...also(bodies[0] as StoredSession),
  ]
  await unlessBeaten(() => writeFiled(deps, [...filed, ...(left?.filed ?? [])], writes, left?.keys))
  await left?.finish()
  return bodies[0] as StoredSession
}

async function unlessBeaten<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Problem && error.code === 'conflict') throw new Beaten('', { cause: error })
    throw error
  }
}

interface Left extends Leaving {
  readonly dates: readonly string[]
  /** By path: a part may be packed meanwhile, and is then looked at anew. */
  readonly versions: ReadonlyMap<string, number>
  readonly filed: readonly Filed[]
}

/** What the revision before leaves: what it said, its place in objects of many sessions, and parts that the new one has not. */
async function leaveParts(deps: WriteDeps, userId: string, before: Stored<StoredSession>, made: readonly DrawnPart[]): Promise<Left> {
  const old = await partsOfStored(deps, userId, before)
  const stays = new Set(made.map(({ sessionId }) => sessionId))
  const gone = old.filter(({ body }) => !stays.has(body.sessionInfo.sessionId))
  const kept = await keepRevisions(deps, userId, before.body.sessionInfo.sessionId, old, formatInstant(deps.clock.nowMs()))
  const shared = old.filter(({ body }) => body.samples?.offset !== undefined)
  const { writes, ...leaving } = await leaveObjects(deps, userId, shared)
  const deletes = gone.map(({ path, version }): Write => ({ op: 'delete', path, ifVersion: version }))
  const versions = new Map(old.map(({ path, version }) => [path, version]))
  const dates = old.map(({ body }) => body.localDate)
  return { ...leaving, writes: [...deletes, ...kept.writes, ...writes], dates, filed: kept.filed, versions }
}

/** A kept session and the parts that it was cut into. */
export async function partsOfStored(
  { documents }: Pick<WriteDeps, 'documents'>,
  userId: string,
  first: Stored<StoredSession>,
): Promise<Stored<StoredSession>[]> {
  const { parts = 1, sessionInfo } = first.body
  const ids = Array.from({ length: parts - 1 }, (_, at) => partId(sessionInfo.sessionId, at + 1))
  const found = await Promise.all(ids.map((id) => documents.get<KeptSession>(`users/${userId}/healthSessions/${id}`)))
  return [first, ...found.filter((each) => each !== undefined && !isTombstone(each.body))] as Stored<StoredSession>[]
}
