import type { LineOutcome, LinesReceipt } from '../api/sessions.ts'
import { type Ingested, ingestSession } from '../flows/ingest-session.ts'
import { judgeStrictly } from '../flows/judge-session.ts'
import { sumOfCounts } from '../flows/session-counts.ts'
import type { WriteDeps } from '../flows/write-session.ts'
import type { HandedSession } from '../model/handed-session.ts'
import { Problem } from '../model/problem.ts'
import type { Handling } from '../model/quality.ts'
import { type Line, linesOf } from './read-lines.ts'
import { readSession } from './read-session.ts'

export interface LinesRequest {
  readonly userId: string
  readonly handling: Handling | undefined
  readonly restore: boolean
  readonly clientNowMs: number | undefined
}

const MOST_ERRORS = 1000
const MOST_LINE_BYTES = 1 << 20
/** Lines under way at once: their sessions share a sync of the disk. */
const AT_ONCE = 32

/**
 * Many sessions, one a line, each by itself; the order of lines does not matter. Strict handling looks at all of them before any is kept, and
 * refuses the whole body for one that is not valid. Throws `Problem`.
 */
export async function takeLines(deps: WriteDeps, body: Uint8Array, request: LinesRequest): Promise<LinesReceipt> {
  const lines = linesOf(body)
  if (request.handling === 'strict') refuseAny(deps, lines, request)
  const outcomes: LineOutcome[] = []
  const kept: Ingested[] = []
  let rejected = 0
  for (let from = 0; from < lines.length; from += AT_ONCE) {
    const group = await Promise.all(lines.slice(from, from + AT_ONCE).map((line) => takeLine(deps, line, request)))
    for (const { outcome, ingested } of group) {
      outcomes.push(outcome)
      if (ingested) kept.push(ingested)
      else rejected++
    }
    if (rejected >= MOST_ERRORS) throw tooManyErrors(outcomes)
  }
  const counts = sumOfCounts(kept.map((each) => each.counts))
  return { lines: { received: lines.length, kept: kept.length, rejected }, counts, outcomes }
}

function tooManyErrors(outcomes: readonly LineOutcome[]): Problem {
  const errors = outcomes.flatMap(({ line, code, detail = '' }) => (code ? [{ pointer: `/${line}`, code, message: detail }] : []))
  return new Problem('too_many_errors', `More than ${MOST_ERRORS} lines are not valid; those before them that are were kept.`, {
    errors: errors.slice(0, 100),
  })
}

interface Taken {
  readonly outcome: LineOutcome
  readonly ingested?: Ingested
}

async function takeLine(deps: WriteDeps, { line, offset, bytes }: Line, request: LinesRequest): Promise<Taken> {
  try {
    const session = readLine(bytes, request.userId)
    const ingested = await ingestSession(deps, { ...request, session })
    const { status, counts } = ingested
    return { ingested, outcome: { line, offset, status, sessionId: ingested.session.sessionInfo.sessionId, counts } }
  } catch (error) {
    // What failed on our side is not the line's fault.
    if (!(error instanceof Problem) || ours.has(error.code)) throw error
    const { code, detail, errors } = error
    return { outcome: { line, offset, status: 'rejected', code, detail, ...(errors && { errors: errors.slice(0, 10) }) } }
  }
}

const ours: ReadonlySet<string> = new Set(['unavailable', 'storage_full', 'storage_corrupt', 'not_found'])

function readLine(bytes: Uint8Array, userId: string): HandedSession {
  if (bytes.length > MOST_LINE_BYTES) throw new Problem('body_too_large', `A line has at most ${MOST_LINE_BYTES} bytes.`)
  const session = readSession(bytes)
  requireOwn(session, userId)
  return session
}

/** Throws `Problem('forbidden')` where a session says that it is somebody else's. */
export function requireOwn(session: HandedSession, userId: string): void {
  if (session.userId !== undefined && session.userId !== userId) throw new Problem('forbidden', 'This session names another person.')
}

function refuseAny({ clock }: WriteDeps, lines: readonly Line[], { userId }: LinesRequest): void {
  const errors = lines.flatMap(({ line, bytes }) => {
    try {
      judgeStrictly(readLine(bytes, userId), clock.nowMs())
      return []
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return [{ pointer: `/${line}`, code: error.code, message: error.detail }]
    }
  })
  if (errors.length > 0)
    throw new Problem(
      errors.length >= MOST_ERRORS ? 'too_many_errors' : 'invalid',
      `${errors.length} lines are not valid; nothing was kept.`,
      {
        errors: errors.slice(0, 100),
      },
    )
}
