import type { AskedJob } from '../model/asked-job.ts'
import { AskedBackup } from '../model/backup.ts'
import type { StoredJob } from '../model/job.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { refusal, refuseFields } from './ask-job.ts'
import type { OpenBackupPlace } from './make-backup.ts'
import { requireJob } from './manage-jobs.ts'
import { queueOnce } from './queue-once.ts'

export interface AskBackupDeps {
  readonly documents: Documents
  readonly clock: Clock
  /** Absent where the operator named no place for backups. */
  readonly openBackup: OpenBackupPlace | undefined
}

/** Queues a backup; asked again with the same id it is the same job. Throws `Problem('required' | 'invalid_enum')`. */
export async function askBackup(deps: AskBackupDeps, jobId: string, { input, priority }: AskedJob): Promise<Stored<StoredJob>> {
  if (deps.openBackup === undefined)
    throw refusal('/type', 'invalid_enum', 'This server has no place for backups: its operator names one in CLARITY_BACKUPS.')
  refuseFields(input, (name) => !Object.hasOwn(AskedBackup.shape, name))
  const { destination } = input
  if (destination === undefined) throw refusal('/input/destination', 'required', 'Name the destination.')
  await queueOnce(deps.documents, {
    jobId,
    type: 'backup',
    input: { ...input, destination },
    ...(priority && { priority }),
    nowMs: deps.clock.nowMs(),
  })
  return requireJob(deps, jobId)
}
