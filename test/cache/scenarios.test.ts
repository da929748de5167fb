import { afterEach, expect, test, vi } from 'vitest'
import { put } from '../contracts/expectations.ts'
import { openWorld, type Process, settle, type World, warmUp } from './world.ts'

const day = 'users/u1/days/2024-01-20'
let world: World
afterEach(() => world.store.close())

/** Three processes, the cache on for all of them, and documents with `n: 1` in the store. */
async function start(): Promise<[Process, Process, Process]> {
  world = openWorld(3)
  await world.store.batch([day, 'users/u1', 'users/u2'].map((path) => put(path, { n: 1 })))
  await warmUp(world)
  const [one, two, three] = world.processes
  if (!(one && two && three)) throw new Error('Three were asked for')
  return [one, two, three]
}

async function valueFor({ documents }: Process, path = day): Promise<number | undefined> {
  return (await settle(world, documents.get<{ n: number }>(path)))?.body.n
}

/** How often the store was asked for it. */
async function readsOf(work: () => Promise<unknown>): Promise<number> {
  const before = world.storeReads()
  await settle(world, work())
  return world.storeReads() - before
}

const write = ({ documents }: Process, path = day) => documents.batch([put(path, { n: 2 })])

/** Announced and about to commit: the first of those who stopped. */
async function startWriting(process: Process): Promise<[Promise<void>]> {
  const before = world.commands()
  const writing = write(process)
  while (world.commands() === before) await world.release(0, 0)
  await world.release(0, 0)
  return [writing]
}

async function stepsUntil(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) if (!(await world.release(0, 0))) await world.pass(50)
}

const stored = async () => (await world.store.get<{ n: number }>(day))?.body.n
const notice = async () => (await world.store.get<{ state: string }>('system/cache'))?.body.state

test('the second read of a document or a list, by whatever process, does not ask the store', async () => {
  const [one, two] = await start()
  const days = { collection: 'days', parent: 'users/u1', limit: 10 }
  for (const ask of [({ documents }: Process) => documents.get(day), ({ documents }: Process) => documents.list(days)]) {
    expect(await readsOf(() => ask(one))).toBe(1)
    expect(await readsOf(() => ask(two))).toBe(0)
    expect(await settle<unknown>(world, ask(two))).toEqual(await settle<unknown>(world, ask(one)))
  }
  expect(await settle(world, one.documents.list(days))).toEqual(await world.store.list(days))
})

test('a write by one process is seen by the other at once, and costs other persons nothing', async () => {
  const [one, two] = await start()
  expect(await valueFor(two)).toBe(1)
  await valueFor(two, 'users/u2')
  await settle(world, write(one))
  expect(await valueFor(two)).toBe(2)
  expect(await readsOf(() => two.documents.get('users/u2'))).toBe(0)
})

test('what is in no cached collection neither asks the cache nor tells it', async () => {
  const [one] = await start()
  const before = world.commands()
  await settle(world, one.documents.batch([put('users/u1/imports/i1', { n: 1 })]))
  await settle(world, one.documents.get('users/u1/imports/i1'))
  await settle(world, one.documents.list({ collection: 'users', limit: 10 }))
  expect(world.commands()).toBe(before)
})

test('a claim of cached documents is a write', async () => {
  const [one, two] = await start()
  await world.store.batch([put(day, { n: 1, userId: 'u1', date: '2024-01-20' })])
  expect(await valueFor(two)).toBe(1)
  const query = { collection: 'days', index: 'userDate', equals: ['u1'], limit: 1 }
  await settle(
    world,
    one.documents.claim<{ n: number }>(query, ({ body }) => ({ ...body, n: 2 })),
  )
  expect(await valueFor(two)).toBe(2)
})

test('after a refused write the cache goes on', async () => {
  const [one] = await start()
  await expect(settle(world, one.documents.batch([{ ...put(day, { n: 2 }), ifAbsent: true }]))).rejects.toMatchObject({ code: 'conflict' })
  expect(await readsOf(() => one.documents.get(day))).toBe(1)
  expect(await readsOf(() => one.documents.get(day))).toBe(0)
})

test('what a writer who died had committed is seen at once', async () => {
  const [one, two] = await start()
  expect(await valueFor(two)).toBe(1)
  await startWriting(one)
  expect(await settle(world, two.documents.get(day), 1)).toMatchObject({ body: { n: 1 } })
  await stepsUntil(async () => (await stored()) === 2)
  // What the dead one still waits for is never given.
  expect(await settle(world, two.documents.get(day), 1)).toMatchObject({ body: { n: 2 } })
})

test('what a writer who died had committed without the cache is seen when the leases have run out', async () => {
  const [one, two] = await start()
  expect(await valueFor(two)).toBe(1)
  one.isLinked = false
  void write(one)
  await stepsUntil(async () => (await stored()) === 2)
  await world.pass(1300)
  expect(await settle(world, two.documents.get(day), 1)).toMatchObject({ body: { n: 2 } })
})

test('a write whose announcement was flushed, and which then cannot reach the cache, waits like any other', async () => {
  const [one, two] = await start()
  const [writing] = await startWriting(one)
  world.flush()
  expect(await settle(world, two.documents.get(day), 1)).toMatchObject({ body: { n: 1 } })
  one.isLinked = false
  await settle(world, Promise.all([writing]))
  expect(await valueFor(two)).toBe(2)
})

test('a server that starts again from an older state brings nothing back', async () => {
  const [one, two] = await start()
  expect(await valueFor(two)).toBe(1)
  const saved = world.commands()
  await settle(world, write(one))
  world.restart(saved)
  expect(await valueFor(two)).toBe(2)
  await warmUp(world)
  expect(await valueFor(two)).toBe(2)
})

