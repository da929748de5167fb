import type { HandedSession } from '../model/handed-session.ts'
import { nothingThere } from '../model/nothing-there.ts'
import type { Handling } from '../model/quality.ts'
import { isTombstone, type KeptSession } from '../model/session.ts'
import type { Source } from '../model/source.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { findConfiguration } from './configuration.ts'
import { sourceOf } from './handed-sessions.ts'
import { findUser, type KnownUser } from './manage-user.ts'

/** The person a session is about, and how strictly it is judged. */
export interface MetPerson {
  readonly user: KnownUser
  readonly handling: Handling
}

/** What a session that is handed in meets. */
export interface Met extends MetPerson {
  readonly sessionId: string
  readonly source: Source
  readonly old: Stored<KeptSession> | undefined
}

export interface Meeting {
  readonly userId: string
  readonly session: HandedSession
  readonly handling: Handling | undefined
  readonly replace?: object
}

type Deps = { readonly documents: Documents }

/** Undefined without the person. */
export async function meetPerson(deps: Deps, { userId, handling }: Pick<Meeting, 'userId' | 'handling'>): Promise<MetPerson | undefined> {
  const [found, configured] = await Promise.all([findUser(deps, userId), handling === undefined ? findConfiguration(deps) : undefined])
  return found && { user: found.user, handling: handling ?? configured?.configuration.validation ?? 'lenient' }
}

/** The person, the configuration and what stands under the id, or under the id that this source has where another has the plain one. */
export async function meetSession(deps: Deps, meeting: Meeting): Promise<Met> {
  const { userId, session, replace } = meeting
  const { sessionId } = session
  const [known, plain] = await Promise.all([meetPerson(deps, meeting), findUnder(deps, userId, sessionId)])
  if (!known) throw nothingThere()
  const source = sourceAmong(session, plain)
  if (!plain || replace !== undefined || sourceIdOf(plain.body) === source.id) return { ...known, sessionId, source, old: plain }
  const ownId = `${sessionId.slice(0, 90)}_${source.id}`.slice(0, 128)
  return { ...known, sessionId: ownId, source, old: await findUnder(deps, userId, ownId) }
}

/** What stands under an id: a session, what is left of one, or nothing. */
export function findUnder({ documents }: Deps, userId: string, sessionId: string): Promise<Stored<KeptSession> | undefined> {
  return documents.get<KeptSession>(`users/${userId}/healthSessions/${sessionId}`)
}

/** A session that is kept knows its source better than its name tells. */
function sourceAmong(session: HandedSession, stored: Stored<KeptSession> | undefined): Source {
  const isSame =
    stored && !isTombstone(stored.body) && stored.body.sessionInfo.dataSource === session.dataSource && session.source.kind === undefined
  return isSame && !isTombstone(stored.body) ? stored.body.source : sourceOf(session)
}

function sourceIdOf(kept: KeptSession): string {
  return isTombstone(kept) ? kept.sourceId : kept.source.id
}
