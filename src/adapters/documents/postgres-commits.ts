import type { FailpointOptions } from '../failpoints.ts'
import type { Ask, Postgres, Reply } from '../postgres/pool.ts'
import { type Batch, type CommitGroup, commitAndTell, type Outcome, takeGroup } from './batches.ts'
import { type Run, runsOf } from './postgres-dialect.ts'
import { conflictAt, type WritePlan } from './writes.ts'

// So many transactions at once: what comes while all are under way goes together into the next.
const lanes = 3
const maxGroupWrites = 1000

/** Batches to be committed, each atomic by itself. Resolves when the writes are on the disk. */
export function laneCommits(commit: CommitGroup): (plans: readonly WritePlan[]) => Promise<void> {
  const waiting: Batch[] = []
  let free = lanes

  async function run(): Promise<void> {
    await new Promise(setImmediate)
    while (waiting.length > 0) await commitAndTell(commit, takeGroup(waiting, maxGroupWrites))
    free += 1
  }

  return (plans) =>
    new Promise((resolve, reject) => {
      waiting.push({ plans, resolve, reject })
      if (free === 0) return
      free -= 1
      void run()
    })
}

/** One transaction for all: where one of them fails in it they are tried one by one. */
export function commitsTo(postgres: Postgres, { failpoint }: FailpointOptions): CommitGroup {
  async function together(batches: readonly (readonly WritePlan[])[]): Promise<readonly Outcome[]> {
    let isWriting = false
    const outcome = await outcomeOf(async () => {
      await postgres.transaction(async (ask) => {
        isWriting = true
        failpoint?.('documents:begun')
        await write(ask, runsOf(batches.flat()))
        failpoint?.('documents:written-all')
        isWriting = false
      })
      failpoint?.('documents:committed')
    })
    // A commit that was under way is in doubt for all alike.
    if (outcome === undefined || !isWriting) return batches.map(() => outcome)
    return Promise.all(batches.map((plans) => outcomeOf(() => alone(plans))))
  }

  async function alone(plans: readonly WritePlan[]): Promise<void> {
    const runs = runsOf(plans)
    const [first] = runs
    if (first === undefined) return
    // One statement that a failed precondition leaves without effect needs no transaction around it.
    if (runs.length === 1 && (first.plans.length === 1 || first.least === 0)) check(first, await postgres.ask(first.statement))
    else
      await postgres.transaction(async (ask) => {
        failpoint?.('documents:begun')
        await write(ask, runs)
        failpoint?.('documents:written-all')
      })
    failpoint?.('documents:committed')
  }

  async function write(ask: Ask, runs: readonly Run[]): Promise<void> {
    await Promise.all(
      runs.map(async (run) => {
        check(run, await ask(run.statement))
        failpoint?.('documents:written-one')
      }),
    )
  }

  return async (batches) => {
    const [first] = batches
    return first !== undefined && batches.length === 1 ? [await outcomeOf(() => alone(first))] : together(batches)
  }
}

export function check({ plans, least }: Run, { count }: Reply): void {
  if (count >= least) return
  const [first] = plans
  throw plans.length === 1 ? conflictAt(first?.path ?? '') : conflictAt(`One of ${plans.length} documents from ${first?.path} on`)
}

async function outcomeOf(work: () => Promise<void>): Promise<Outcome> {
  try {
    await work()
    return undefined
  } catch (error) {
    return { error }
  }
}
