import { type ErasePersonDeps, type EraseStage, erasePerson } from '../flows/erase-person.ts'
import { Problem } from '../model/problem.ts'
import type { Task } from './task.ts'

export interface EraseTaskDeps extends Omit<ErasePersonDeps, 'documents' | 'blobs'> {
  /** As they lie: without events, and to be removed though nobody can read them any more. */
  readonly lying: Pick<ErasePersonDeps, 'documents' | 'blobs'>
}

const stages: readonly EraseStage[] = ['credentials', 'keys', 'documents', 'objects', 'figures', 'looking again']

/** The erasure that a tombstone asks for. Its own book is its fence: of two that write it one is refused. */
export function erasing(deps: EraseTaskDeps): Task {
  return {
    async run({ job, report }) {
      const { erasureId } = job.input
      if (typeof erasureId !== 'string') throw new Problem('invalid', 'The job names no erasure.')
      const onStage = (stage: EraseStage) => report({ stage, done: 0, total: 1, step: stages.indexOf(stage), steps: stages.length })
      const writes = await erasePerson({ ...deps, ...deps.lying }, erasureId, onStage)
      return { output: { erasureId }, writes }
    },
  }
}
