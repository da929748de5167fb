import { selectRows } from '../columns/select.ts'
import { sourceId, sourceKind } from '../importers/apple-health/sources.ts'
import type { SessionDraft } from '../importers/importer.ts'
import type { HandedSession } from '../model/handed-session.ts'
import type { FlagCode } from '../model/marks.ts'
import { Problem } from '../model/problem.ts'
import { splitSession } from '../model/quality.ts'
import type { SampleTable } from '../model/sample-table.ts'
import type { Source } from '../model/source.ts'
import { formatInstant } from '../model/time.ts'
import { dayBounds, localDate, type ZoneTimeline, zoneAt } from '../model/zone.ts'
import { nextDate } from './dirty-days.ts'
import { qualityOfPart, withWords } from './handed-quality.ts'
import type { Judged } from './judge-session.ts'
import type { Part } from './session-blocks.ts'
import { type SessionBody, sessionDocument } from './session-document.ts'

/** A session, or a part of one that was too long, as it will stand in its document. */
export interface NewSession {
  readonly sessionId: string
  readonly body: Omit<SessionBody, 'revision'>
  /** Without rows where nothing was measured. */
  readonly table: SampleTable
}

export interface Placing {
  readonly userId: string
  /** Under which it is kept; its parts are named after it. */
  readonly sessionId: string
  readonly source: Source
  /** As `zonesOf` has them. */
  readonly zones: ZoneTimeline
  readonly flags: readonly { readonly code: FlagCode; readonly detail?: string }[]
  readonly duplicates: number
}

/** The device or app, known again by its name and kind. */
export function sourceOf({ dataSource, source }: HandedSession): Source {
  const name = source.name ?? dataSource
  const kind = source.kind ?? sourceKind(name.replaceAll('_', ' '), null)
  return { id: sourceId(name, kind), name, kind }
}

export function partId(sessionId: string, part: number): string {
  return part === 0 ? sessionId : `${sessionId.slice(0, 118)}-part-${part + 1}`
}

/** At most 60, of at most 24 hours each. */
export const MOST_PARTS = 60

/** The documents of a session: one, or one a local day where it is longer than 24 hours. */
export function documentsOf(session: HandedSession, parts: readonly Part[], judged: Judged, placing: Placing): NewSession[] {
  const tables = parts.length === 1 ? [judged.table] : tablesOf(judged.table, parts)
  return parts.map((part, at) => {
    const table = tables[at] ?? judged.table
    return {
      sessionId: partId(placing.sessionId, at),
      table,
      body: bodyOf(session, { judged, placing, part, at, parts: parts.length, table }),
    }
  })
}

/** The zone that the session names, else the offset of its start, else where the person is. `Z` says nothing of where somebody is. */
export function zonesOf({ zone, zoneOffset, offset }: HandedSession, zones: ZoneTimeline): ZoneTimeline {
  const own = zone ?? [zoneOffset, offset].find((said) => said !== undefined && said !== '' && said !== 'Z')
  return own === undefined ? zones : [{ fromMs: 0, zone: own }]
}

/** Throws `Problem('session_too_long')` for one of more than 60 parts. */
export function partsOf({ startMs, endMs }: HandedSession, zones: ZoneTimeline): Part[] {
  if (endMs - startMs <= 86_400_000) return [{ startMs, endMs }]
  const midnights: number[] = []
  for (let date = localDate(zones, startMs); midnights.length <= MOST_PARTS; date = nextDate(date)) {
    const bounds = dayBounds(zones, date)
    if (bounds.startMs >= endMs) break
    midnights.push(bounds.startMs)
  }
  const parts = splitSession(startMs, endMs, midnights)
  if (parts.length > MOST_PARTS) throw new Problem('session_too_long', `A session is cut into at most ${MOST_PARTS} parts of 24 hours.`)
  return parts
}

/** Each row in the part that it starts in, the first where it starts before all. */
function tablesOf(table: SampleTable, parts: readonly Part[]): SampleTable[] {
  const rowsOf: number[][] = parts.map(() => [])
  for (let row = 0; row < table.rows; row++) {
    const start = table.instants.start[row] as number
    const at = Math.max(
      0,
      parts.findLastIndex(({ startMs }) => startMs <= start),
    )
    rowsOf[at]?.push(row)
  }
  return rowsOf.map((rows) => selectRows([table], new Uint8Array(rows.length), rows))
}

interface Making {
  readonly judged: Judged
  readonly placing: Placing
  readonly part: Part
  readonly at: number
  readonly parts: number
  readonly table: SampleTable
}

function bodyOf(session: HandedSession, { judged, placing, part, at, parts, table }: Making): NewSession['body'] {
  const { userId, source, zones, sessionId } = placing
  const draft: SessionDraft = { source, localDate: localDate(zones, part.startMs), zone: zoneAt(zones, part.startMs), table }
  const { revision: _, ...body } = sessionDocument(userId, draft, 1)
  const isFirst = at === 0
  return {
    ...(isFirst ? withWords(body, session) : body),
    sessionInfo: {
      sessionId: partId(sessionId, at),
      startTime: textOf(part.startMs),
      endTime: textOf(part.endMs),
      dataSource: session.dataSource,
      dataTypes: [...new Set([...body.sessionInfo.dataTypes, ...session.dataTypes])].sort(),
    },
    ...(session.zoneOffset !== undefined && { zoneOffset: session.zoneOffset }),
    ...(parts > 1 && (isFirst ? { parts } : { splitFrom: sessionId })),
    quality: qualityOfPart(body, session, judged, table, isFirst ? placing : undefined),
  }
}

/** Instants to the microsecond, as texts of a fixed width. */
function textOf(ms: number): string {
  const whole = Math.floor(ms)
  return formatInstant(whole, Math.round((ms - whole) * 1000))
}
