import { SessionReceipt, SessionReply, type sessionsApi } from '../../api/sessions.ts'
import { deleteSession } from '../../flows/delete-session.ts'
import { type GrantDeps, visibleMetrics } from '../../flows/grants.ts'
import { type Ingested, type IngestRequest, ingestDrawn, ingestSession } from '../../flows/ingest-session.ts'
import { listSessions } from '../../flows/list-sessions.ts'
import { requireUser } from '../../flows/manage-user.ts'
import { quarantinedSamples } from '../../flows/quarantined-samples.ts'
import { findSession, withSamples } from '../../flows/read-session.ts'
import { findRevision } from '../../flows/session-revisions.ts'
import { asItStands } from '../../flows/standing-session.ts'
import { visibleSession } from '../../flows/visible-session.ts'
import type { WriteDeps } from '../../flows/write-session.ts'
import { inOrder } from '../../model/in-order.ts'
import { nothingThere } from '../../model/nothing-there.ts'
import type { Principal } from '../../model/principal.ts'
import { Problem } from '../../model/problem.ts'
import type { StoredSession } from '../../model/session.ts'
import { formatInstant, parseInstant } from '../../model/time.ts'
import type { Answer, Handlers } from '../call.ts'
import { type DrawBeside, likelyIdIn } from '../draw-body.ts'
import { isYes } from '../flag.ts'
import { nextOf, openCursor } from '../list-page.ts'
import { type Content, wholeOf, withWhole } from '../read-body.ts'
import { readSession } from '../read-session.ts'
import { requireOwn, takeLines } from '../take-lines.ts'

export interface DrawBesideDeps {
  /** Absent: all is done in this thread. */
  readonly drawBeside?: DrawBeside | undefined
}

const MOST_BYTES = 4 << 20

export const sessionsHandlers: Handlers<typeof sessionsApi, WriteDeps & GrantDeps & DrawBesideDeps> = {
  async addSessions(deps, { params: { userId }, query, mediaType, content, handling, header, keeping }) {
    const request = { userId, handling, restore: isYes(query.restore), clientNowMs: dateOf(header('date')) }
    if (mediaType === 'application/x-ndjson') {
      const body = await wholeOf(content)
      await requireUser(deps, userId)
      return { status: 202, body: await takeLines(deps, body, request) }
    }
    let answer: Answer<typeof sessionsApi.addSessions> | undefined
    const also = (ingested: Ingested) => {
      answer = answerOf(userId, ingested)
      return keeping === undefined ? [] : [keeping(answer)]
    }
    const ingested = (await ingestBeside(deps, { ...request, also }, content)) ?? (await ingestHere(deps, { ...request, also }, content))
    if (answer === undefined || ingested.status === 'exists') return answerOf(userId, ingested)
    return { ...answer, isKept: keeping !== undefined }
  },
  async listSessions(deps, call) {
    const { params, query } = call
    await requireUser(deps, params.userId)
    const held = openCursor('healthSessions', call)
    const { from, to, dataType, source, limit } = query
    const page = await listed(() =>
      listSessions(deps, params.userId, {
        from: utc(from),
        to: utc(to),
        dataType,
        source,
        archived: isYes(query.archived),
        limit,
        cursor: held,
      }),
    )
    const show = await lens(deps, params.userId, call.principal)
    return { body: { data: page.data.map(({ body }) => show(body)), ...nextOf('healthSessions', call, page.nextCursor) } }
  },
  async getSession(deps, { params: { userId, sessionId }, query, principal }) {
    const { revision, samples, quarantined } = query
    const show = await lens(deps, userId, principal)
    const told = async (session: StoredSession) =>
      show({
        ...(isYes(samples) ? await withSamples(deps, session) : session),
        ...(isYes(quarantined) && { setAside: await quarantinedSamples(deps, session) }),
      })
    if (revision !== undefined) return { body: await told(await findRevision(deps, userId, sessionId, revision)) }
    const found = await findSession(deps, userId, sessionId)
    const answer = await asItStands(deps, found, async ({ body, version }) => ({ body: await told(body), version }))
    if (answer === undefined) throw nothingThere()
    return answer
  },
  async putSession(deps, { params: { userId, sessionId }, query, content, handling, header, ifMatch }) {
    const session = await withWhole(content, (body) => readOwn(body, userId))
    if (session.sessionId !== sessionId)
      throw new Problem('invalid_id', 'The session has another id than its address.', {
        errors: [{ pointer: '/sessionInfo/sessionId', code: 'invalid_id', message: 'Not the id of the address' }],
      })
    const request = { userId, session, handling, restore: isYes(query.restore), clientNowMs: dateOf(header('date')) }
    const ingested = await ingestSession(deps, { ...request, replace: { ifVersion: ifMatch } })
    const isNew = ingested.status === 'created' || ingested.status === 'restored'
    return { status: isNew ? 201 : 200, body: receiptOf(ingested), version: ingested.version }
  },
  async deleteSession(deps, { params: { userId, sessionId }, ifMatch }) {
    await deleteSession(deps, userId, sessionId, ifMatch)
    return {}
  },
}

