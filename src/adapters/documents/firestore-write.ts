import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Firestore, WriteBatch } from '@google-cloud/firestore'
import { Problem } from '../../model/problem.ts'
import { absent, addChange, type Found, foundIn } from './firestore-change.ts'
import { type FirestoreLine, statusOf, tooLarge } from './firestore-client.ts'
import type { WritePlan } from './writes.ts'

const maxRequestBytes = 10 * 1_048_576

type Finds = ReadonlyMap<string, Found>

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
  for (let attempt = 0; ; attempt += 1) {
    const effect = await tryCommit(fill(line, byPath, finds, mark, mayBeMade), until)
    if (effect === 'made') return
    mayBeMade ||= effect === 'unknown'
    await pause(attempt)
    finds = await look(line.client, byPath)
    if (mayBeMade && [...finds.values()].some((found) => found.batch === mark)) return
  }
}

/** Puts one document on condition that it is as it was found; false where it is not. */
export async function replaceFound(line: FirestoreLine, plan: WritePlan, found: Found): Promise<boolean> {
  const batch = line.client.batch()
  addChange(line, batch, [plan], found, randomUUID())
  try {
    await batch.commit()
    return true
  } catch (error) {
    if (effectOf(error) === 'none') return false
    throw error
  }
}

/** A create says itself that nothing may be there, and a delete takes what is there: neither needs a look before. */
function isBlind(plans: readonly WritePlan[], paths: number): boolean {
  return plans.length === paths && plans.every(({ kind }) => kind === 'create' || kind === 'remove')
}

async function look(client: Firestore, byPath: ReadonlyMap<string, unknown>): Promise<Finds> {
  const snapshots = await client.getAll(...[...byPath.keys()].map((path) => client.doc(path)))
  return new Map(snapshots.map((snapshot) => [snapshot.ref.path, foundIn(snapshot)]))
}

function fill(
  line: FirestoreLine,
  byPath: ReadonlyMap<string, readonly WritePlan[]>,
  finds: Finds,
  mark: string,
  mayBeMade: boolean,
): WriteBatch {
  const batch = line.client.batch()
  let bytes = 0
  try {
    for (const [path, plans] of byPath) bytes += addChange(line, batch, plans, finds.get(path) ?? absent, mark)
  } catch (cause) {
    const isInDoubt = mayBeMade && cause instanceof Problem && cause.code === 'conflict'
    throw isInDoubt ? new Problem('unavailable', 'Firestore did not say whether it made the commit', { cause }) : cause
  }
  if (bytes > maxRequestBytes) throw new Problem(...tooLarge)
  return batch
}

/** None: another changed the documents. What it is no use to try again is thrown, and everything when the time is up. */
async function tryCommit(batch: WriteBatch, until: number): Promise<'made' | 'none' | 'unknown'> {
  try {
    await batch.commit()
    return 'made'
  } catch (error) {
    const effect = effectOf(error)
    if (effect === undefined || performance.now() > until) throw error
    return effect
  }
}

function effectOf(error: unknown): 'none' | 'unknown' | undefined {
  const status = statusOf(error)
  // NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED; CANCELLED, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE.
  if ([5, 6, 9, 10].includes(status)) return 'none'
  return [1, 4, 13, 14].includes(status) ? 'unknown' : undefined
}

function pause(attempt: number): Promise<void> {
  return setTimeout(Math.random() * Math.min(500, 10 * 2 ** attempt))
}
