import type { CollectionName } from '../model/collections.ts'
import { placeOf } from '../model/collections.ts'
import { type EventChange, type EventType, eventId, type StoredEvent, TAIL_CHARS } from '../model/event.ts'
import { canonicalJson } from '../model/in-order.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Cache } from '../ports/cache.ts'
import type { Clock } from '../ports/clock.ts'
import type { ClaimQuery, Documents, Stored, Write } from '../ports/documents.ts'

export interface EventDeps {
  readonly documents: Documents
  readonly cache: Cache
  readonly clock: Clock
  readonly newId: () => string
  /** Whether webhooks are to be told. */
  readonly hasWebhooks: () => Promise<boolean>
}

interface Told {
  readonly type: EventType
  /** Fields of which nobody is told, as they are bookkeeping. */
  readonly quiet: readonly string[]
  /** A put that expects nothing is not told: it says again what was said. */
  readonly blindly: boolean
}

/** What is told of. */
const told: Partial<Record<CollectionName, Told>> = {
  healthSessions: { type: 'session', quiet: ['samples'], blindly: true },
  days: { type: 'day', quiet: ['madeAt'], blindly: true },
  insights: { type: 'insight', quiet: ['metadata'], blindly: true },
  imports: { type: 'import', quiet: ['checkpoint', 'attempt'], blindly: true },
  changes: { type: 'trend', quiet: ['until'], blindly: false },
  jobs: { type: 'job', quiet: ['lease'], blindly: false },
}

const MOST_WRITES = 500

export const feedChannel = (userId: string) => `events:${userId}`
/** Also of jobs that concern no one person. */
export const jobChannel = (jobId: string) => `job:${jobId}`

/**
 * The same documents; a batch that changes what people are told of also writes one event for each of them, atomically with the rest, and
 * says so on the person's channel. A batch too full for it has its events in the next, as has a claim: a process that dies in between
 * leaves them untold.
 */
export function withEvents(deps: EventDeps): Documents {
  const nextId = newEventIds(deps)

  async function eventsOf(changes: readonly OwnedChange[]): Promise<Write[]> {
    if (changes.length === 0) return []
    const at = formatInstant(deps.clock.nowMs())
    const telling = (await deps.hasWebhooks()) ? ({ telling: 'waiting' } as const) : {}
    return [...Map.groupBy(changes, ({ userId }) => userId)].flatMap(([userId, owned]) => {
      if (userId === undefined) return []
      const body: StoredEvent = { userId, at, changes: owned.map(({ change }) => change), ...telling }
      return { op: 'put', path: `users/${userId}/events/${nextId()}`, body }
    })
  }

  async function batch(documents: Documents, writes: readonly Write[]): Promise<void> {
    const found = writes.map((write) => changeOf(documents, write))
    const changes = (found.some(isAwaited) ? await Promise.all(found) : (found as Found[])).filter((change) => change !== undefined)
    const events = await eventsOf(changes)
    if (writes.length + events.length <= MOST_WRITES) await documents.batch([...writes, ...events])
    else {
      await documents.batch(writes)
      await documents.batch(events)
    }
    await publish(deps, changes)
  }

  async function claim<T extends object>(
    documents: Documents,
    query: ClaimQuery,
    change: (found: Stored<T>) => T | undefined,
  ): Promise<readonly Stored<T>[]> {
    const before = new Map<string, unknown>()
    const taken = await documents.claim<T>(query, (found) => {
      const body = change(found)
      if (body !== undefined) before.set(found.path, found.body)
      return body
    })
    const changes = taken
      .map(({ path, body, version }) => updateOf(path, before.get(path), body, version))
      .filter((each) => each !== undefined)
    const events = await eventsOf(changes)
    if (events.length > 0) await documents.batch(events)
    await publish(deps, changes)
    return taken
  }

  const over = (documents: Documents): Documents => ({
    get: (path) => documents.get(path),
    list: (query) => documents.list(query),
    batch: (writes) => batch(documents, writes),
    claim: (query, change) => (Object.hasOwn(told, query.collection) ? claim(documents, query, change) : documents.claim(query, change)),
    actingFor(this: Documents, userId) {
      const own = documents.actingFor(userId)
      return own === documents ? this : over(own)
    },
    close: () => documents.close(),
  })
  return over(deps.documents)
}

