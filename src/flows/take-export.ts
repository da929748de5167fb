import type { ByteSource } from '../importers/byte-source.ts'
import type { ClarityExport } from '../importers/clarity-export/clarity-export.ts'
import { type CollectionName, collections, placeOf } from '../model/collections.ts'
import { Day } from '../model/day.ts'
import type { ImportReport } from '../model/import.ts'
import { parseAs } from '../model/parse.ts'
import { carriedCollections } from '../model/person-export.ts'
import { Problem } from '../model/problem.ts'
import { isTombstone, KeptSession } from '../model/session.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Write } from '../ports/documents.ts'
import { ownerOfKey } from './guarded-stores.ts'
import { namesOf } from './named-objects.ts'
import type { ToWarehouse } from './warehouse-outbox.ts'

export interface BringBackDeps {
  readonly documents: Documents
  readonly blobs: Blobs
  readonly clock: Clock
  /** Absent: no figures for SQL. */
  readonly toWarehouse?: ToWarehouse
}

export interface BringBackRequest {
  readonly userId: string
  readonly fileName: string
  readonly source: ByteSource
  readonly importId: string
  readonly dryRun?: boolean | undefined
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

const BATCH = 200

/**
 * An export of ours becomes what it was of, under this id: documents as they were kept, with their revisions, and objects. What is there
 * already stays as it is, so that it can be made twice, and killed anywhere. What the person agreed to with another house is not taken over.
 * Throws `Problem('archive_corrupt')`, `invalid` for documents that are none.
 */
export async function bringBack(deps: BringBackDeps, request: BringBackRequest, from: ClarityExport): Promise<ImportReport> {
  const startedMs = deps.clock.nowMs()
  const tally = newTally()
  if (!request.dryRun) await bringObjects(deps, request.userId, from)
  const total = Object.values(from.manifest.counts).reduce((sum, count) => sum + count, 0)
  let done = 0
  for (const collection of carriedCollections) {
    let batch: Brought[] = []
    const flush = async () => {
      tally.add(batch, request.dryRun ? batch : await keep(deps, batch))
      batch = []
    }
    for await (const { path, body } of from.documents(collection)) {
      batch.push(broughtOf(collection, request.userId, from.manifest.userId, path, body))
      request.onProgress?.(++done, total)
      if (batch.length === BATCH) await flush()
    }
    await flush()
  }
  const { source, fileName, importId } = request
  const seconds = (deps.clock.nowMs() - startedMs) / 1000
  return { importId, file: fileName, format: 'clarity-export', bytes: source.length, seconds, ...tally.report() }
}

interface Brought {
  readonly collection: CollectionName
  readonly path: string
  readonly body: object
}

/** A document of another id's person as one of this. Throws `Problem('invalid')` for one that the collection does not take. */
function broughtOf(collection: CollectionName, userId: string, before: string, path: string, said: object): Brought {
  const whole = path === '' ? `users/${userId}` : `users/${userId}/${path}`
  if (placeOf(whole).collection !== collection) throw new Problem('invalid', `A line of ${collection} has the path of another.`)
  const body = renamed(said, userId, before) as object
  parseAs(collections[collection].schema, body, 'document')
  // A forged one could name the objects of somebody else, and have them told.
  if (namesOf(collection, body).some(({ key }) => ownerOfKey(key)[0] !== userId))
    throw new Problem('invalid', `A line of ${collection} names an object that is not the person’s.`)
  return { collection, path: whole, body }
}

/** Wherever the id of the person stands: in `userId`, and in the keys of objects. */
function renamed(value: unknown, userId: string, before: string, name = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => renamed(each, userId, before))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamed(each, userId, before, key)]))
  if (typeof value !== 'string') return value
  if (name === 'userId') return value === before ? userId : value
  const isKey = name === 'key' || name === 'original'
  return isKey ? value.replace(new RegExp(`^(samples|uploads)/${before}/`), `$1/${userId}/`) : value
}

/** Puts what is not there yet; gives what it put. */
async function keep({ documents, toWarehouse, clock }: BringBackDeps, batch: readonly Brought[]): Promise<Brought[]> {
  const standing = await Promise.all(batch.map(({ path }) => documents.get(path)))
  const fresh = batch.filter((_, at) => standing[at] === undefined)
  const writes = fresh.flatMap(({ collection, path, body }): Write[] => {
    const rows = collection === 'days' ? (toWarehouse?.(Day.parse(body), clock.nowMs()) ?? []) : []
    return [{ op: 'put', path, body, ifAbsent: true }, ...rows.filter(({ op }) => op === 'put')]
  })
  if (writes.length > 0) await documents.batch(writes)
  return fresh
}

async function bringObjects({ blobs }: BringBackDeps, userId: string, from: ClarityExport): Promise<void> {
  const folders = { originals: `uploads/${userId}`, 'store/samples': `samples/${userId}` }
  for (const [folder, to] of Object.entries(folders))
    for (const { name, read } of from.objects(folder)) {
      const key = `${to}/${name}`
      // An object never changes under its key.
      if ((await blobs.head(key)) === undefined) await blobs.putStream(key, read())
    }
}

function newTally() {
  const counts = { received: 0, accepted: 0, duplicate: 0, quarantined: 0, rejected: 0 }
  const days: string[] = []
  let sessions = 0
  let insights = 0

  return {
    add(all: readonly Brought[], fresh: readonly Brought[]) {
      const isFresh = new Set(fresh.map(({ path }) => path))
      for (const { collection, path, body } of all) if (collection === 'healthSessions') addSession(body, isFresh.has(path))
      days.push(...fresh.filter(({ collection }) => collection === 'days').map(({ path }) => path.slice(path.lastIndexOf('/') + 1)))
      insights += fresh.filter(({ collection }) => collection === 'insights').length
    },
    report: () => ({
      ...counts,
      sessions,
      days: days.length,
      ...(days.length > 0 && { firstDate: days.toSorted()[0], lastDate: days.toSorted().at(-1) }),
      insights,
      metrics: {},
      problems: [],
    }),
  }

  function addSession(body: object, isFresh: boolean): void {
    const session = KeptSession.parse(body)
    if (isTombstone(session)) return
    const rows = session.samples?.rows ?? 0
    const quarantined = Object.values(session.quality.quarantined).reduce((sum, each) => sum + each, 0)
    counts.received += rows
    if (isFresh) {
      counts.quarantined += Math.min(quarantined, rows)
      counts.accepted += rows - Math.min(quarantined, rows)
      sessions += 1
    } else counts.duplicate += rows
  }
}
