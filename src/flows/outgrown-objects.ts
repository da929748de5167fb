import { newPack } from '../columns/pack.ts'
import type { SamplesPointer, StoredSession } from '../model/session.ts'
import type { Stored, Write } from '../ports/documents.ts'
import { every } from './every.ts'
import type { FileDeps } from './session-files.ts'
import { movableFile } from './session-samples.ts'

/** What must happen beside the documents that stop naming an object. */
export interface Leaving {
  /** Of the sessions that share the object: they go into a new one, since what was deleted must not stay readable in the old. */
  readonly writes: readonly Write[]
  /** The new objects, to go where the documents are refused. */
  readonly keys: readonly string[]
  /** Once the documents are written. */
  finish(): Promise<void>
}

/** The objects of sessions that go or change; none where their samples stand in the documents. */
export async function leaveObjects(deps: FileDeps, userId: string, leaving: readonly Stored<StoredSession>[]): Promise<Leaving> {
  const paths = new Set(leaving.map(({ path }) => path))
  const left = new Set(leaving.flatMap(({ body }) => body.samples?.key ?? []))
  const months = new Set(leaving.flatMap(({ body }) => (body.samples?.offset === undefined ? [] : body.localDate.slice(0, 7))))
  const [keys, writes]: [string[], Write[]] = [[], []]
  for (const month of months) {
    const moved = await packed(deps, userId, month, await neighboursIn(deps, userId, month, left, paths))
    keys.push(...moved.keys)
    writes.push(...moved.writes)
  }
  return {
    keys,
    writes,
    async finish() {
      for (const key of left) await deps.blobs.delete(key)
    },
  }
}

export type WithSamples = Stored<StoredSession & { readonly samples: SamplesPointer }>

/** Sessions of the month whose samples lie in these objects, the ones at `leaving` aside. Of an object that is lost nothing can be moved. */
export async function neighboursIn(
  deps: FileDeps,
  userId: string,
  month: string,
  keys: ReadonlySet<string>,
  leaving: ReadonlySet<string>,
): Promise<WithSamples[]> {
  const there = new Set<string>()
  for (const key of keys) if (await deps.blobs.head(key)) there.add(key)
  const neighbours: WithSamples[] = []
  const isNeighbour = (session: Stored<StoredSession>): session is WithSamples =>
    !leaving.has(session.path) && session.body.samples?.key !== undefined && there.has(session.body.samples.key)
  for await (const session of everyOfMonth(deps, userId, month)) if (isNeighbour(session)) neighbours.push(session)
  return neighbours
}

export function everyOfMonth({ documents }: FileDeps, userId: string, month: string): AsyncGenerator<Stored<StoredSession>> {
  const range = { index: 'localDate', equals: [userId], from: `${month}-01`, to: `${month}-99` }
  return every<StoredSession>(documents, { collection: 'healthSessions', parent: `users/${userId}`, ...range })
}

/** The samples of sessions as one object that is kept at once; gives its key, if there is one, and the writes that name it. */
export async function packed(
  deps: FileDeps,
  userId: string,
  month: string,
  sessions: readonly Stored<StoredSession>[],
): Promise<{ readonly keys: readonly string[]; readonly writes: readonly Write[] }> {
  const pack = newPack()
  const parts = []
  for (const session of sessions)
    if (session.body.samples) parts.push({ session, part: await pack.move(await movableFile(deps.blobs, session.body.samples)) })
  if (parts.length === 0) return { keys: [], writes: [] }
  const key = `samples/${userId}/${month}/${deps.newId()}.parquet`
  const isShared = pack.size > 1
  await deps.blobs.putAll([{ key, bytes: pack.finish() }])
  const writes = parts.map(({ session: { path, body, version }, part: { offset, length, rows } }): Write => {
    const samples = { key, length, sha256: body.samples?.sha256, rows, ...(isShared && { offset }) }
    return { op: 'put', path, body: { ...body, samples }, ifVersion: version }
  })
  return { keys: [key], writes }
}
