import { type ResealDeps, rotateKeys } from '../flows/reseal.ts'
import type { Task } from './task.ts'

/** Newer data keys, of one person or of everybody, and all that lies sealed with older ones or not at all. */
export function resealing(deps: ResealDeps): Task {
  return {
    async run({ job, report }) {
      const onPerson = (done: number, total: number) => report({ stage: 'sealing', done, total, step: 0, steps: 1 })
      return { output: { ...(await rotateKeys(deps, job.userId, onPerson)) } }
    },
  }
}
