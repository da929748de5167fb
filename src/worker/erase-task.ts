import { type ErasePersonDeps, type EraseStage, erasePerson } from '../flows/erase-person.ts'
import { Problem } from '../model/problem.ts'
import type { Documents } from '../ports/documents.ts'
import type { Task } from './task.ts'

export interface EraseTaskDeps extends ErasePersonDeps {
  /** Without events, and open to what is written of the erased: their removal. */
  readonly untold: Documents
}

const stages: readonly EraseStage[] = ['credentials', 'keys', 'documents', 'objects', 'figures', 'looking again']

/** The erasure that a tombstone asks for. Its own book is its fence: of two that write it one is refused. */
export function erasing(deps: EraseTaskDeps): Task {
  return {
    async run({ job, report }) {
      const { erasureId } = job.input
      if (typeof erasureId !== 'string') throw new Problem('invalid', 'The job names no erasure.')
      const onStage = (stage: EraseStage) => report({ stage, done: 0, total: 1, step: stages.indexOf(stage), steps: stages.length })
      const writes = await erasePerson({ ...deps, documents: deps.untold }, erasureId, onStage)
      return { output: { erasureId }, writes }
    },
  }
}
