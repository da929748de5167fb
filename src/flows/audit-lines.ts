import type { AuditEntry } from '../model/audit.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { canonical } from './audit-chain.ts'

export interface AuditPlaces {
  readonly documents: Documents
  /** Where checkpoints are, and the archive beside them; absent: only what the documents have. */
  readonly checkpoints?: Blobs
}

const PAGE = 5000

/** The sealed log from its first entry to number `to`, one JSON text each, keys in order: first what lies in the archive. */
export async function* auditLines({ documents, checkpoints }: AuditPlaces, to = Number.MAX_SAFE_INTEGER): AsyncGenerator<string> {
  let last = 0
  for await (const line of archivedLines(checkpoints)) {
    last += 1
    if (last > to) return
    yield line
  }
  for await (const { body } of pages(documents)) {
    if (body.seq > to) return
    // What is archived may lie here a moment longer.
    if (body.seq > last) yield canonical(body)
  }
}

async function* pages(documents: Documents): AsyncGenerator<Stored<AuditEntry>> {
  let cursor: string | undefined
  do {
    const page = await documents.list<AuditEntry>({ collection: 'auditLogs', limit: PAGE, ...(cursor !== undefined && { cursor }) })
    yield* page.data
    cursor = page.nextCursor
  } while (cursor !== undefined)
}

async function* archivedLines(checkpoints: Blobs | undefined): AsyncGenerator<string> {
  if (checkpoints === undefined) return
  for await (const { key } of checkpoints.list('archive/')) {
    const text = new TextDecoder().decode(await checkpoints.get(key))
    yield* text.split('\n').slice(0, -1)
  }
}

/** Every checkpoint, the smallest first. */
export async function findCheckpoints(checkpoints: Blobs): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of checkpoints.list('checkpoints/')) found.push(new TextDecoder().decode(await checkpoints.get(key)))
  return found
}
