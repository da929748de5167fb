import type { WritePlan } from './writes.ts'

/** What became of a batch: nothing where it is on the disk, else why it is not. */
export type Outcome = { readonly error: unknown } | undefined

/** A batch whose caller waits. */
export interface Batch {
  readonly plans: readonly WritePlan[]
  resolve(): void
  reject(error: unknown): void
}

/** Commits batches in one transaction; says of each what became of it. */
export type CommitGroup<B = Pick<Batch, 'plans'>> = (batches: readonly B[]) => Outcome[] | Promise<readonly Outcome[]>

/** Takes from the front of a line what goes together: at most so many writes, or one batch. */
export function takeGroup<B extends Batch, T>(waiting: (B | T)[], mostWrites: number): B[] {
  const group: B[] = []
  let room = mostWrites
  for (let next = waiting[0]; isBatch<B, T>(next); next = waiting[0]) {
    room -= next.plans.length
    if (room < 0 && group.length > 0) break
    group.push(next)
    waiting.shift()
  }
  return group
}

export function isBatch<B extends Batch, T>(item: B | T | undefined): item is B {
  return typeof item === 'object' && item !== null && 'plans' in item
}

/** Commits a group and tells each of its callers. Never throws. */
export async function commitAndTell<B extends Batch>(commit: CommitGroup<B>, group: readonly B[]): Promise<void> {
  const outcomes = await outcomesOf(commit, group)
  group.forEach(({ resolve, reject }, at) => {
    const outcome = outcomes[at]
    if (outcome === undefined) resolve()
    else reject(outcome.error)
  })
}

async function outcomesOf<B extends Batch>(commit: CommitGroup<B>, group: readonly B[]): Promise<readonly Outcome[]> {
  try {
    return await commit(group)
  } catch (error) {
    return group.map(() => ({ error }))
  }
}
