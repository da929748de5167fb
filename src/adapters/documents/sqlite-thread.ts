import { Worker } from 'node:worker_threads'
import { Problem } from '../../model/problem.ts'
import type { CommitGroup, Outcome } from './batches.ts'
import type { Order, SentOutcome, SentPlan, Told } from './sqlite-writer.ts'
import type { WritePlan } from './writes.ts'

export interface WriterThread {
  readonly commit: CommitGroup
  /** False while another process is in the way. */
  emptyLog(): Promise<boolean>
  end(): Promise<void>
}

/**
 * A thread with a connection of its own that commits: while the disk syncs, this one goes on. One order at a time. It is started with the
 * first, since who only reads needs none.
 */
export function startWriterThread(path: string): WriterThread {
  let worker: Worker | undefined

  async function ask(order: Order): Promise<Told> {
    worker ??= begin()
    const thread = worker
    // A thread that waits for orders keeps no process from ending.
    thread.ref()
    try {
      return await answerOf(thread, order)
    } finally {
      thread.unref()
    }
  }

  function begin(): Worker {
    const file = import.meta.url.endsWith('.ts') ? './sqlite-writer.ts' : './sqlite-writer.js'
    const thread = new Worker(new URL(file, import.meta.url), { workerData: path })
    thread.once('exit', () => {
      if (worker === thread) worker = undefined
    })
    return thread
  }

  return {
    async commit(batches) {
      const told = await ask({ batches: batches.map(({ plans }) => plans.map(sentPlan)) })
      if (typeof told !== 'object' || !('outcomes' in told)) throw new Error('The writing thread answered something else')
      return told.outcomes.map(outcomeOf)
    },
    async emptyLog() {
      const told = await ask('empty log')
      return typeof told === 'object' && 'isEmpty' in told && told.isEmpty
    },
    async end() {
      if (worker !== undefined) await ask('end')
    },
  }
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