test('a write that cannot reach the cache is acknowledged when nobody reads it any more', async () => {
  const [one, two] = await start()
  await world.pass(1100)
  expect(await valueFor(two)).toBe(1)
  expect(await readsOf(() => two.documents.get(day))).toBe(0)
  one.isLinked = false
  await settle(world, write(one))
  expect(await valueFor(two)).toBe(2)
})

test('a write whose connection leads to a replaced server is not taken for an invalidation', async () => {
  const [one, two] = await start()
  expect(await valueFor(two)).toBe(1)
  one.isAstray = true
  await settle(world, write(one))
  expect(await valueFor(two)).toBe(2)
})

test('it was turned off for as long as somebody is cut off, and is on again soon after', async () => {
  const [one, two] = await start()
  expect(await valueFor(two)).toBe(1)
  one.isLinked = false
  await settle(world, write(one))
  expect(await notice()).toBe('off')
  expect(await readsOf(() => two.documents.get(day))).toBe(1)
  one.isLinked = true
  await warmUp(world)
  expect(await valueFor(two)).toBe(2)
  expect(await readsOf(() => two.documents.get(day))).toBe(0)
})

test('a paused machine whose steady clock stood still does not go by what it read before', async () => {
  const [one, two] = await start()
  expect(await valueFor(two)).toBe(1)
  one.isLinked = false
  const writing = write(one)
  await stepsUntil(async () => (await notice()) === 'off')
  two.lostMs += 3000
  await settle(world, writing)
  expect(await valueFor(two)).toBe(2)
})

test('a wall clock that was set back does not lengthen a lease', async () => {
  const [one, two] = await start()
  expect(await valueFor(two)).toBe(1)
  one.isLinked = false
  const writing = write(one)
  await stepsUntil(async () => (await notice()) === 'off')
  two.skewMs -= 1000
  await settle(world, writing)
  expect(await valueFor(two)).toBe(2)
})

test('a writer who still believes the cache to be off is heard by those who turned it on', async () => {
  const [one, two, three] = await start()
  three.isLinked = false
  await settle(world, write(three, 'users/u2'))
  one.isLinked = false
  for (const ms of [1100, 5000]) {
    await world.pass(ms)
    await settle(world, one.documents.get('users/nobody'))
    await settle(world, two.documents.get('users/nobody'))
  }
  expect(await notice()).toBe('warming')
  for (const _ of [1, 2, 3]) expect(await valueFor(two)).toBe(1)
  await settle(world, write(one))
  expect(await valueFor(two)).toBe(2)
})

test('nobody opens the cache while somebody may still read from the opening before', async () => {
  const [one, two, three] = await start()
  await world.pass(1100)
  three.isLinked = false
  const closing = write(three, 'users/u2')
  closing.catch(() => undefined)
  expect(await valueFor(two)).toBe(1)
  await stepsUntil(async () => (await notice()) === 'off')
  await settle(world, one.documents.get('users/nobody'))
  await settle(world, write(one))
  expect(await valueFor(two)).toBe(2)
  await settle(world, closing)
})

test('a reader who hears late what the notice said does not go by it', async () => {
  const [, two, three] = await start()
  expect(await valueFor(two)).toBe(1)
  await world.pass(1100)
  // It has read the notice, and hears of it when it goes on, as the first of those who stopped.
  const late = two.documents.get(day)
  await world.release(0, 0)
  three.isLinked = false
  await settle(world, write(three), 1)
  expect(await valueFor(two)).toBe(2)
  await settle(world, late)
})

test('a writer who hears late what the notice said does not go by it', async () => {
  const [one, two, three] = await start()
  const [writing] = await startWriting(one)
  await world.pass(1100)
  const late = one.documents.get('users/u2')
  await world.release(0, 0, 1)
  three.isLinked = false
  await settle(world, write(three, 'users/u2'), 2)
  three.isLinked = true
  for (const ms of [1300, 10_000, 1300, 1300]) {
    await world.pass(ms)
    await settle(world, two.documents.get('users/nobody'), 2)
  }
  expect(await notice()).toBe('on')
  expect(await settle(world, two.documents.get(day), 2)).toMatchObject({ body: { n: 1 } })
  // It commits, and wants to know what the notice says, before it is told of the old one.
  await world.release(0, 0)
  await vi.waitFor(async () => expect(await stored()).toBe(2))
  await world.release(1, 0)
  await settle(world, Promise.all([writing, late]))
  expect(await valueFor(two)).toBe(2)
})

test('a generation that was stored only later gives nothing back', async () => {
  const [one, two] = await start()
  world.isFaulty = true
  const days = { collection: 'days', parent: 'users/u1', limit: 10 }
  const reading = two.documents.list(days)
  // The two keys, and their answer. Then the generation, late, and the rest as it comes.
  await world.release(0, 0)
  await world.release(0, 0)
  await world.release(0, 2)
  expect(await settle(world, reading, 1)).toMatchObject({ data: [{ body: { n: 1 } }] })
  await settle(world, write(one), 1)
  await world.release(0, 0)
  expect(await settle(world, two.documents.list(days))).toMatchObject({ data: [{ body: { n: 2 } }] })
})

test('what is too large is not kept', async () => {
  const [one, two] = await start()
  await settle(world, one.documents.batch([put('users/u1', { text: 'x'.repeat(300_000) })]))
  for (const _ of [1, 2]) expect(await readsOf(() => two.documents.get('users/u1'))).toBe(1)
})
