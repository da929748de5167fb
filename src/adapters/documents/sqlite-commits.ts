import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { Problem } from '../../model/problem.ts'
import type { FailpointOptions } from '../failpoints.ts'
import { writeSql, writeValues } from './sqlite-dialect.ts'
import { conflictAt, mustChange, type WritePlan } from './writes.ts'

type Prepare = (sql: string) => StatementSync

interface Batch {
  readonly plans: readonly WritePlan[]
  resolve(): void
  reject(error: unknown): void
}

export interface Commits {
  /** Resolves when the writes are on the disk. */
  add(plans: readonly WritePlan[]): Promise<void>
  /** Runs what waits, now. */
  flush(): void
}

// Bounds how long the process stands still for one commit.
const maxGroupWrites = 2000

/**
 * Batches that come in one turn of the event loop share a transaction, and so one sync of the disk. Each stays atomic by
 * itself: a conflict undoes its own writes, and after any other failure each is tried alone.
 */
export function groupCommits(db: DatabaseSync, prepare: Prepare, options: FailpointOptions): Commits {
  let waiting: Batch[] = []
  let scheduled: NodeJS.Immediate | undefined

  function write(plans: readonly WritePlan[]): void {
    for (const plan of plans) {
      const { changes } = prepare(writeSql(plan)).run(...writeValues(plan))
      if (changes === 0 && mustChange(plan)) throw conflictAt(plan.path)
      options.failpoint?.('documents:written-one')
    }
  }

  /** The batch's own failure, or undefined. Throws what leaves the whole transaction in doubt. */
  function writeWithin({ plans }: Batch): Problem | undefined {
    prepare('SAVEPOINT batch').run()
    try {
      write(plans)
      return undefined
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      prepare('ROLLBACK TO batch').run()
      return error
    } finally {
      if (db.isTransaction) prepare('RELEASE batch').run()
    }
  }

  function commitAlone({ plans, resolve, reject }: Batch): void {
    try {
      transact(db, options, () => write(plans))
      resolve()
    } catch (error) {
      reject(error)
    }
  }

  function commitTogether(batches: readonly Batch[]): void {
    let failures: (Problem | undefined)[] = []
    let isWriting = false
    try {
      transact(db, options, () => {
        isWriting = true
        failures = batches.map(writeWithin)
        isWriting = false
      })
    } catch (error) {
      for (const batch of batches) {
        if (isWriting) commitAlone(batch)
        // The store is locked for all alike, or a commit was under way, whose outcome is in doubt.
        else batch.reject(error)
      }
      return
    }
    batches.forEach(({ resolve, reject }, at) => {
      if (failures[at] === undefined) resolve()
      else reject(failures[at])
    })
  }

  function flush(): void {
    clearImmediate(scheduled)
    scheduled = undefined
    const batches = waiting
    waiting = []
    for (const group of groupsOf(batches)) {
      if (group.length === 1) group.forEach(commitAlone)
      else commitTogether(group)
    }
  }

  return {
    add: (plans) =>
      new Promise((resolve, reject) => {
        waiting.push({ plans, resolve, reject })
        scheduled ??= setImmediate(flush)
      }),
    flush,
  }
}

/** `BEGIN IMMEDIATE`, `work`, and a commit that is on the disk when this returns; all is undone when either throws. */
export function transact<T>(db: DatabaseSync, { failpoint }: FailpointOptions, work: () => T): T {
  let result: T
  db.exec('BEGIN IMMEDIATE')
  try {
    failpoint?.('documents:begun')
    result = work()
    failpoint?.('documents:written-all')
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
  failpoint?.('documents:committed')
  return result
}

function groupsOf(batches: readonly Batch[]): Batch[][] {
  const groups: Batch[][] = []
  let room = 0
  for (const batch of batches) {
    const group = groups.at(-1)
    if (group === undefined || batch.plans.length > room) {
      groups.push([batch])
      room = maxGroupWrites
    } else group.push(batch)
    room -= batch.plans.length
  }
  return groups
}
