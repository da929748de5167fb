import { setImmediate } from 'node:timers/promises'
import { openMemoryCache } from '../../src/adapters/cache/memory.ts'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { cachedDocuments } from '../../src/flows/cached-documents.ts'
import { Problem } from '../../src/model/problem.ts'
import type { Cache, SetOptions } from '../../src/ports/cache.ts'
import type { Documents, Write } from '../../src/ports/documents.ts'

/** One process: its layer over the shared store, its connection to the shared cache, its clocks. */
export interface Process {
  readonly documents: Documents
  isLinked: boolean
  /** Its connection leads to another server than that of the rest: one that was replaced and lives on. */
  isAstray: boolean
  /** How much its steady clock has lost while the machine was paused. */
  lostMs: number
  /** How much its wall clock is ahead. */
  skewMs: number
}

export interface World {
  readonly store: Documents
  readonly processes: readonly Process[]
  /** A point where the schedule may stop whoever calls, for as long as it likes; gives a number to decide by. */
  step(): Promise<number>
  /** Lets one of those who stopped go on, but for the first `held`. False when there is none. */
  release(which: number, number: number, held?: number): Promise<boolean>
  pass(ms: number): Promise<void>
  /** What goes wrong when the schedule says so; until then nothing does. */
  isFaulty: boolean
  flush(): void
  evict(which: number): void
  /** The cache's server starts again, from what it had saved after one of the commands so far. */
  restart(which: number): void
  /** How many commands it ran. */
  commands(): number
  /** Reads of the store, but for the notice. */
  storeReads(): number
}

interface Command {
  readonly keys: readonly string[]
  run(cache: Cache): Promise<unknown>
}

const fates = ['answered', 'lost', 'late', 'unanswered']

/**
 * Two processes, one store, one cache, one thread: whoever waits for the store, the cache or the time is stopped, and the
 * schedule says who goes on, how long commands take, and what gets lost.
 */
