import type { WritePlan } from './writes.ts'

/** What became of a batch: nothing where it is on the disk, else why it is not. */
export type Outcome = { readonly error: unknown } | undefined

/** Commits batches in one transaction; says of each what became of it. */
export type CommitGroup = (batches: readonly (readonly WritePlan[])[]) => Outcome[] | Promise<readonly Outcome[]>

/** A batch whose caller waits. */
export interface Batch {
  readonly plans: readonly WritePlan[]
  resolve(): void
  reject(error: unknown): void
}

/** Takes from the front of a line what goes together: at most so many writes, or one batch. */
export function takeGroup<T>(waiting: (Batch | T)[], mostWrites: number): Batch[] {
  const group: Batch[] = []
  let room = mostWrites
  for (let next = waiting[0]; isBatch(next); next = waiting[0]) {
    room -= next.plans.length
    if (room < 0 && group.length > 0) break
    group.push(next)
    waiting.shift()
  }
  return group
}

export function isBatch<T>(item: Batch | T | undefined): item is Batch {
  return typeof item === 'object' && item !== null && 'plans' in item
}

/** Commits a group and tells each of its callers. Never throws. */
export async function commitAndTell(commit: CommitGroup, group: readonly Batch[]): Promise<void> {
  const outcomes = await outcomesOf(commit, group)
  group.forEach(({ resolve, reject }, at) => {
    const outcome = outcomes[at]
    if (outcome === undefined) resolve()
    else reject(outcome.error)
  })
}

async function outcomesOf(commit: CommitGroup, group: readonly Batch[]): Promise<readonly Outcome[]> {
  try {
    return await commit(group.map(({ plans }) => plans))
  } catch (error) {
    return group.map(() => ({ error }))
  }
}