type Request = Omit<IngestRequest, 'session' | 'replace'>

async function ingestBeside(deps: WriteDeps & DrawBesideDeps, request: Request, content: Content) {
  const pieces = deps.drawBeside && (await content.pieces?.())
  const draw = pieces && deps.drawBeside?.(pieces)
  return draw && ingestDrawn(deps, request, draw, likelyIdIn(pieces))
}

async function ingestHere(deps: WriteDeps, request: Request, content: Content): Promise<Ingested> {
  const session = await withWhole(content, (body) => readOwn(body, request.userId))
  return ingestSession(deps, { ...request, session })
}

function answerOf(userId: string, ingested: Ingested): Answer<typeof sessionsApi.addSessions> {
  const { status, version, session } = ingested
  const location = `/v1/users/${userId}/sessions/${session.sessionInfo.sessionId}`
  return { status: status === 'exists' ? 200 : 201, body: receiptOf(ingested), version, location }
}

function readOwn(body: Uint8Array, userId: string) {
  if (body.length > MOST_BYTES) throw new Problem('body_too_large', `A session has at most ${MOST_BYTES} bytes: send several as NDJSON.`)
  const session = readSession(body)
  requireOwn(session, userId)
  return session
}

function receiptOf({ status, session, counts }: Ingested): SessionReceipt {
  const { sessionInfo, revision, localDate, quality, parts } = session
  const receipt = { status, sessionId: sessionInfo.sessionId, revision, localDate, counts, quality, ...(parts !== undefined && { parts }) }
  return inOrder(SessionReceipt, receipt)
}

/** The client's clock, where its header says it in a form that is read. */
function dateOf(said: string | undefined): number | undefined {
  const ms = said === undefined ? Number.NaN : Date.parse(said)
  return Number.isNaN(ms) ? undefined : ms
}

function utc(said: string | undefined): string | undefined {
  const parsed = said === undefined ? undefined : parseInstant(said)
  return parsed?.ok ? formatInstant(parsed.epochMs, parsed.micros) : undefined
}

async function listed<T>(list: () => Promise<T>): Promise<T> {
  try {
    return await list()
  } catch (cause) {
    if (cause instanceof Problem && cause.code === 'invalid')
      throw new Problem('bad_cursor', 'This cursor belongs to no page of this list.', { cause })
    throw cause
  }
}

/** How this principal sees a person's sessions: wholly, or the metrics of a grant. */
async function lens(deps: GrantDeps, ownerId: string, principal: Principal): Promise<(session: SessionReply) => SessionReply> {
  const metrics = principal.kind === 'person' ? await visibleMetrics(deps, ownerId, principal.userId, 'sessions') : undefined
  return (session) => inOrder(SessionReply, metrics === undefined ? session : visibleSession(session, metrics))
}
