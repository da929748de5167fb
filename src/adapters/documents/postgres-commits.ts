import type { FailpointOptions } from '../failpoints.ts'
import type { Ask, Asking, Postgres, Reply } from '../postgres/pool.ts'
import { type Batch, type CommitGroup, commitAndTell, type Outcome, takeGroup } from './batches.ts'
import { type Run, runsOf } from './postgres-dialect.ts'
import { conflictAt, type WritePlan } from './writes.ts'

/** A batch for one person. */
interface PersonsBatch extends Batch {
  readonly userId: string
}

type Persons = Pick<PersonsBatch, 'plans' | 'userId'>

/** How a call for one person asks: in transactions of its own, and in one that others share. */
export interface PersonsWay {
  alone(userId: string): Asking
  within(ask: Ask, userId: string): Ask
}

// So many transactions at once: what comes while all are under way goes together into the next.
const lanes = 3
const maxGroupWrites = 1000

/** Batches for one person each, that share transactions with those for others. Resolves when the writes are on the disk. */
export function laneCommits(
  postgres: Postgres,
  way: PersonsWay,
  options: FailpointOptions,
): (plans: readonly WritePlan[], userId: string) => Promise<void> {
  const commit = commitsOf(postgres, way, options)
  const waiting: PersonsBatch[] = []
  let free = lanes

  async function run(): Promise<void> {
    await new Promise(setImmediate)
    while (waiting.length > 0) await commitAndTell(commit, takeGroup(waiting, maxGroupWrites))
    free += 1
  }

  return (plans, userId) =>
    new Promise((resolve, reject) => {
      waiting.push({ plans, userId, resolve, reject })
      if (free === 0) return
      free -= 1
      void run()
    })
}

/** One transaction for all: where one of them fails in it they are tried one by one. */
function commitsOf(postgres: Postgres, way: PersonsWay, options: FailpointOptions): CommitGroup<Persons> {
  const { failpoint } = options

  async function together(batches: readonly Persons[]): Promise<readonly Outcome[]> {
    // Each person's rows come in one order, so that two transactions never wait for each other in a circle.
    const people = [...Map.groupBy(batches, ({ userId }) => userId)].sort(([one], [other]) => (one < other ? -1 : 1))
    let isWriting = false
    const outcome = await outcomeOf(async () => {
      await postgres.transaction(async (ask) => {
        isWriting = true
        failpoint?.('documents:begun')
        await Promise.all(
          people.map(([userId, owned]) => writeRuns(way.within(ask, userId), runsOf(owned.flatMap(({ plans }) => plans)), options)),
        )
        failpoint?.('documents:written-all')
        isWriting = false
      })
      failpoint?.('documents:committed')
    })
    // A commit that was under way is in doubt for all alike.
    if (outcome === undefined || !isWriting) return batches.map(() => outcome)
    return Promise.all(batches.map(alone))
  }

  function alone({ plans, userId }: Persons): Promise<Outcome> {
    return outcomeOf(() => commitAlone(way.alone(userId), plans, options))
  }

  return async (batches) => {
    const [first] = batches
    return first !== undefined && batches.length === 1 ? [await alone(first)] : together(batches)
  }
}

/** A batch in a transaction of its own. */
export async function commitAlone(asking: Asking, plans: readonly WritePlan[], options: FailpointOptions): Promise<void> {
  const { failpoint } = options
  const runs = runsOf(plans)
  const [first] = runs
  if (first === undefined) return
  // One statement that a failed precondition leaves without effect needs no transaction around it.
  if (runs.length === 1 && first.lock === undefined && (first.least === 0 || (first.plans.length === 1 && first.least === 1)))
    check(first, await asking.ask(first.statement))
  else
    await asking.transaction(async (ask) => {
      failpoint?.('documents:begun')
      await writeRuns(ask, runs, options)
      failpoint?.('documents:written-all')
    })
  failpoint?.('documents:committed')
}

export async function writeRuns(ask: Ask, runs: readonly Run[], { failpoint }: FailpointOptions): Promise<void> {
  await Promise.all(
    runs.map(async (run) => {
      const locked = run.lock === undefined ? undefined : ask(run.lock)
      const [reply] = await Promise.all([ask(run.statement), locked])
      check(run, reply)
      failpoint?.('documents:written-one')
    }),
  )
}

function check({ plans, least, most }: Run, { count }: Reply): void {
  if (count >= least && (most === undefined || count <= most)) return
  const [first] = plans
  throw plans.length === 1 && least === 1 ? conflictAt(first?.path ?? '') : conflictAt(`One of the documents from ${first?.path} on`)
}

async function outcomeOf(work: () => Promise<void>): Promise<Outcome> {
  try {
    await work()
    return undefined
  } catch (error) {
    return { error }
  }
}
