import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Firestore, Transaction } from '@google-cloud/firestore'
import { Problem } from '../../model/problem.ts'
import { absent, addChange, type Found, foundIn } from './firestore-change.ts'
import { type FirestoreLine, statusOf, tooLarge } from './firestore-client.ts'
import type { WritePlan } from './writes.ts'

const maxRequestBytes = 10 * 1_048_576

type Finds = ReadonlyMap<string, Found>

interface Attempt {
  readonly byPath: ReadonlyMap<string, readonly WritePlan[]>
  readonly finds: Finds
  readonly mark: string
  /** An attempt before ended without an answer. */
  readonly mayBeMade: boolean
}

/**
 * Reads what the writes replace, then commits them on condition that it is still so; when it is not, again. Of those who
 * write the same documents one always gets ahead. The mark of the batch tells a commit whose answer was lost from one that
 * was not made.
 */
export async function commitWrites(line: FirestoreLine, plans: readonly WritePlan[]): Promise<void> {
  const byPath = Map.groupBy(plans, ({ path }) => path)
  const mark = randomUUID()
  const until = performance.now() + line.patienceMs / 2
  let mayBeMade = false
  let finds: Finds = isBlind(plans, byPath.size) ? new Map() : await look(line.client, byPath)
  for (let count = 0; ; count += 1) {
    const attempt = { byPath, finds, mark, mayBeMade }
    const effect = await tryCommit(line, until, (writer) => fill(line, writer, attempt))
    if (effect === 'made') return
    mayBeMade ||= effect === 'unknown'
    await pause(count)
    finds = await look(line.client, byPath)
    if (mayBeMade && [...finds.values()].some(({ batch }) => batch === mark)) return
  }
}

/** Puts one document on condition that it is as it was found; false where it is not. */
export async function replaceFound(line: FirestoreLine, plan: WritePlan, found: Found): Promise<boolean> {
  try {
    await commit(line.client, (writer) => addChange(line, writer, [plan], found, randomUUID()))
    return true
  } catch (error) {
    if (effectOf(error) === 'none') return false
    throw error
  }
}

/** A create says itself that nothing may be there, as does who only expects it, and a delete takes what is there: none needs a look before. */
function isBlind(plans: readonly WritePlan[], paths: number): boolean {
  return plans.length === paths && plans.every(({ kind }) => kind === 'create' || kind === 'remove' || kind === 'absent')
}

async function look(client: Firestore, byPath: ReadonlyMap<string, unknown>): Promise<Finds> {
  const snapshots = await client.getAll(...[...byPath.keys()].map((path) => client.doc(path)))
  return new Map(snapshots.map((snapshot) => [snapshot.ref.path, foundIn(snapshot)]))
}

function fill(line: FirestoreLine, writer: Transaction, { byPath, finds, mark, mayBeMade }: Attempt): void {
  let bytes = 0
  try {
    for (const [path, plans] of byPath) bytes += addChange(line, writer, plans, finds.get(path) ?? absent, mark)
  } catch (cause) {
    const isInDoubt = mayBeMade && cause instanceof Problem && cause.code === 'conflict'
    throw isInDoubt ? new Problem('unavailable', 'Firestore did not say whether it made the commit', { cause }) : cause
  }
  if (bytes > maxRequestBytes) throw new Problem(...tooLarge)
}

/**
 * None: another changed the documents. What it is no use to try again is thrown, and everything when the time is up. No
 * commit begins after that: whoever asked for it was told by then that it failed.
 */
async function tryCommit(line: FirestoreLine, until: number, fillIn: (writer: Transaction) => void): Promise<'made' | 'none' | 'unknown'> {
  if (performance.now() > until) throw new Problem('unavailable', 'Firestore did not answer in time')
  try {
    await commit(line.client, fillIn)
    return 'made'
  } catch (error) {
    const effect = effectOf(error)
    if (effect === undefined || performance.now() > until) throw error
    return effect
  }
}

/**
 * Sent once. A transaction that reads nothing is one commit with its conditions, without locks; a batch of the client is
 * that too, but repeats a commit whose answer was lost, which then fails its own conditions.
 */
async function commit(client: Firestore, fillIn: (writer: Transaction) => void): Promise<void> {
  await client.runTransaction(async (writer) => fillIn(writer), { maxAttempts: 1 })
}

function effectOf(error: unknown): 'none' | 'unknown' | undefined {
  const status = statusOf(error)
  // NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED; CANCELLED, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE.
  if ([5, 6, 9, 10].includes(status)) return 'none'
  return [1, 4, 13, 14].includes(status) ? 'unknown' : undefined
}

function pause(count: number): Promise<void> {
  return setTimeout(Math.random() * Math.min(500, 10 * 2 ** count))
}
