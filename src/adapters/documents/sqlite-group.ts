import type { DatabaseSync } from 'node:sqlite'
import { Problem } from '../../model/problem.ts'
import type { FailpointOptions } from '../failpoints.ts'
import type { Outcome } from './batches.ts'
import { rangeSql, writeSql, writeValues } from './sqlite-dialect.ts'
import type { Prepare } from './sqlite-file.ts'
import { conflictAt, mustBeAbsent, mustChange, type Sibling, type WritePlan } from './writes.ts'

/**
 * Batches in one transaction, and so with one sync of the disk. Each stays atomic by itself: where one has a conflict all are written anew, each
 * so that it can be undone, and after any other failure each is tried alone.
 */
export function commitGroup(
  db: DatabaseSync,
  prepare: Prepare,
  options: FailpointOptions,
  batches: readonly (readonly WritePlan[])[],
): Outcome[] {
  function removeSiblings(plan: WritePlan): void {
    const { path, parent, siblings = [] } = plan
    if (siblings.length >= LEAST_IN_RANGE && removeRange(prepare, plan, siblings)) return
    const statement = prepare(writeSql(plan))
    for (const { id, version } of siblings) if (statement.run(parent, id, version).changes === 0) throw conflictAt(`A sibling of ${path}`)
  }

  function write(plans: readonly WritePlan[]): void {
    for (const plan of plans) {
      const { changes } = prepare(writeSql(plan)).run(...writeValues(plan))
      if (changes === 0 ? mustChange(plan) : mustBeAbsent(plan)) throw conflictAt(plan.path)
      removeSiblings(plan)
      options.failpoint?.('documents:written-one')
    }
  }

  /** The batch's own failure, or undefined. Throws what leaves the whole transaction in doubt. */
  function writeWithin(plans: readonly WritePlan[]): Outcome {
    prepare('SAVEPOINT batch').run()
    try {
      write(plans)
      return undefined
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      prepare('ROLLBACK TO batch').run()
      return { error }
    } finally {
      if (db.isTransaction) prepare('RELEASE batch').run()
    }
  }

  function commitAlone(plans: readonly WritePlan[]): Outcome {
    try {
      transact(db, options, () => write(plans))
      return undefined
    } catch (error) {
      return { error }
    }
  }

  function commitTogether(how: (plans: readonly WritePlan[]) => Outcome): Outcome[] {
    let isWriting = false
    try {
      return transact(db, options, () => {
        isWriting = true
        const outcomes = batches.map(how)
        isWriting = false
        return outcomes
      })
    } catch (error) {
      // Where it failed before or after the writes the store is locked for all alike, or a commit was under way, whose outcome is in doubt.
      if (!isWriting) return batches.map(() => ({ error }))
      return how === plainly && error instanceof Problem ? commitTogether(writeWithin) : batches.map(commitAlone)
    }
  }

  // Few have a conflict: a savepoint for each would copy every page that it touches.
  const plainly = (plans: readonly WritePlan[]): Outcome => void write(plans)

  const [first] = batches
  return first !== undefined && batches.length === 1 ? [commitAlone(first)] : commitTogether(plainly)
}

/** For fewer it is not worth a look. */
const LEAST_IN_RANGE = 16

/**
 * Siblings that are all that there is between the first and the last of their ids go by one statement, which takes half as long. False, and
 * nothing happened, where something else lies between them or one is not as it should be.
 */
function removeRange(prepare: Prepare, plan: WritePlan, siblings: readonly Sibling[]): boolean {
  const { look, remove } = rangeSql(plan)
  const versions = new Map(siblings.map(({ id, version }) => [id, version]))
  const ids = [...versions.keys()].sort()
  const range = [plan.parent, ids[0] ?? '', ids.at(-1) ?? ''] as const
  const statement = prepare(look)
  statement.setReturnArrays(true)
  const found = statement.all(...range) as unknown as [id: string, version: number][]
  const isExact = versions.size === siblings.length && found.length === versions.size
  if (!isExact || found.some(([id, version]) => versions.get(id) !== version)) return false
  return prepare(remove).run(...range).changes === found.length
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
