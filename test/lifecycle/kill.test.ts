import { spawnSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findStrays } from '../../src/flows/find-strays.ts'
import { runLifecycle } from '../../src/flows/run-lifecycle.ts'
import { verifyObjects } from '../../src/flows/verify-store.ts'
import { newFolder } from '../faults/child.ts'
import { addDays, addPerson, addSessions, keysIn, openWorld, type Seen, seenOf, type World } from './world.ts'

const folder = newFolder()
const collections = ['healthSessions', 'days', 'insights', 'dayRevisions']
const places = (name: string) => ({ documents: `sqlite:${join(folder, name, 'clarity.db')}`, blobs: join(folder, name, 'blobs') })
const [archiveAt, destroyAt] = ['2026-03-05T12:00:00Z', '2034-02-15T12:00:00Z']

beforeAll(async () => {
  await using world = await openWorld(places('hot'))
  world.nowMs = Date.parse('2024-06-01T00:00:00Z')
  await addPerson(world, 'ada')
  await addPerson(world, 'bob', { rawData: '1_year' })
  const dates = ['2024-01-30', '2024-01-31', '2024-02-10', '2024-03-04', '2024-03-06', '2024-03-07']
  for (const userId of ['ada', 'bob']) {
    await addSessions(world, userId, dates, 2)
    await addDays(world, userId, dates)
  }
  cpSync(join(folder, 'hot'), join(folder, 'archived'), { recursive: true })
}, 60_000)
beforeAll(() => {
  expect(runAt('archived', archiveAt, 'none', 1)).toMatchObject({ status: 0, stderr: '' })
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true }))

function runAt(name: string, at: string, place: string, nth: number) {
  return spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'run-process.ts'), places(name).documents, places(name).blobs, at, place, String(nth)],
    {
      encoding: 'utf8',
    },
  )
}

/** All that there is of somebody, wherever it is. */
async function everythingOf(world: World, userId: string): Promise<Seen> {
  return seenOf(world, userId, collections)
}

const names = [
  'blobs:written',
  'blobs:synced',
  'blobs:renamed-one',
  'blobs:folders-synced',
  'blobs:unlinked',
  'documents:written-one',
  'documents:written-all',
  'documents:committed',
]
const cases = [
  { from: 'hot', at: archiveAt },
  { from: 'archived', at: destroyAt },
].flatMap((each) => [
  ...names.map((name) => ({ ...each, name, nth: 2 })),
  ...['blobs:unlinked', 'documents:committed'].map((name) => ({ ...each, name, nth: 1 })),
])

test.each(cases)(
  'from $from a run that is killed at $name, time $nth, loses nothing that is to stay, and the next ends as if it had not been',
  async ({ from, at, name, nth }) => {
    const killed = `${from}-${name.replace(':', '-')}-${nth}`
    cpSync(join(folder, from), join(folder, killed), { recursive: true })
    const child = runAt(killed, at, name, nth)
    expect(child.stderr).toBe('')
    if (child.signal !== 'SIGKILL') expect(Number(child.stdout), `${name} is reached fewer times`).toBeLessThan(nth)
    {
      await using world = await openWorld(places(killed))
      const { hot, archived } = await everythingOf(world, 'ada')
      if (from === 'hot') expect(new Set([...hot, ...archived]).size).toBe(6 * 2 + 6 * 3)
      expect(await verifyObjects(world)).toMatchObject({ missing: [], damaged: [] })
    }
    await using world = await openWorld(places(killed))
    await runLifecycle(world, { atMs: Date.parse(at), isSure: true })
    await using whole = await openWorld(places(await unkilled(from, at)))
    for (const userId of ['ada', 'bob']) expect(await everythingOf(world, userId), userId).toEqual(await everythingOf(whole, userId))
    // In the place of the archive nothing is left over, so that what was destroyed is; a hot object may be, until doctor clears up.
    expect((await keysIn(world, 'archive/')).length).toBe((await keysIn(whole, 'archive/')).length)
    expect(await findStrays(world, true)).toMatchObject({ missing: [], damaged: [] })
    expect((await keysIn(world)).length).toBe((await keysIn(whole)).length)
  },
)

const ended = new Map<string, string>()

/** The same without being killed. */
async function unkilled(from: string, at: string): Promise<string> {
  const known = ended.get(from)
  if (known !== undefined) return known
  const name = `${from}-unkilled`
  cpSync(join(folder, from), join(folder, name), { recursive: true })
  expect(runAt(name, at, 'none', 1)).toMatchObject({ status: 0 })
  ended.set(from, name)
  return name
}
