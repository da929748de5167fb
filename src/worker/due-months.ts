import { packJob } from '../flows/loose-months.ts'
import type { LooseMonth } from '../model/loose-month.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'

const PAGE = 100

/** Months whose samples are to be packed by now: the job of each is queued. Any number of workers may do this at once. */
export async function queueDueMonths({ documents, clock }: { readonly documents: Documents; readonly clock: Clock }): Promise<void> {
  const to = formatInstant(clock.nowMs())
  const { data } = await documents.list<LooseMonth>({ collection: 'looseMonths', index: 'due', to, limit: PAGE })
  for (const mark of data) {
    try {
      await documents.batch(packJob({ clock }, mark))
    } catch (error) {
      // Another worker did it.
      if (!(error instanceof Problem && error.code === 'conflict')) throw error
    }
  }
}
