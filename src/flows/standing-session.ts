import { Problem } from '../model/problem.ts'
import { isTombstone, type KeptSession, type StoredSession } from '../model/session.ts'
import type { Documents, Stored } from '../ports/documents.ts'

/**
 * Reads a session whose samples may be moved, replaced or deleted between its document and its object: then it is read as it stands now.
 * Undefined where it is gone. What `read` throws comes out, `Problem('not_found')` too where the object is lost.
 */
export async function asItStands<T>(
  { documents }: { readonly documents: Documents },
  found: Stored<StoredSession>,
  read: (session: Stored<StoredSession>) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read(found)
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'not_found')) throw error
    const now = await documents.get<KeptSession>(found.path)
    if (now?.version === found.version) throw error
    return now && !isTombstone(now.body) ? asItStands({ documents }, { ...now, body: now.body }, read) : undefined
  }
}
