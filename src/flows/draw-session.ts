import type { HandedSession } from '../model/handed-session.ts'
import { type Handling, suggestedShiftMs } from '../model/quality.ts'
import type { Source } from '../model/source.ts'
import { localDate, type ZoneTimeline } from '../model/zone.ts'
import { documentsOf, type NewSession, type Placing, partsOf, sourceOf, zonesOf } from './handed-sessions.ts'
import { judgeSession } from './judge-session.ts'
import { type Block, blocksOf, type Part } from './session-blocks.ts'
import { contentSha256 } from './session-content.ts'
import { type FileDeps, type Filed, fileOf } from './session-files.ts'
import { type Gathered, gatherBlocks } from './session-table.ts'

export type DrawDeps = Pick<FileDeps, 'newId' | 'sha256'>

/** What a session is drawn up by, beside what it says. */
export interface DrawnBy {
  readonly userId: string
  /** Where the person is. */
  readonly zones: ZoneTimeline
  readonly handling: Handling
  readonly nowMs: number
  /** What the client's clock shows, if it says so. */
  readonly clientNowMs?: number | undefined
}

/** A session, or a part of one that was too long, as it will stand in its document, and its samples as their file. */
export type DrawnPart = Omit<NewSession, 'table'> & { readonly filed: Filed }

export interface Drawn {
  readonly parts: readonly DrawnPart[]
  /** Of what it says. */
  readonly sha256: string
}

/** A session that another thread read, without what it says, and drew up. */
export interface DrawnBeside extends Drawn {
  readonly session: Pick<HandedSession, 'sessionId' | 'startMs'>
}

/** Where and when a session is, and what it says as samples. */
export interface Layout {
  readonly zones: ZoneTimeline
  readonly parts: readonly Part[]
  readonly blocks: readonly Block[]
}

/** A session as it stands where nothing stood under its id. Throws `Problem` for what strict handling refuses, and `session_too_long`. */
export function drawNew(deps: DrawDeps, session: HandedSession, by: DrawnBy): Drawn {
  const layout = layOut(session, by.zones)
  const gathered = gatherBlocks(layout.blocks)
  const placed = { sessionId: session.sessionId, source: sourceOf(session) }
  return {
    parts: drawParts(deps, session, { ...layout, ...gathered }, by, placed),
    sha256: contentSha256(deps.sha256, session, gathered.table),
  }
}

/** Throws `Problem('session_too_long')`. */
export function layOut(session: HandedSession, zonesOfPerson: ZoneTimeline): Layout {
  const zones = zonesOf(session, zonesOfPerson)
  const parts = partsOf(session, zones)
  return { zones, parts, blocks: blocksOf(session, parts) }
}

/** Judged, cut into documents and filed. Throws `Problem` for what strict handling refuses. */
export function drawParts(
  deps: DrawDeps,
  session: HandedSession,
  laid: Omit<Layout, 'blocks'> & Gathered,
  { userId, handling, nowMs, clientNowMs }: DrawnBy,
  placed: { readonly sessionId: string; readonly source: Source },
): DrawnPart[] {
  const judged = judgeSession(session, laid, nowMs, handling)
  const placing = { userId, ...placed, zones: laid.zones, duplicates: laid.duplicates, flags: clockFlags(nowMs, clientNowMs) }
  return documentsOf(session, laid.parts, judged, placing).map(({ sessionId, body, table }) => ({
    sessionId,
    body,
    filed: fileOf(deps, { body, table }),
  }))
}

/** The dates that are made anew: the person's own of its start, and those of its parts. */
export function datesIn({ startMs }: Pick<HandedSession, 'startMs'>, zonesOfPerson: ZoneTimeline, parts: readonly DrawnPart[]): string[] {
  return [localDate(zonesOfPerson, startMs), ...parts.map(({ body }) => body.localDate)]
}

function clockFlags(nowMs: number, clientNowMs: number | undefined): Placing['flags'] {
  const shiftMs = clientNowMs === undefined ? undefined : suggestedShiftMs(clientNowMs, nowMs)
  return shiftMs === undefined
    ? []
    : [{ code: 'clock_offset', detail: `The client's clock is off: adding ${Math.round(shiftMs / 1000)} s would set it right.` }]
}
