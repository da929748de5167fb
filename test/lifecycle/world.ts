import { hash, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { archivedRows, openedRow } from '../../src/flows/archived-row.ts'
import { all } from '../../src/flows/every.ts'
import { keepSessions } from '../../src/flows/keep-sessions.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import type { LifecycleDeps } from '../../src/flows/run-lifecycle.ts'
import { sessionId } from '../../src/flows/session-document.ts'
import type { Archive } from '../../src/model/archive.ts'
import type { RetentionWish } from '../../src/model/retention.ts'
import type { StoredSession } from '../../src/model/session.ts'
import type { Source } from '../../src/model/source.ts'
import type { Stored } from '../../src/ports/documents.ts'
import type { Stores } from '../faults/steps.ts'
import { openStores, type Places } from '../faults/stores.ts'
import { accountParts } from '../fixtures/account.ts'
import { tableOf } from '../fixtures/sample-tables.ts'

export interface World extends LifecycleDeps, AsyncDisposable {
  /** What the clock shows is what a test says. */
  nowMs: number
  readonly clock: { nowMs(): number }
  readonly places: Places
}

/** SQLite and a folder, or the places that are named, under a clock of one's own; what waits does not wait. */
export async function openWorld(places?: Places, stores?: Stores): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-lifecycle-'))
  const at = places ?? { documents: `sqlite:${join(folder, 'clarity.db')}`, blobs: join(folder, 'blobs') }
  const opened = stores === undefined ? await openStores(at) : undefined
  const clock = { nowMs: () => world.nowMs }
  const newId = () => randomUUID().replaceAll('-', '')
  const world: World = {
    ...((stores ?? opened) as Stores),
    ...accountParts({ clock, newId }),
    places: at,
    nowMs: 0,
    clock,
    timer: { elapsedMs: () => world.nowMs, wait: async () => undefined },
    newId,
    sha256: (bytes) => hash('sha256', bytes, 'hex'),
    async [Symbol.asyncDispose]() {
      await opened?.[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return world
}

export interface Wishes {
  readonly rawData?: RetentionWish
  readonly insights?: RetentionWish
  readonly analytics?: RetentionWish
}

export async function addPerson(world: World, userId: string, wishes: Wishes = {}): Promise<void> {
  const user = newUser(world, 'UTC')
  const dataRetention = { ...user.preferences.dataRetention, ...wishes }
  const body = { ...user, preferences: { ...user.preferences, dataRetention } }
  await world.documents.batch([{ op: 'put', path: `users/${userId}`, body }])
}

const sources: readonly Source[] = [
  { id: 'watch', name: 'Watch', kind: 'watch' },
  { id: 'phone', name: 'Phone', kind: 'phone' },
]

/** What a watch, or a watch and a phone, measured on dates at noon, as an import keeps it: a month in one object. Gives the sessions' ids. */
export async function addSessions(
  world: Parameters<typeof keepSessions>[0],
  userId: string,
  dates: readonly string[],
  devices = 1,
): Promise<string[]> {
  const drafts = dates.flatMap((localDate) =>
    sources.slice(0, devices).map((source) => {
      const start = Date.parse(`${localDate}T12:00:00Z`)
      const values = [60 + (start % 13), 61, 62 + devices]
      const table = tableOf(
        values.map((value, at) => ({
          metric: 'heart_rate',
          type: 'x',
          unit: '/min',
          start: start + at * 60_000,
          end: start + at * 60_000,
          value,
        })),
      )
      return { source, localDate, zone: 'UTC', table }
    }),
  )
  for await (const _ of keepSessions(world, { userId }, drafts, () => []));
  return drafts.map(({ localDate, source }) => sessionId(localDate, source.id))
}

/** A day and an insight of each date, and an earlier revision of the day. */
export async function addDays(world: World, userId: string, dates: readonly string[]): Promise<void> {
  for (const date of dates) {
    const insightId = `insight_${date.replaceAll('-', '')}_daily`
    await world.documents.batch([
      { op: 'put', path: `users/${userId}/days/${date}`, body: { userId, date, revision: 2 } },
      { op: 'put', path: `users/${userId}/insights/${insightId}`, body: { userId, date, type: 'daily_summary', insightId } },
      {
        op: 'put',
        path: `users/${userId}/dayRevisions/${date}_1`,
        body: { userId, date, replacedAt: `${date}T13:00:00.000000Z`, day: { userId, date, revision: 1 } },
      },
    ])
  }
}

export interface Seen {
  readonly hot: readonly string[]
  readonly archived: readonly string[]
}

/** The paths of what a person has of these collections, from outside: in the store, and in the files of the archive. */
export async function seenOf(world: World, userId: string, collections: readonly string[] = ['healthSessions']): Promise<Seen> {
  const parent = `users/${userId}`
  const hot = (await Promise.all(collections.map((collection) => all(world.documents, { collection, parent })))).flat()
  const archived = (await rowsOf(world, userId)).filter(({ path }) => collections.includes(path.split('/')[2] ?? ''))
  const named = (found: readonly { path: string }[]) => found.map(({ path }) => path.slice(parent.length + 1)).sort()
  return { hot: named(hot), archived: named(archived) }
}

export async function rowsOf(world: World, userId: string) {
  const archives = await all<Archive>(world.documents, { collection: 'archives', parent: `users/${userId}` })
  return (await Promise.all(archives.map(({ body }) => archivedRows(world, body)))).flat().map((row) => openedRow<object>(row))
}

export async function hotSessions(world: World, userId: string): Promise<Stored<StoredSession>[]> {
  return all<StoredSession>(world.documents, { collection: 'healthSessions', parent: `users/${userId}` })
}

export async function keysIn(world: World, prefix = ''): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of world.blobs.list(prefix)) keys.push(key)
  return keys
}
