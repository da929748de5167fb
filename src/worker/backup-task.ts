import { type BackupReport, makeBackup, type OpenBackupPlace } from '../flows/make-backup.ts'
import { AskedBackup } from '../model/backup.ts'
import type { JobOutput } from '../model/job.ts'
import { parseAs } from '../model/parse.ts'
import { Problem } from '../model/problem.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Clock } from '../ports/clock.ts'
import type { Task } from './task.ts'

/** Copies everything, as it lies, into the place that the job names. The place is held meanwhile: a second backup there waits. */
export function backingUp({ blobs, clock }: { readonly blobs: Blobs; readonly clock: Clock }, openBackup: OpenBackupPlace): Task {
  return {
    async run({ job, report, log }) {
      const { destination, classes, verify = false } = parseAs(AskedBackup, job.input, 'input')
      if (destination === undefined) throw new Problem('required', 'The job names no destination.')
      await using place = await openBackup(destination)
      const onProgress = (done: number, total: number) =>
        report({ stage: 'copying', done: Math.min(done, total), total, step: 0, steps: 1 })
      const made = await makeBackup({ ...place, blobs, clock }, { ...(classes && { classes }), verify, onProgress })
      if (made.lost.length > 0) log(`Documents name ${made.lost.length} objects that are gone or damaged`)
      return { output: outputOf(made), dataProcessedMb: made.copied.bytes / 1e6 }
    },
  }
}

/** Counts; which objects are lost is for whoever has the backup. */
function outputOf({ run, classes, collections, objects, copied, lost }: BackupReport): JobOutput {
  const documents = Object.fromEntries(Object.entries(collections).map(([name, entry]) => [name, entry.documents]))
  return { run, classes, documents, objects: objects.count, bytes: objects.bytes, copied, lost: lost.length }
}
