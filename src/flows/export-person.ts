import type { CollectionName } from '../model/collections.ts'
import { inOrder } from '../model/in-order.ts'
import { carriedCollections, EXPORT_KIND, type ExportManifest } from '../model/person-export.ts'
import { isTombstone, type KeptSession, StoredSession } from '../model/session.ts'
import { formatInstant } from '../model/time.ts'
import type { Archive, FileToPack, PackedFile } from '../ports/archive.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Clock } from '../ports/clock.ts'
import type { Stored } from '../ports/documents.ts'
import { ahead } from './ahead.ts'
import { carriedFiles } from './carried-files.ts'
import { toLines } from './document-lines.ts'
import { every } from './every.ts'
import { readme } from './export-readme.ts'
import { type FindAuditDeps, findAccess } from './find-audit.ts'
import { archivedMonths, everyKept } from './kept-of-person.ts'
import { requireUser } from './manage-user.ts'
import { withSamples } from './read-session.ts'

export interface ExportDeps extends FindAuditDeps {
  readonly blobs: Blobs
  readonly archive: Archive
  readonly clock: Clock
}

export interface ExportProgress {
  /** Files that are in the archive. */
  readonly files: number
}

const AHEAD = 2

/** A session as it is told: where its samples lie concerns nobody. */
const ToldSession = StoredSession.omit({ samples: true, contentSha256: true })

/**
 * All that is kept of a person as one zip, made as it is read: what is told, what they sent byte for byte, and the same as it is kept, to be
 * brought back. The manifest, with lengths and checksums, comes last. Throws `Problem('not_found')` before the first byte.
 */
export async function exportPerson(
  deps: ExportDeps,
  userId: string,
  onProgress?: (progress: ExportProgress) => void,
): Promise<AsyncIterable<Uint8Array>> {
  await requireUser(deps, userId)
  const nowMs = deps.clock.nowMs()
  const packed: PackedFile[] = []
  const counts: Record<string, number> = {}
  const count = (name: string) => {
    counts[name] = (counts[name] ?? 0) + 1
  }
  async function* files(): AsyncGenerator<FileToPack> {
    yield textFile('README.txt', readme(userId, formatInstant(nowMs)))
    yield* toldFiles(deps, userId)
    yield* carriedFiles(deps, userId, carriedCollections, count)
    const manifest: ExportManifest = { kind: EXPORT_KIND, version: 1, userId, createdAt: formatInstant(nowMs), counts, files: packed }
    yield textFile('manifest.json', `${JSON.stringify(manifest, null, 1)}\n`)
  }
  return deps.archive.pack(files(), new Date(nowMs), (file) => {
    packed.push(file)
    onProgress?.({ files: packed.length })
  })
}

async function* toldFiles(deps: ExportDeps, userId: string): AsyncGenerator<FileToPack> {
  const { user } = await requireUser(deps, userId)
  const { zones: _, ...profile } = user
  yield textFile('profile.json', `${JSON.stringify(profile, null, 2)}\n`)
  yield* sessionFiles(deps, userId)
  for (const [name, collection] of Object.entries(lists))
    yield { name: `${name}.ndjson`, content: toLines(bodiesOf(everyKept(deps, userId, collection))) }
  yield { name: 'access.ndjson', content: toLines(accesses(deps, userId)) }
}

/** Beside the sessions, each in one file. */
const lists = {
  days: 'days',
  'day-revisions': 'dayRevisions',
  insights: 'insights',
  'insight-revisions': 'insightRevisions',
  consents: 'consents',
  permissions: 'permissions',
  imports: 'imports',
  jobs: 'jobs',
} as const satisfies Record<string, CollectionName>

async function* bodiesOf(found: AsyncIterable<Stored<object>>): AsyncGenerator<object> {
  for await (const { body } of found) yield body
}

/** Who read or changed what of them, the newest first. */
async function* accesses(deps: ExportDeps, userId: string): AsyncGenerator<object> {
  let cursor: string | undefined
  do {
    const page = await findAccess(deps, userId, {}, { limit: 500, cursor })
    yield* page.data
    cursor = page.nextCursor
  } while (cursor !== undefined)
}

async function* sessionFiles(deps: ExportDeps, userId: string): AsyncGenerator<FileToPack> {
  for await (const { name, rows } of archivedMonths<KeptSession>(deps, userId, 'healthSessions')) {
    const sessions = rows.flatMap(({ body }) => (isTombstone(body) ? [] : [body]))
    yield { name: `sessions/archived/${name}.ndjson`, content: toLines(ahead(AHEAD, sessions, (body) => toldSession(deps, body))) }
  }
  const query = { collection: 'healthSessions', parent: `users/${userId}`, index: 'localDate', equals: [userId] }
  yield* filesByMonth(deps, every<StoredSession>(deps.documents, query))
}

/** One file a month, of all that began in it by their local date, which come in that order. */
async function* filesByMonth(deps: ExportDeps, sessions: AsyncGenerator<Stored<StoredSession>>): AsyncGenerator<FileToPack> {
  let next = await sessions.next()
  while (!next.done) {
    const month = next.value.body.localDate.slice(0, 7)
    async function* ofMonth(): AsyncGenerator<Stored<StoredSession>> {
      for (; !next.done && next.value.body.localDate.startsWith(month); next = await sessions.next()) yield next.value
    }
    yield { name: `sessions/${month}.ndjson`, content: toLines(ahead(AHEAD, ofMonth(), ({ body }) => toldSession(deps, body))) }
  }
}

/** Exactly as `GET …/sessions/{sessionId}?samples=true` has it, but for the order of keys among the samples. */
async function toldSession(deps: ExportDeps, session: StoredSession): Promise<object> {
  return await withSamples(deps, {
    ...inOrder(ToldSession, session),
    ...(session.samples && { samples: session.samples }),
  } as StoredSession).then(({ samples: _, ...told }) => told)
}

function textFile(name: string, text: string): FileToPack {
  return { name, content: once(new TextEncoder().encode(text)) }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
