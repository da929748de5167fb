import { type DeviceEvaluationDeps, evaluateOnDevices } from '../flows/evaluate-on-devices.ts'
import { nightModel } from '../flows/model-versions.ts'
import { Problem } from '../model/problem.ts'
import type { Task } from './task.ts'

/** Measures the version that the job names on the nights that devices staged; its figures come to be with the job's completion. */
export function evaluating(deps: DeviceEvaluationDeps): Task {
  return {
    async run({ job, documents, report }) {
      const { modelVersion } = job.input
      if (typeof modelVersion !== 'string') throw new Problem('required', 'The job names no version.')
      const onProgress = (done: number, total: number) => report({ stage: 'staging', done, total, step: 0, steps: 1 })
      const evaluation = await evaluateOnDevices({ ...deps, documents }, { name: nightModel, version: modelVersion }, onProgress)
      const { people = 0, nights = 0 } = evaluation.figures ?? {}
      return {
        output: { evaluationId: job.jobId, people, nights },
        writes: [{ op: 'put', path: `models/${nightModel}/performance/${job.jobId}`, body: evaluation }],
      }
    },
  }
}
