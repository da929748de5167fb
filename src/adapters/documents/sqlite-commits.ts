import { type Batch, type CommitGroup, commitAndTell, isBatch, takeGroup } from './batches.ts'
import type { WritePlan } from './writes.ts'

export interface Commits {
  /** Resolves when the writes are on the disk. */
  add(plans: readonly WritePlan[]): Promise<void>
  /** Between two commits: what came before is committed first, what comes after waits. */
  between<T>(work: () => T | Promise<T>): Promise<T>
}

interface Work {
  readonly run: () => Promise<void>
}

// Bounds how long others wait for one commit.
const maxGroupWrites = 2000

/** One commit at a time: batches that come in one turn of the event loop, or while another is under way, go together. */
export function groupCommits(commit: CommitGroup): Commits {
  const waiting: (Batch | Work)[] = []
  let isRunning = false

  async function run(): Promise<void> {
    isRunning = true
    await new Promise(setImmediate)
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (isBatch(next)) await commitAndTell(commit, takeGroup(waiting, maxGroupWrites))
      else {
        waiting.shift()
        await next.run()
      }
    }
    isRunning = false
  }

  function queue(item: Batch | Work): void {
    waiting.push(item)
    if (!isRunning) void run()
  }

  return {
    add: (plans) => new Promise((resolve, reject) => queue({ plans, resolve, reject })),
    between: (work) =>
      new Promise((resolve, reject) => {
        queue({ run: () => Promise.resolve().then(work).then(resolve, reject) })
      }),
  }
}
