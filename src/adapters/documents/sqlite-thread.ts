import { Worker } from 'node:worker_threads'
import { Problem } from '../../model/problem.ts'
import type { CommitGroup, Outcome } from './batches.ts'
import type { Order, SentOutcome, SentPlan, Told } from './sqlite-writer.ts'
import type { WritePlan } from './writes.ts'

export interface WriterThread {
  readonly commit: CommitGroup
  /** Moves what the log holds by now into the main file while others go on, unless it is little. */
  moveMost(): Promise<void>
  /** False while another process is in the way. */
  emptyLog(): Promise<boolean>
  end(): Promise<void>
}

/** After so many writes it is worth the two syncs to move what the log holds: a page that was written again and again meanwhile is moved once. */
const MOVED = 6000
const LEAST_MOVED = 100

/**
 * A thread with a connection of its own that commits, and one that moves what was committed from the log into the main file: while the disk
 * syncs for one, the others go on. Each does one order at a time, and is started with the first, since who only reads needs none.
 */
export function startWriterThread(path: string): WriterThread {
  const [writer, mover] = [thread(path), thread(path)]
  let unmoved = 0
  let moving: Promise<void> | undefined
  let isMoved = false

  /** A disk that failed here fails the next write, which says so; what was not moved stays in the log. */
  async function moveBy(who: typeof mover): Promise<void> {
    await who.ask('move log').catch(() => undefined)
  }

  /** The second time it is what came during the first, and little is left for who writes. */
  async function moveTwice(): Promise<void> {
    await moveBy(mover)
    await moveBy(mover)
  }

  async function moveLog(leastWrites: number): Promise<void> {
    if (moving === undefined && unmoved >= leastWrites) {
      unmoved = 0
      moving = moveTwice().then(() => {
        moving = undefined
        isMoved = true
        void moveLog(MOVED)
      })
    }
    await moving
  }

  /** What came while the log was moved is little: with that moved too it begins anew, over blocks and pages that it has, instead of growing. */
  async function beginLogAnew(): Promise<void> {
    isMoved = false
    await moveBy(writer)
  }

  return {
    async commit(batches) {
      if (isMoved) await beginLogAnew()
      const told = await writer.ask({ batches: batches.map(({ plans }) => plans.map(sentPlan)) })
      if (typeof told !== 'object' || !('outcomes' in told)) throw new Error('The writing thread answered something else')
      unmoved += batches.reduce((sum, { plans }) => sum + countOf(plans), 0)
      void moveLog(MOVED)
      return told.outcomes.map(outcomeOf)
    },
    moveMost: () => moveLog(LEAST_MOVED),
    async emptyLog() {
      await moving
      const told = await writer.ask('empty log')
      unmoved = 0
      return typeof told === 'object' && 'isEmpty' in told && told.isEmpty
    },
    async end() {
      await moving
      await Promise.all([mover.end(), writer.end()])
    },
  }
}

const PAGE_BYTES = 4096

/** A long body counts by its pages. */
function countOf(plans: readonly WritePlan[]): number {
  return plans.reduce((sum, { siblings = [], body = '' }) => sum + 1 + siblings.length + Math.floor(body.length / PAGE_BYTES), 0)
}

function thread(path: string) {
  let worker: Worker | undefined

  function begin(): Worker {
    const file = import.meta.url.endsWith('.ts') ? './sqlite-writer.ts' : './sqlite-writer.js'
    const begun = new Worker(new URL(file, import.meta.url), { workerData: path })
    begun.once('exit', () => {
      if (worker === begun) worker = undefined
    })
    return begun
  }

  async function ask(order: Order): Promise<Told> {
    worker ??= begin()
    const asked = worker
    // A thread that waits for orders keeps no process from ending.
    asked.ref()
    try {
      return await answerOf(asked, order)
    } finally {
      asked.unref()
    }
  }

  async function end(): Promise<void> {
    if (worker !== undefined) await ask('end')
  }

  return { ask, end }
}

/** Throws `Problem('unavailable')` where the thread ended instead: what it was asked may have happened. */
async function answerOf(thread: Worker, order: Order): Promise<Told> {
  const answered = Promise.withResolvers<Told>()
  const fail = (cause: unknown) => answered.reject(new Problem('unavailable', 'The thread that writes the store ended', { cause }))
  thread.once('message', answered.resolve)
  thread.once('error', fail)
  thread.once('exit', fail)
  thread.postMessage(order)
  try {
    return await answered.promise
  } finally {
    thread.off('message', answered.resolve)
    thread.off('error', fail)
    thread.off('exit', fail)
  }
}

function sentPlan({ table, siblings, ...plan }: WritePlan): SentPlan {
  if (siblings === undefined || siblings.length === 0) return { ...plan, table: table.name }
  const sent = { ids: siblings.map(({ id }) => id).join('/'), versions: Float64Array.from(siblings, ({ version }) => version) }
  return { ...plan, table: table.name, siblings: sent }
}

function outcomeOf(sent: SentOutcome): Outcome {
  if (sent === undefined) return undefined
  return 'code' in sent ? { error: new Problem(sent.code, sent.message) } : sent
}
