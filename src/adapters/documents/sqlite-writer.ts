import type { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { CollectionName } from '../../model/collections.ts'
import { Problem, type ProblemCode } from '../../model/problem.ts'
import type { Outcome } from './batches.ts'
import { asStoreProblem, cachedStatements, emptyLog, moveLog, openFile } from './sqlite-file.ts'
import { commitGroup } from './sqlite-group.ts'
import { tableFor } from './tables.ts'
import type { WritePlan } from './writes.ts'

/** A plan as it goes from thread to thread: thousands of siblings as one text and one array, which are copied whole. */
export type SentPlan = Omit<WritePlan, 'table' | 'siblings'> & { readonly table: CollectionName; readonly siblings?: SentSiblings }

interface SentSiblings {
  /** Joined by the slash, which no id has. */
  readonly ids: string
  readonly versions: Float64Array
}

/** What a thread is asked: to commit, to move what the log holds into the main file while others write, to empty the log, to end. */
export type Order = { readonly batches: readonly (readonly SentPlan[])[] } | 'move log' | 'empty log' | 'end'

export type SentOutcome = undefined | { readonly code: ProblemCode; readonly message: string } | { readonly error: unknown }

export type Told = { readonly outcomes: readonly SentOutcome[] } | { readonly isEmpty: boolean } | 'moved' | 'ended'

// 64 MiB: a log that grew so long while another thread moved it is moved by who writes.
const LOG_PAGES = 16_384

/** A thread that writes: it runs where this file is the start of one. */
function writeForOthers(path: string): void {
  const db = openFile(path)
  db.exec(`PRAGMA wal_autocheckpoint = ${LOG_PAGES}`)
  const prepare = cachedStatements(db)
  const answer = (told: Told) => parentPort?.postMessage(told)
  parentPort?.on('message', (order: Order) => {
    if (order === 'end') {
      db.close()
      answer('ended')
      parentPort?.close()
    } else if (order === 'move log') {
      moveLog(db)
      answer('moved')
    } else if (order === 'empty log') answer({ isEmpty: isEmptied(db) })
    else {
      const batches = order.batches.map((plans) => plans.map(planSent))
      answer({ outcomes: commitGroup(db, prepare, {}, batches).map(sent) })
    }
  })
}

function planSent({ table, siblings, ...plan }: SentPlan): WritePlan {
  if (siblings === undefined) return { ...plan, table: tableFor(table) }
  const { ids, versions } = siblings
  return { ...plan, table: tableFor(table), siblings: ids.split('/').map((id, at) => ({ id, version: versions[at] ?? 0 })) }
}

/** A disk that fails here fails the next write, which says so. */
function isEmptied(db: DatabaseSync): boolean {
  try {
    return emptyLog(db)
  } catch {
    return false
  }
}

function sent(outcome: Outcome): SentOutcome {
  if (outcome === undefined) return undefined
  const error = asStoreProblem(outcome.error)
  return error instanceof Problem ? { code: error.code, message: error.message } : { error }
}

if (parentPort !== null) writeForOthers(String(workerData))
