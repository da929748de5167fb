import type { Archive, LifecycleState } from '../model/archive.ts'
import { Problem } from '../model/problem.ts'
import type { Stored, Write } from '../ports/documents.ts'
import { archiveFolder, keysOf } from './archive-month.ts'
import { every } from './every.ts'
import { holdPath, statePath } from './lifecycle-paths.ts'
import type { FileDeps } from './session-files.ts'

export interface Committed {
  /** Objects that nobody names from then on. */
  readonly doomed: readonly string[]
  readonly archivedBefore?: LifecycleState['archivedBefore']
  readonly destroyedBefore?: LifecycleState['destroyedBefore']
}

/** What is done with a person's old data, step by step; of two at once the one that was overtaken gets `conflict`. */
export interface PersonRun {
  readonly userId: string
  /** The run before did not come to its end. */
  readonly isResumed: boolean
  /** Before the first object is written. */
  begin(): Promise<void>
  /** One batch, then the objects that it dooms go. Who is killed in between leaves them to the next run. */
  commit(writes: readonly Write[], committed: Committed): Promise<void>
  /** Where something was done. */
  finish(): Promise<void>
}

type Deps = Pick<FileDeps, 'documents' | 'blobs'>

export async function findState({ documents }: Pick<Deps, 'documents'>, userId: string): Promise<Stored<LifecycleState> | undefined> {
  return documents.get<LifecycleState>(statePath(userId))
}

/** First clears up after a run that did not come to its end. */
export async function openRun(deps: Deps, userId: string): Promise<PersonRun> {
  const stored = await findState(deps, userId)
  let version = stored?.version ?? 0
  let state: LifecycleState = stored?.body ?? { userId, isBusy: false, doomed: [], archivedBefore: {}, destroyedBefore: {} }

  async function write(writes: readonly Write[], next: LifecycleState): Promise<void> {
    const condition = version === 0 ? { ifAbsent: true as const } : { ifVersion: version }
    await deps.documents.batch([...writes, { op: 'put', path: statePath(userId), body: next, ...condition }])
    state = next
    version += 1
  }

  async function deleteDoomed(): Promise<void> {
    await deps.blobs.deleteAll(state.doomed)
  }

  const isResumed = state.isBusy || state.doomed.length > 0
  if (isResumed) {
    // Whoever is still at it is refused from here on, so that nothing of theirs is taken for a leftover.
    await write([], state)
    await deleteDoomed()
    await deleteUnnamed(deps, userId)
    await write([], { ...state, isBusy: false, doomed: [] })
  }

  return {
    userId,
    isResumed,
    async begin() {
      if (state.isBusy) return
      await write([], { ...state, isBusy: true })
      // One that is placed from now on changes the state's version.
      if (await deps.documents.get(holdPath(userId))) throw new Problem('conflict', 'A legal hold was placed meanwhile.')
    },
    async commit(writes, { doomed, archivedBefore, destroyedBefore }) {
      await write(writes, {
        ...state,
        doomed: [...doomed],
        archivedBefore: { ...state.archivedBefore, ...archivedBefore },
        destroyedBefore: { ...state.destroyedBefore, ...destroyedBefore },
      })
      await deleteDoomed()
    },
    async finish() {
      if (state.isBusy || state.doomed.length > 0) await write([], { ...state, isBusy: false, doomed: [] })
    },
  }
}

async function deleteUnnamed({ documents, blobs }: Deps, userId: string): Promise<void> {
  const named = new Set<string>()
  for await (const { body } of every<Archive>(documents, { collection: 'archives', parent: `users/${userId}` }))
    for (const key of keysOf(body)) named.add(key)
  for await (const { key } of blobs.list(archiveFolder(userId))) if (!named.has(key)) await blobs.delete(key)
}
