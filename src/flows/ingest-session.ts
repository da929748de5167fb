import type { HandedSession } from '../model/handed-session.ts'
import { Problem } from '../model/problem.ts'
import type { Handling } from '../model/quality.ts'
import { type Counts, isTombstone, type KeptSession, type StoredSession } from '../model/session.ts'
import { formatInstant } from '../model/time.ts'
import type { Stored, Write } from '../ports/documents.ts'
import { amend } from './amend-session.ts'
import { bringBackDates, bringBackSession } from './bring-back.ts'
import { zonesOf as zonesOfUser } from './day-input.ts'
import { type Drawn, type DrawnBeside, type DrawnBy, datesIn, drawParts, layOut } from './draw-session.ts'
import { findUnder, meetPerson, meetSession } from './meet-session.ts'
import { contentSha256 } from './session-content.ts'
import { sumOfCounts } from './session-counts.ts'
import { gatherBlocks } from './session-table.ts'
import { Beaten, type Keeping, partsOfStored, type WriteDeps, writeSession } from './write-session.ts'

export interface IngestRequest {
  readonly userId: string
  readonly session: HandedSession
  /** Undefined where the caller leaves it to the configuration. */
  readonly handling: Handling | undefined
  /** Also one that was deleted. */
  readonly restore?: boolean
  /** What the client's clock shows, if it says so. */
  readonly clientNowMs?: number | undefined
  /** Replaces what stands under its id, of which the caller knows this version. */
  readonly replace?: { readonly ifVersion: number | undefined }
  /** Written in the batch that keeps it, where there is one. */
  readonly also?: (ingested: Ingested) => readonly Write[]
}

export type IngestStatus = 'created' | 'exists' | 'replaced' | 'restored'

export interface Ingested {
  readonly status: IngestStatus
  readonly version: number
  readonly session: StoredSession
  /** Of all its parts. */
  readonly counts: Counts
}

const ATTEMPTS = 5

/**
 * A session arrives: judged, its samples a columnar file, kept in one atomic batch with the marks of the days that it touches. When it
 * resolves nothing of it can be lost. The same session again is `exists` and writes nothing. Throws `Problem`: `conflict` for other content
 * under the same id, `deleted` for one that was deleted, `not_found` without the person, and what strict handling refuses.
 */
export async function ingestSession(deps: WriteDeps, request: IngestRequest): Promise<Ingested> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ingestOnce(deps, request)
    } catch (error) {
      // Another upload of it was quicker, or one that it shares an object with changed: what stands now is looked at anew.
      if (!(error instanceof Beaten) || attempt === ATTEMPTS) throw error instanceof Beaten ? error.cause : error
    }
  }
}

async function ingestOnce(deps: WriteDeps, request: IngestRequest): Promise<Ingested> {
  const { session, userId } = request
  await bringBackMet(deps, request)
  const known = await meetSession(deps, request)
  const { old, user, handling } = known
  const before = old && !isTombstone(old.body) ? { ...old, body: old.body } : undefined
  const zones = zonesOfUser(user)
  const layout = layOut(session, zones)
  const isAmended = request.replace !== undefined && before !== undefined && session.deleted !== undefined
  const gathered = isAmended ? await amend(deps, before.body, session, layout.blocks) : gatherBlocks(layout.blocks)
  const sha256 = contentSha256(deps.sha256, session, gathered.table)
  if (before && before.body.contentSha256 === sha256) return existing(deps, userId, before)
  admit(request, old)
  const by = { userId, zones, handling, nowMs: deps.clock.nowMs(), clientNowMs: request.clientNowMs }
  const parts = drawParts(deps, session, { ...layout, ...gathered }, by, known)
  return keep(deps, request, { parts, sha256 }, { old, before, dates: datesIn(session, zones, parts) })
}