export function openWorld(count: number, onCommit: (writes: readonly Write[]) => void = () => undefined): World {
  let nowMs = 1_700_000_000_000
  let ids = 0
  let servers = 0
  let reads = 0
  const clock = { nowMs: () => nowMs }
  const stopped: ((number: number) => void)[] = []
  const waiting = new Set<{ readonly isDue: () => boolean; readonly resolve: () => void }>()
  const store = openSqliteDocuments('sqlite::memory:')
  let server = newServer()
  const replaced = newServer()
  const serverOf = ({ isAstray }: Process) => (isAstray ? replaced : server)

  function newServer() {
    servers += 1
    return { name: `server ${servers}`, cache: openMemoryCache({ clock }), journal: [] as Command[] }
  }

  function step(): Promise<number> {
    return new Promise((resolve) => void stopped.push(resolve))
  }

  async function release(which: number, number: number, held = 0): Promise<boolean> {
    // Who was called just now is still on the way to its first stop.
    if (stopped.length <= held) await setImmediate()
    if (stopped.length <= held) return false
    const [resolve] = stopped.splice(held + (which % (stopped.length - held)), 1)
    resolve?.(number)
    await setImmediate()
    return true
  }

  /** Sends a command: it may run and be answered, or get lost, or run unanswered, at once or late, on whichever server is there then. */
  async function send<T>(process: Process, command: Command, absent: T): Promise<T> {
    const run = async () => {
      serverOf(process).journal.push(command)
      return (await command.run(serverOf(process).cache)) as T
    }
    const fate = fates[(await step()) % (world.isFaulty ? 40 : 1)] ?? 'answered'
    if (!process.isLinked || fate === 'lost') return absent
    if (fate === 'late') {
      void step().then(run)
      return absent
    }
    const reply = await run()
    if (fate === 'unanswered') return absent
    await step()
    return process.isLinked ? reply : absent
  }

  function linkOf(process: Process): Cache {
    return {
      memory: () => (process.isLinked ? serverOf(process).name : undefined),
      get: (keys) =>
        send(
          process,
          { keys, run: (cache) => cache.get(keys) },
          keys.map(() => undefined),
        ),
      set: (key: string, value: string, options: SetOptions) =>
        send(process, { keys: [key], run: (cache) => cache.set(key, value, options) }, false),
      delete: (keys) => send(process, { keys, run: (cache) => cache.delete(keys) }, false),
      deleteMatching: (part) => server.cache.deleteMatching(part),
      increment: (key, windowMs) => server.cache.increment(key, windowMs),
      publish: (channel, message) => server.cache.publish(channel, message),
      subscribe: (channel, listener) => server.cache.subscribe(channel, listener),
    }
  }

  async function visit<T>(work: () => Promise<T>): Promise<T> {
    const before = await step()
    if (world.isFaulty && before % 100 === 1) throw new Problem('unavailable', 'The store did not answer')
    const answer = await work()
    const after = await step()
    if (world.isFaulty && after % 100 === 1) throw new Problem('unavailable', 'The store did not answer in time')
    return answer
  }

  function layerOf(process: Process): Documents {
    const steps: Documents = {
      get: (path) => {
        if (path !== 'system/cache') reads += 1
        return visit(() => store.get(path))
      },
      list: (query) => {
        reads += 1
        return visit(() => store.list(query))
      },
      batch: (writes) => visit(() => store.batch(writes).then(() => onCommit(writes))),
      claim: (query, change) => visit(() => store.claim(query, change)),
      actingFor() {
        return this
      },
      close: () => store.close(),
    }
    const elapsedMs = () => nowMs - process.lostMs
    const wait = (ms: number) => {
      const endMs = elapsedMs() + ms
      return new Promise<void>((resolve) => void waiting.add({ isDue: () => elapsedMs() >= endMs, resolve }))
    }
    const newId = () => {
      ids += 1
      return `id${ids}`
    }
    const clockOfProcess = { nowMs: () => nowMs + process.skewMs }
    return cachedDocuments({ documents: steps, cache: linkOf(process), clock: clockOfProcess, timer: { elapsedMs, wait }, newId })
  }

  const world: World = {
    store,
    processes: Array.from({ length: count }, () => {
      const process = { isLinked: true, isAstray: false, lostMs: 0, skewMs: 0 }
      return Object.assign(process, { documents: layerOf(process as Process) })
    }),
    step,
    release,
    async pass(ms) {
      nowMs += ms
      for (const each of waiting) if (each.isDue() && waiting.delete(each)) each.resolve()
      await setImmediate()
    },
    isFaulty: false,
    flush() {
      server.cache = openMemoryCache({ clock })
    },
    evict(which) {
      const keys = server.journal.flatMap((command) => command.keys)
      const key = keys[which % Math.max(keys.length, 1)]
      if (key !== undefined) void server.cache.delete([key])
    },
    restart(which) {
      const saved = server.journal.slice(0, which % (server.journal.length + 1))
      server = newServer()
      for (const command of saved) void command.run(server.cache)
      server.journal.push(...saved)
    },
    commands: () => server.journal.length,
    storeReads: () => reads,
  }
  return world
}

/** Lets everything go on in the order in which it stopped, and time pass where nobody can; the first `held` stay stopped. */
export async function settle<T>(world: World, work: Promise<T>, held = 0): Promise<T> {
  let isDone = false
  const done = () => {
    isDone = true
  }
  work.then(done, done)
  while (!isDone) if (!(await world.release(0, 0, held))) await world.pass(50)
  return work
}

/** Looks until the cache is on for every process. */
export async function warmUp(world: World): Promise<void> {
  const isOn = async () => (await world.store.get<{ state: string }>('system/cache'))?.body.state === 'on'
  for (let looks = 0; !(await isOn()); looks += 1) {
    if (looks > 200) throw new Error('The cache is never turned on')
    await lookAll(world)
  }
  await lookAll(world)
}

async function lookAll(world: World): Promise<void> {
  await world.pass(1300)
  for (const { documents } of world.processes) await settle(world, documents.get('users/nobody'))
}
