import type { Documents } from '../ports/documents.ts'
import type { Lease } from './lease.ts'

/** The documents as a task has them: it reads while it holds the job, and writes under the job's fence. */
export function fencedDocuments(documents: Documents, lease: Lease): Documents {
  return {
    get(path) {
      lease.check()
      return documents.get(path)
    },
    list(query) {
      lease.check()
      return documents.list(query)
    },
    batch: (writes) => lease.write(writes),
    claim() {
      throw new Error('A task claims nothing: a claim has no fence')
    },
    actingFor() {
      throw new Error('A task works under its fence, whoever it is for')
    },
    close: async () => undefined,
  }
}
