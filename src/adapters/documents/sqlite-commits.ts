import type { Outcome } from './sqlite-group.ts'
import type { WritePlan } from './writes.ts'

/** Commits batches in one transaction; says of each what became of it. */
export type CommitGroup = (batches: readonly (readonly WritePlan[])[]) => Outcome[] | Promise<readonly Outcome[]>

export interface Commits {
  /** Resolves when the writes are on the disk. */
  add(plans: readonly WritePlan[]): Promise<void>
  /** Between two commits: what came before is committed first, what comes after waits. */
  between<T>(work: () => T | Promise<T>): Promise<T>
}

interface Batch {
  readonly plans: readonly WritePlan[]
  resolve(): void
  reject(error: unknown): void
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
      if ('run' in next) {
        waiting.shift()
        await next.run()
      } else {
        const group = takeGroup()
        settle(group, await outcomesOf(group))
      }
    }
    isRunning = false
  }

  /** Up to the next work, and no more writes than go together. */
  function takeGroup(): Batch[] {
    const group: Batch[] = []
    let room = maxGroupWrites
    for (let next = waiting[0]; next !== undefined && 'plans' in next; next = waiting[0]) {
      room -= next.plans.length
      if (room < 0 && group.length > 0) break
      group.push(next)
      waiting.shift()
    }
    return group
  }

  async function outcomesOf(group: readonly Batch[]): Promise<readonly Outcome[]> {
    try {
      return await commit(group.map(({ plans }) => plans))
    } catch (error) {
      return group.map(() => ({ error }))
    }
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

function settle(group: readonly Batch[], outcomes: readonly Outcome[]): void {
  group.forEach(({ resolve, reject }, at) => {
    const outcome = outcomes[at]
    if (outcome === undefined) resolve()
    else reject(outcome.error)
  })
}
