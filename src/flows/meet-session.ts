import type { HandedSession } from '../model/handed-session.ts'
import { nothingThere } from '../model/nothing-there.ts'
import type { Handling } from '../model/quality.ts'
import { isTombstone, type KeptSession } from '../model/session.ts'
import type { Source } from '../model/source.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { findConfiguration } from './configuration.ts'
import { sourceOf } from './handed-sessions.ts'
import { findUser, type KnownUser } from './manage-user.ts'

/** What a session that is handed in meets. */
export interface Met {
  readonly user: KnownUser
  readonly handling: Handling
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

/** The person, the configuration and what stands under the id, or under the id that this source has where another has the plain one. */
export async function meetSession(deps: { readonly documents: Documents }, { userId, session, handling, replace }: Meeting): Promise<Met> {
  const pathOf = (id: string) => `users/${userId}/healthSessions/${id}`
  const { sessionId } = session
  const [found, configured, plain] = await Promise.all([
    findUser(deps, userId),
    handling === undefined ? findConfiguration(deps) : undefined,
    deps.documents.get<KeptSession>(pathOf(sessionId)),
  ])
  if (!found) throw nothingThere()
  const known = { user: found.user, handling: handling ?? configured?.configuration.validation ?? 'lenient' }
  const source = sourceAmong(session, plain)
  if (!plain || replace !== undefined || sourceIdOf(plain.body) === source.id) return { ...known, sessionId, source, old: plain }
  const ownId = `${sessionId.slice(0, 90)}_${source.id}`.slice(0, 128)
  return { ...known, sessionId: ownId, source, old: await deps.documents.get<KeptSession>(pathOf(ownId)) }
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
