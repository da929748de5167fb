import type { AuditEntry } from '../model/audit.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents } from '../ports/documents.ts'
import { canonical } from './audit-chain.ts'

/** The most that one page may have. */
const PAGE = 5000

/** The sealed log from its first entry to number `to`, one JSON text each, keys in order: first what lies in the archive. */
export async function* auditLines({ documents }: { readonly documents: Documents }, to = Number.MAX_SAFE_INTEGER): AsyncGenerator<string> {
  let cursor: string | undefined
  do {
    const page = await documents.list<AuditEntry>({ collection: 'auditLogs', limit: PAGE, ...(cursor !== undefined && { cursor }) })
    for (const { body } of page.data) {
      if (body.seq > to) return
      yield canonical(body)
    }
    cursor = page.nextCursor
  } while (cursor !== undefined)
}

/** Every checkpoint, the smallest first. */
export async function findCheckpoints(checkpoints: Blobs): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of checkpoints.list('checkpoints/')) found.push(new TextDecoder().decode(await checkpoints.get(key)))
  return found
}
