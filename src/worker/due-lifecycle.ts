import { findRun, runPath } from '../flows/lifecycle-clock.ts'
import { queueOnce } from '../flows/queue-once.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'

const DAY_MS = 86_400_000

/** Once a day everybody's old data are seen to; in a new store from its second day on. Any number of workers may do this at once. */
export async function queueDueLifecycle({ documents, clock }: { readonly documents: Documents; readonly clock: Clock }): Promise<void> {
  const nowMs = clock.nowMs()
  const stored = await findRun({ documents })
  if (stored === undefined) return begin(documents, formatInstant(nowMs))
  const { at, since = at, noted = at } = stored.body
  const lastMs = Math.max(...[at, since, noted].map((time) => (time === undefined ? 0 : Date.parse(time))))
  // A clock that went back must be noticed by the run, not waited for.
  if (Math.abs(nowMs - lastMs) < DAY_MS) return
  const jobId = `lifecycle_${formatInstant(nowMs).slice(0, 10)}`
  await queueOnce(documents, { jobId, type: 'lifecycle', input: { analysisType: 'retention' }, nowMs })
}

async function begin(documents: Documents, since: string): Promise<void> {
  try {
    await documents.batch([{ op: 'put', path: runPath, body: { since }, ifAbsent: true }])
  } catch (error) {
    // Another worker did it.
    if (!(error instanceof Problem && error.code === 'conflict')) throw error
  }
}