interface OwnedChange {
  /** Absent for work that concerns no one person: then it is no event of anybody's. */
  readonly userId: string | undefined
  readonly change: EventChange
}

type Found = OwnedChange | undefined

function isAwaited(found: Found | Promise<Found>): boolean {
  return found instanceof Promise
}

/** At once where nothing must be asked for. */
function changeOf(documents: Documents, write: Write): Found | Promise<Found> {
  const { collection, id } = placeOf(write.path)
  const row = told[collection]
  if (row === undefined || write.quiet) return undefined
  if (write.op === 'put' && write.ifAbsent) return owned(write.path, write.body, { type: row.type, action: 'created', id, version: 1 })
  if (write.op === 'put' && write.ifVersion === undefined && !row.blindly) return undefined
  return changeMade(documents, write, row)
}

async function changeMade(documents: Documents, write: Write, row: Told): Promise<Found> {
  const { id } = placeOf(write.path)
  const isBlind = write.ifVersion === undefined
  const old = await documents.get(write.path).catch((error) => {
    // Whose keys are gone is not told that the rest goes too.
    if (write.op === 'delete' && error instanceof Problem && error.code === 'erased') return undefined
    throw error
  })
  if (write.op === 'delete') return old && owned(write.path, old.body, { type: row.type, action: 'deleted', id })
  if (old === undefined) return owned(write.path, write.body, { type: row.type, action: 'created', id, version: 1 })
  // Of a blind put the version is that of whoever comes last: it is not known here.
  return updateOf(write.path, old.body, write.body, isBlind ? undefined : old.version + 1)
}

/** Undefined where nothing is other than it was but what is quiet. */
function updateOf(path: string, before: unknown, after: unknown, version: number | undefined): OwnedChange | undefined {
  const { collection, id } = placeOf(path)
  const row = told[collection]
  if (row === undefined) return undefined
  // What is left of a deleted session stands at its place.
  const [wasGone, isGone] = [before, after].map((body) => fieldsOf(body).deletedAt !== undefined)
  if (isGone) return wasGone ? undefined : owned(path, after, { type: row.type, action: 'deleted', id })
  if (wasGone) return owned(path, after, { type: row.type, action: 'created', id, ...(version !== undefined && { version }) })
  const changed = changedFields(before, after).filter((name) => !row.quiet.includes(name))
  if (changed.length === 0) return undefined
  return owned(path, after, { type: row.type, action: 'updated', id, ...(version !== undefined && { version }), changed })
}

function changedFields(before: unknown, after: unknown): string[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)]
  const names = new Set([...Object.keys(old), ...Object.keys(now)])
  return [...names].filter((name) => canonicalJson(old[name]) !== canonicalJson(now[name])).sort()
}

function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? { ...body } : {}
}

function owned(path: string, body: unknown, change: EventChange): OwnedChange {
  const userId = placeOf(path).ids.userId ?? fieldsOf(body).userId
  return { userId: typeof userId === 'string' ? userId : undefined, change }
}

/** Ids of this process only go up, also when its clock goes back. */
export function newEventIds({ clock, newId }: Pick<EventDeps, 'clock' | 'newId'>): () => string {
  let lastMs = 0
  let count = 0
  return () => {
    const nowMs = clock.nowMs()
    count = nowMs > lastMs ? 0 : count + 1
    lastMs = Math.max(nowMs, lastMs)
    return eventId(lastMs, count, newId().slice(-TAIL_CHARS))
  }
}

/** A nudge: who listens reads for themselves. */
async function publish({ cache }: Pick<EventDeps, 'cache'>, changes: readonly OwnedChange[]): Promise<void> {
  const channels = new Set(changes.flatMap(({ userId }) => (userId === undefined ? [] : feedChannel(userId))))
  for (const { change } of changes) if (change.type === 'job') channels.add(jobChannel(change.id))
  await Promise.all([...channels].map((channel) => cache.publish(channel, '')))
}
