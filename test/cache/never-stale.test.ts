import fc from 'fast-check'
import { test } from 'vitest'
import type { Documents, Write } from '../../src/ports/documents.ts'
import { type History, openHistory } from './history.ts'
import { openWorld, type Process, settle, type World, warmUp } from './world.ts'

const profile = 'users/u1'
const day = 'users/u1/days/2024-01-20'
const otherDay = 'users/u1/days/2024-01-21'
const otherPerson = 'users/u2/days/2024-01-20'
const paths = [profile, day, otherDay, otherPerson]
const days = { collection: 'days', parent: profile, limit: 10 }

interface Body {
  readonly n: number
}

test('a read that begins after a write was acknowledged sees it, whatever happens to the cache in between', async () => {
  const choice = fc.subarray([...Object.keys(troubles), losses])
  const choices = fc.array(fc.nat(0xffffff), { minLength: 400, maxLength: 900 })
  await fc.assert(
    fc.asyncProperty(choice, choices, async (chosen, numbers) => {
      const history = openHistory()
      const world = openWorld(2, (writes) => history.commit(writes.filter(({ path }) => path !== 'system/cache')))
      await warmUp(world)
      world.isFaulty = chosen.includes(losses)
      const table = tableOf(chosen)
      const clients = [0, 1, 2].flatMap(() => world.processes.map((process) => startClient(world, process, history)))
      for (const number of numbers) {
        const rest = Math.floor(number / table.length)
        await table[number % table.length]?.(world, processOf(world, rest), rest)
      }
      world.isFaulty = false
      for (const process of world.processes) process.isLinked = true
      await settle(world, Promise.all(clients.map((client) => client.stop())))
      await world.store.close()
    }),
    { numRuns: 250 },
  )
})

let values = 0

type Happening = (world: World, process: Process, rest: number) => unknown

/** What may go wrong in one run; few at a time go further than all at once, which only keep the cache turned off. */
const troubles: Readonly<Record<string, Happening>> = {
  flushes: (world) => world.flush(),
  evictions: (world, _, rest) => world.evict(rest),
  restarts: (world, _, rest) => rest % 4 === 0 && world.restart(Math.floor(rest / 4)),
  cuts: (_, process) => Object.assign(process, { isLinked: false }),
  pauses: pause,
}
const losses = 'losses'

/** The machine of one process stands still, and with it its steady clock; the others go on. */
async function pause(world: World, process: { lostMs: number }): Promise<void> {
  process.lostMs += 1300
  await world.pass(1300)
}

const mend: Happening = (_, process) => Object.assign(process, { isLinked: true })
const moments = [1, 40, 200, 400]
const longWhiles = [600, 1300, 1300, 3000, 70_000]

/** What the numbers 0 to 63 mean: nearly all of them that somebody goes on. */
function tableOf(chosen: readonly string[]): Happening[] {
  const goOn: Happening = (world, _, rest) => world.release(rest, Math.floor(rest / 7))
  const table = Object.entries(troubles).map(([name, happening]) => (chosen.includes(name) ? happening : goOn))
  table.push(mend, mend)
  for (let n = 0; n < 3; n += 1) table.push((world, _, rest) => world.pass(moments[rest % moments.length] ?? 0))
  table.push((world, _, rest) => world.pass(longWhiles[rest % longWhiles.length] ?? 0))
  return [...table, ...Array.from({ length: 64 - table.length }, () => goOn)]
}

function processOf({ processes }: World, number: number): Process {
  const process = processes[number % processes.length]
  if (process === undefined) throw new Error('A world without processes')
  return process
}

interface Client {
  /** When what it is at is done. */
  stop(): Promise<void>
}

/** Reads and writes one after another, as the schedule says, and looks at what it gets. */
function startClient(world: World, { documents }: Process, past: History): Client {
  let isStopping = false

  async function run(): Promise<void> {
    while (!isStopping) {
      const number = await world.step()
      const path = paths[number % paths.length] ?? profile
      if (number % 7 === 0) await tolerated(writeSome(documents, past, number))
      else if (number % 7 === 1) await tolerated(listAll(documents, past))
      else await tolerated(readOne(documents, past, path))
    }
  }

  const running = run()
  // Whoever waits for `stop` hears of a failure; until then it is not unhandled.
  running.catch(() => undefined)
  return {
    stop() {
      isStopping = true
      return running
    },
  }
}

async function writeSome(documents: Documents, past: History, number: number): Promise<void> {
  const count = 1 + (Math.floor(number / 8) % 2)
  const writes = Array.from({ length: count }, (_, n): Write => {
    const path = paths[(number + n) % paths.length] ?? profile
    values += 1
    return number % 3 === 0 ? { op: 'delete', path } : { op: 'put', path, body: { n: values } }
  })
  await documents.batch(writes)
  past.acknowledge(writes)
}

async function readOne(documents: Documents, past: History, path: string): Promise<void> {
  const floor = past.floor(path)
  const found = await documents.get<Body>(path)
  past.expectNotStale(path, floor, found?.body.n)
}

async function listAll(documents: Documents, past: History): Promise<void> {
  const floors = [day, otherDay].map((path) => ({ path, floor: past.floor(path) }))
  const { data } = await documents.list<Body>(days)
  for (const { path, floor } of floors) past.expectNotStale(path, floor, data.find((each) => each.path === path)?.body.n)
}

/** A store that did not answer is no answer. */
async function tolerated(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof Error && error.name === 'Problem')) throw error
  })
}
