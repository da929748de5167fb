import { Problem } from '../model/problem.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'

/** A new body, and what is written with it or not at all. */
export interface Replacement<B extends object> {
  readonly body: B
  readonly also?: readonly Write[]
}

/**
 * Replaces a document by what `change` makes of the one that stands, again if somebody else came in between, and gives what stands then. With
 * `ifVersion` only that version is replaced (0: only nothing). Throws `Problem('precondition_failed')`.
 */
export async function putVersioned<T, B extends object = object>(
  documents: Documents,
  path: string,
  change: (stored: Stored<T> | undefined) => Replacement<B> | Promise<Replacement<B>>,
  ifVersion?: number,
): Promise<{ readonly version: number; readonly body: B }> {
  for (;;) {
    const stored = await documents.get<T>(path)
    const version = stored?.version ?? 0
    if (ifVersion !== undefined && ifVersion !== version) throw new Problem('precondition_failed', 'It was changed since.')
    const { body, also = [] } = await change(stored)
    const condition = stored === undefined ? ({ ifAbsent: true } as const) : { ifVersion: version }
    if (await wasPut(documents, { op: 'put', path, body, ...condition }, also, version)) return { version: version + 1, body }
  }
}

/** False where somebody else was faster. */
async function wasPut(documents: Documents, put: Write, also: readonly Write[], version: number): Promise<boolean> {
  try {
    await documents.batch([put, ...also])
    return true
  } catch (error) {
    // Where the document is as it was, what was in conflict is one of the writes beside it.
    const isTold = error instanceof Problem && error.code === 'conflict'
    if (!isTold || ((await documents.get(put.path))?.version ?? 0) === version) throw error
    return false
  }
}
