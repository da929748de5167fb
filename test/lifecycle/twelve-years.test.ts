import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { all } from '../../src/flows/every.ts'
import { findStrays } from '../../src/flows/find-strays.ts'
import { runLifecycle } from '../../src/flows/run-lifecycle.ts'
import type { Archive } from '../../src/model/archive.ts'
import type { RetentionWish } from '../../src/model/retention.ts'
import { seeded } from '../faults/dice.ts'
import { type Fate, fateOf, type Rule } from './reference.ts'
import { addDays, addPerson, addSessions, hotSessions, openWorld, seenOf, type Wishes, type World } from './world.ts'

const DAY_MS = 86_400_000
const first = Date.parse('2020-01-01T00:00:00Z')
const isoDate = (ms: number) => new Date(ms).toISOString().slice(0, 10)
const raw = { hotYears: 2, totalYears: 5 }
const derived = { hotYears: 5, totalYears: 10 }

interface Person {
  readonly userId: string
  readonly wishes: Required<Wishes>
  readonly dates: readonly string[]
}

const LAST_DAY = 12 * 365 + 3
const alike = (wish: RetentionWish) => ({ rawData: wish, insights: wish, analytics: wish })

/** Each has something every so many days, over twelve years. */
const four = (['indefinite', '1_year', '900_days', '3_years'] as const).map((wish, at): Person => {
  const every = 37 + 14 * at
  return {
    userId: `person${at}`,
    wishes: alike(wish),
    dates: Array.from({ length: Math.floor((12 * 365) / every) }, (_, n) => isoDate(first + n * every * DAY_MS)),
  }
})

test('over twelve years, every day, everybody’s data are where a short reference model says', async () => {
  await twelveYears(four, () => 1)
}, 300_000)

/** Wishes on both sides of what the policies allow, each of its own for each kind of data. */
const said: readonly RetentionWish[] = [
  'indefinite',
  '1_day',
  '45_days',
  '7_months',
  '1_year',
  '25_months',
  '900_days',
  '6_years',
  '11_years',
]

/** Somebody who wishes what the dice say, and has something every one to four months. */
function invented(userId: string, dice: () => number): Person {
  const wish = () => said[Math.floor(dice() * said.length)] ?? 'indefinite'
  const dates: string[] = []
  for (let day = dice() * 900; day < LAST_DAY; day += 30 + dice() * 90) dates.push(isoDate(first + Math.floor(day) * DAY_MS))
  return { userId, wishes: { rawData: wish(), insights: wish(), analytics: wish() }, dates }
}

test('and so are those of thirty whom the dice invent, where it runs after pauses of up to a month', async () => {
  const lives = fc.asyncProperty(fc.integer(), async (seed) => {
    const dice = seeded(seed)
    const people = Array.from({ length: 30 }, (_, at) => invented(`person${at}`, dice))
    await twelveYears(people, () => 1 + Math.floor(dice() * 31))
  })
  // It says the seed of whoever is not where they should be.
  await fc.assert(lives, { numRuns: 1, endOnFailure: true })
}, 300_000)

/** `pause`: days until the next run. */
async function twelveYears(people: readonly Person[], pause: () => number): Promise<void> {
  // What survives a crash is shown elsewhere: here nothing waits for a disk.
  const blobs = mkdtempSync(join(folderInMemory(), 'clarity-twelve-'))
  onTestFinished(() => rmSync(blobs, { recursive: true }))
  await using world = await openWorld({ documents: 'sqlite::memory:', blobs })
  world.nowMs = first
  for (const { userId, wishes } of people) await addPerson(world, userId, wishes)
  for (let [day, run, runs] = [0, 0, 0]; day <= LAST_DAY; day++) {
    world.nowMs = first + day * DAY_MS
    const today = isoDate(world.nowMs)
    for (const person of people) await live(world, person, isoDate(world.nowMs - DAY_MS))
    if (day < run) continue
    world.nowMs += 2 * 3_600_000
    await runLifecycle(world, { atMs: world.nowMs })
    for (const person of people) await compare(world, person, today, runs % 200 === 0)
    run = day + pause()
    runs++
  }
  expect(await findStrays(world, false)).toMatchObject({ missing: [], damaged: [], strays: 0 })
}

function folderInMemory(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
}

async function live(world: World, { userId, dates }: Person, yesterday: string): Promise<void> {
  if (!dates.includes(yesterday)) return
  await addSessions(world, userId, [yesterday])
  await addDays(world, userId, [yesterday])
}

async function compare(world: World, { userId, wishes, dates }: Person, today: string, isThorough: boolean): Promise<void> {
  const lived = dates.filter((date) => date < today)
  const are = (fate: Fate, rule: Rule) => lived.filter((date) => fateOf(date, today, rule) === fate)
  const [sessions, insights, days] = [
    { ...raw, wish: wishes.rawData },
    { ...derived, wish: wishes.insights },
    { ...derived, wish: wishes.analytics },
  ]
  const hot = (await hotSessions(world, userId)).map(({ body }) => body.localDate).sort()
  expect(hot, `hot sessions of ${userId} on ${today}`).toEqual(are('hot', sessions))
  expect(await archivedCounts(world, userId), `archived of ${userId} on ${today}`).toEqual({
    healthSessions: are('archived', sessions).length,
    days: are('archived', days).length,
    dayRevisions: are('archived', days).length,
    insights: are('archived', insights).length,
  })
  if (!isThorough) return
  const seen = await seenOf(world, userId)
  expect(seen.archived.map((path) => path.split('_')[1])).toEqual(are('archived', sessions).map((date) => date.replaceAll('-', '')))
  const seenDays = await seenOf(world, userId, ['days'])
  expect(seenDays.hot).toEqual(are('hot', days).map((date) => `days/${date}`))
  expect(seenDays.archived).toEqual(are('archived', days).map((date) => `days/${date}`))
}

async function archivedCounts(world: World, userId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = { healthSessions: 0, days: 0, dayRevisions: 0, insights: 0 }
  for (const { body } of await all<Archive>(world.documents, { collection: 'archives', parent: `users/${userId}` }))
    for (const [collection, count] of Object.entries(body.counts)) counts[collection] = (counts[collection] ?? 0) + count
  return counts
}
