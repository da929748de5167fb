import type { AskedJob } from '../model/asked-job.ts'
import type { StoredJob } from '../model/job.ts'
import type { Stored } from '../ports/documents.ts'
import { refusal, refuseFields, requireModel } from './ask-job.ts'
import { type JobDeps, requireJob } from './manage-jobs.ts'
import { queueOnce } from './queue-once.ts'

/** Queues an evaluation of a version on the nights that devices staged; asked again with the same id it is the same job. Throws `Problem`: `required`, `unknown_field`, `model_unavailable`. */
export async function askEvaluation(deps: JobDeps, jobId: string, { input, priority }: AskedJob): Promise<Stored<StoredJob>> {
  refuseFields(input, (name) => name !== 'modelVersion')
  const { modelVersion } = input
  if (modelVersion === undefined) throw refusal('/input/modelVersion', 'required', 'Name the version.')
  await requireModel(deps, modelVersion)
  await queueOnce(deps.documents, {
    jobId,
    type: 'model_evaluation',
    input: { modelVersion },
    ...(priority && { priority }),
    nowMs: deps.clock.nowMs(),
  })
  return requireJob(deps, jobId)
}
