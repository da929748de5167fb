import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { all } from '../../src/flows/every.ts'
import { findStrays } from '../../src/flows/find-strays.ts'
import { runLifecycle } from '../../src/flows/run-lifecycle.ts'
import type { Archive } from '../../src/model/archive.ts'
import type { RetentionWish } from '../../src/model/retention.ts'
import { type Fate, fateOf, type Rule } from './reference.ts'
import { addDays, addPerson, addSessions, hotSessions, openWorld, seenOf, type World } from './world.ts'

const DAY_MS = 86_400_000
const first = Date.parse('2020-01-01T00:00:00Z')
const isoDate = (ms: number) => new Date(ms).toISOString().slice(0, 10)
const raw = { hotYears: 2, totalYears: 5 }
const derived = { hotYears: 5, totalYears: 10 }

interface Person {
  readonly userId: string
  readonly wish: RetentionWish
  readonly dates: readonly string[]
}

const wishes: readonly RetentionWish[] = ['indefinite', '1_year', '900_days', '3_years']
/** Each has something every so many days, over twelve years. */
const people = wishes.map((wish, at): Person => {
  const every = 37 + 14 * at
  return {
    userId: `person${at}`,
    wish,
    dates: Array.from({ length: Math.floor((12 * 365) / every) }, (_, n) => isoDate(first + n * every * DAY_MS)),
  }
})

test('over twelve years, every day, everybody’s data are where a short reference model says', async () => {
  // What survives a crash is shown elsewhere: here nothing waits for a disk.
  const blobs = mkdtempSync(join(folderInMemory(), 'clarity-twelve-'))
  onTestFinished(() => rmSync(blobs, { recursive: true }))
  await using world = await openWorld({ documents: 'sqlite::memory:', blobs })
  world.nowMs = first
  for (const { userId, wish } of people) await addPerson(world, userId, { rawData: wish, insights: wish, analytics: wish })
  for (let day = 0; day <= 12 * 365 + 3; day++) {
    world.nowMs = first + day * DAY_MS
    const today = isoDate(world.nowMs)
    for (const person of people) await live(world, person, isoDate(world.nowMs - DAY_MS))
    world.nowMs += 2 * 3_600_000
    await runLifecycle(world, { atMs: world.nowMs })
    for (const person of people) await compare(world, person, today, day % 200 === 0)
  }
  expect(await findStrays(world, false)).toMatchObject({ missing: [], damaged: [], strays: 0 })
}, 300_000)

function folderInMemory(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
}

async function live(world: World, { userId, dates }: Person, yesterday: string): Promise<void> {
  if (!dates.includes(yesterday)) return
  await addSessions(world, userId, [yesterday])
  await addDays(world, userId, [yesterday])
}

async function compare(world: World, { userId, wish, dates }: Person, today: string, isThorough: boolean): Promise<void> {
  const lived = dates.filter((date) => date < today)
  const are = (fate: Fate, rule: Omit<Rule, 'wish'>) => lived.filter((date) => fateOf(date, today, { ...rule, wish }) === fate)
  const hot = (await hotSessions(world, userId)).map(({ body }) => body.localDate).sort()
  expect(hot, `hot sessions of ${userId} on ${today}`).toEqual(are('hot', raw))
  expect(await archivedCounts(world, userId), `archived of ${userId} on ${today}`).toEqual({
    healthSessions: are('archived', raw).length,
    days: are('archived', derived).length,
    dayRevisions: are('archived', derived).length,
    insights: are('archived', derived).length,
  })
  if (!isThorough) return
  const sessions = await seenOf(world, userId)
  expect(sessions.archived.map((path) => path.split('_')[1])).toEqual(are('archived', raw).map((date) => date.replaceAll('-', '')))
  const days = await seenOf(world, userId, ['days'])
  expect(days.hot).toEqual(are('hot', derived).map((date) => `days/${date}`))
  expect(days.archived).toEqual(are('archived', derived).map((date) => `days/${date}`))
}

async function archivedCounts(world: World, userId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = { healthSessions: 0, days: 0, dayRevisions: 0, insights: 0 }
  for (const { body } of await all<Archive>(world.documents, { collection: 'archives', parent: `users/${userId}` }))
    for (const [collection, count] of Object.entries(body.counts)) counts[collection] = (counts[collection] ?? 0) + count
  return counts
}