/** What is drawn up takes the place of what stood there. Throws `Beaten`. */
async function keep(
  deps: WriteDeps,
  { userId, also }: Pick<IngestRequest, 'userId' | 'also'>,
  { parts, sha256 }: Drawn,
  { old, before, dates }: Pick<Keeping, 'old' | 'before' | 'dates'>,
): Promise<Ingested> {
  const status = before ? 'replaced' : old ? 'restored' : 'created'
  const counts = sumOfCounts(parts.map(({ body }) => body.quality.counts))
  const ingestedAs = (kept: StoredSession): Ingested => ({ status, version: (old?.version ?? 0) + 1, session: kept, counts })
  const beside = (kept: StoredSession) => also?.(ingestedAs(kept)) ?? []
  return ingestedAs(await writeSession(deps, { userId, sha256, old, before, made: parts, dates, also: beside }))
}

/**
 * The same for a session that another thread reads and draws up while this one goes on. Undefined, and nothing happened, where `draw` gives
 * none or something stands under its id: then `ingestSession` looks at all of it. `likelyId` is the id that the session seems to have.
 */
export async function ingestDrawn(
  deps: WriteDeps,
  request: Omit<IngestRequest, 'session' | 'replace'>,
  draw: (by: DrawnBy) => Promise<DrawnBeside | undefined>,
  likelyId: string | undefined,
): Promise<Ingested | undefined> {
  const { userId, clientNowMs } = request
  // Asked at once: each asking by itself is a way to the store and back.
  const [person, old] = await Promise.all([meetPerson(deps, request), likelyId && findUnder(deps, userId, likelyId)])
  if (person === undefined || old) return undefined
  const zones = zonesOfUser(person.user)
  const drawn = await draw({ userId, zones, handling: person.handling, nowMs: deps.clock.nowMs(), clientNowMs })
  if (drawn === undefined) return undefined
  const { session, parts } = drawn
  await bringBackMet(deps, { userId, session })
  if (session.sessionId !== likelyId && (await findUnder(deps, userId, session.sessionId))) return undefined
  try {
    return await keep(deps, request, drawn, { old: undefined, before: undefined, dates: datesIn(session, zones, parts) })
  } catch (error) {
    if (error instanceof Beaten) return undefined
    throw error
  }
}

type Bringing = Pick<IngestRequest, 'userId' | 'replace'> & Pick<DrawnBeside, 'session'>

/** What is archived and this may be, or replaces, is hot again before it is looked at. */
async function bringBackMet(deps: WriteDeps, { userId, session, replace }: Bringing): Promise<void> {
  await bringBackDates(deps, userId, ['rawData'], [formatInstant(session.startMs).slice(0, 10)])
  if (replace === undefined || (await deps.documents.get(`users/${userId}/healthSessions/${session.sessionId}`))) return
  await bringBackSession(deps, userId, session.sessionId)
}

function admit({ replace, restore }: IngestRequest, old: Stored<KeptSession> | undefined): void {
  if (old && isTombstone(old.body)) {
    if (!restore) throw new Problem('deleted', 'This session was deleted; with ?restore=1 it is taken again.')
    return
  }
  if (!replace) {
    if (old) throw new Problem('conflict', 'Another session has this id. PUT with If-Match replaces it.')
    return
  }
  const { ifVersion } = replace
  if (old && ifVersion === undefined)
    throw new Problem('precondition_required', 'To replace a session, name the version that is replaced in If-Match.')
  if (ifVersion !== undefined && ifVersion !== (old?.version ?? 0))
    throw new Problem('precondition_failed', 'The session was changed since.')
}

/** Of what is there already every sample is a duplicate. */
async function existing(deps: WriteDeps, userId: string, stored: Stored<StoredSession>): Promise<Ingested> {
  const parts = await partsOfStored(deps, userId, stored)
  const { received } = sumOfCounts(parts.map(({ body }) => body.quality.counts))
  const counts = { received, accepted: 0, duplicate: received, quarantined: 0, rejected: 0 }
  return { status: 'exists', version: stored.version, session: stored.body, counts }
}
