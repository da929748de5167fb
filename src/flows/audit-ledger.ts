import { placeOf } from '../model/collections.ts'
import { Problem } from '../model/problem.ts'
import type { Documents, Write } from '../ports/documents.ts'
import { type AuditDeps, type Doing, type Done, noteOf } from './audit-note.ts'

/** The account of one thing that somebody does. */
export interface Ledger {
  /** The documents to do it with: its first batch also says that it was done. */
  over(documents: Documents): Documents
  /**
   * Says what became of it, where no batch has, or what it counts up to; to be awaited before anybody is told. Throws `Problem('unavailable')` where it cannot be
   * written: then nobody may be told.
   */
  settle(done: Done): Promise<void>
}

const MOST_WRITES = 500

/**
 * Nothing is done, and nothing told, that is not written down: in the same batch as its effect, or, into `documents`, before the answer.
 */
export function openLedger(deps: AuditDeps, documents: Documents, doing: Doing): Ledger {
  const isChange = doing.action !== 'R'
  let seen: Seen[] = []
  let isWritten = false
  let turn: Promise<unknown> = Promise.resolve()

  /** A batch that was refused left no word of itself either: the next one has it. */
  function batch(into: Documents, writes: readonly Write[]): Promise<void> {
    if (isWritten || writes.length === 0) return into.batch(writes)
    const mine = turn.then(() => (isWritten ? into.batch(writes) : batchWithNote(into, writes)))
    turn = mine.catch(() => undefined)
    return mine
  }

  async function batchWithNote(into: Documents, writes: readonly Write[]): Promise<void> {
    const note = noteWrite(deps, await noteOf(deps, doing, doneBy(writes, seen)))
    if (writes.length < MOST_WRITES) await into.batch([...writes, note])
    else {
      // A batch that is full already: what is done without an effect is the lesser evil.
      await into.batch([note])
      await into.batch(writes)
    }
    isWritten = true
    seen = []
  }

  async function settle(done: Done): Promise<void> {
    await turn
    if (isWritten && done.outcome === 'allow' && done.counts === undefined) return
    try {
      await documents.batch([noteWrite(deps, await noteOf(deps, doing, done))])
      isWritten = true
    } catch (cause) {
      throw new Problem('unavailable', 'What was asked for could not be written into the audit log.', { cause })
    }
  }

  const over = (from: Documents): Documents => ({
    async get<T>(path: string) {
      const found = await from.get<T>(path)
      if (isChange && !isWritten) seen.push({ path, body: found?.body })
      return found
    },
    list: (query) => from.list(query),
    batch: (writes) => batch(from, writes),
    async claim(query, change) {
      await settle({ outcome: 'allow' })
      return from.claim(query, change)
    },
    actingFor: (userId) => over(from.actingFor(userId)),
    close: () => from.close(),
  })
  return { over, settle }
}

/** A document that was read; undefined where there was none. */
interface Seen {
  readonly path: string
  readonly body: unknown
}

/** What a batch is about is its first write. */
function doneBy([first]: readonly Write[], seen: readonly Seen[]): Done {
  if (first === undefined) return { outcome: 'allow' }
  const before = seen.findLast(({ path }) => path === first.path)?.body
  const after = first.op === 'put' ? first.body : undefined
  const userId = placeOf(first.path).ids.userId ?? personIn(after) ?? personIn(before)
  // Of what is new the document itself is there to be looked at.
  return { outcome: 'allow', userId, ...(before !== undefined && { before, after }) }
}

/** Whom a body names. */
export function personIn(body: unknown): string | undefined {
  const named = typeof body === 'object' && body !== null && 'userId' in body ? body.userId : undefined
  return typeof named === 'string' ? named : undefined
}

function noteWrite({ nextNoteId }: Pick<AuditDeps, 'nextNoteId'>, body: object): Write {
  return { op: 'put', path: `auditOutbox/${nextNoteId()}`, body, ifAbsent: true }
}
