import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { DocumentSnapshot, Firestore, Timestamp, WriteBatch } from '@google-cloud/firestore'
import { Problem } from '../../model/problem.ts'
import { encodeBody, type Mark, ownField } from './firestore-body.ts'
import { type FirestoreLine, type Sdk, statusOf } from './firestore-client.ts'
import { encodePath } from './firestore-path.ts'
import { conflictAt, type WritePlan } from './writes.ts'

/** A document as it was read. */
export interface Found {
  /** 0 where there is none. */
  readonly version: number
  /** Of the batch that wrote it. */
  readonly batch?: string
  readonly updateTime?: Timestamp
  /** Its fields at the top. */
  readonly names: readonly string[]
}

const absent: Found = { version: 0, names: [] }

/**
 * Reads what the writes replace, then commits them on condition that it is still so; when it is not, again. Of those who
 * write the same documents one always gets ahead. The mark of the batch tells a commit whose answer was lost from one that
 * was not made.
 */
export async function commitWrites({ client, sdk, patienceMs }: FirestoreLine, plans: readonly WritePlan[]): Promise<void> {
  const byPath = Map.groupBy(plans, ({ path }) => path)
  const mark = randomUUID()
  const until = performance.now() + patienceMs / 2
  let mayBeMade = false
  let found: ReadonlyMap<string, Found> = isBlind(plans, byPath.size) ? new Map() : await look(client, byPath)
  for (let attempt = 0; ; attempt += 1) {
    const batch = fill(client, sdk, byPath, found, mark, mayBeMade)
    const effect = await tryCommit(batch, until)
    if (effect === 'made') return
    mayBeMade ||= effect === 'unknown'
    await pause(attempt)
    found = await look(client, byPath)
    if (mayBeMade && [...found.values()].some((document) => document.batch === mark)) return
  }
}

/** Puts one document on condition that it is as it was found; false where it is not. */
export async function replaceFound({ client, sdk }: FirestoreLine, plan: WritePlan, found: Found): Promise<boolean> {
  try {
    await addWrite(client.batch(), client, sdk, [plan], found, randomUUID()).commit()
    return true
  } catch (error) {
    if (effectOf(error) === 'none') return false
    throw error
  }
}

export function foundIn(snapshot: DocumentSnapshot): Found {
  const data = snapshot.data()
  if (data === undefined) return absent
  const { version = 0, batch = '' }: Partial<Mark> = data[ownField] ?? {}
  return { version, batch, names: Object.keys(data), ...(snapshot.updateTime && { updateTime: snapshot.updateTime }) }
}

/** A create says itself that nothing may be there, and a delete takes what is there: neither needs a look before. */
function isBlind(plans: readonly WritePlan[], paths: number): boolean {
  return plans.length === paths && plans.every(({ kind }) => kind === 'create' || kind === 'remove')
}

async function look(client: Firestore, byPath: ReadonlyMap<string, unknown>): Promise<Map<string, Found>> {
  const paths = [...byPath.keys()]
  const snapshots = await client.getAll(...paths.map((path) => client.doc(encodePath(path))))
  return new Map(paths.map((path, at) => [path, foundIn(snapshots[at] as DocumentSnapshot)]))
}

function fill(
  client: Firestore,
  sdk: Sdk,
  byPath: ReadonlyMap<string, readonly WritePlan[]>,
  found: ReadonlyMap<string, Found>,
  mark: string,
  mayBeMade: boolean,
): WriteBatch {
  const batch = client.batch()
  try {
    for (const [path, plans] of byPath) addWrite(batch, client, sdk, plans, found.get(path) ?? absent, mark)
  } catch (cause) {
    const isConflict = cause instanceof Problem && cause.code === 'conflict'
    throw isConflict && mayBeMade ? new Problem('unavailable', 'Firestore did not say whether it made the commit', { cause }) : cause
  }
  return batch
}

/** What the writes of one document come to, in their order, as one write. */
function addWrite(batch: WriteBatch, client: Firestore, sdk: Sdk, plans: readonly WritePlan[], found: Found, mark: string): WriteBatch {
  const version = plans.reduce(versionAfter, found.version)
  const [{ path, body } = { path: '' }] = plans.slice(-1)
  const ref = client.doc(encodePath(path))
  const { updateTime } = found
  if (body === undefined) {
    if (plans.every(({ kind }) => kind === 'remove')) return batch.delete(ref)
    return batch.delete(ref, updateTime === undefined ? { exists: false } : { lastUpdateTime: updateTime })
  }
  const data = encodeBody({ ...(plans.at(-1) as WritePlan), body }, version, mark)
  if (updateTime === undefined) return batch.create(ref, data)
  const gone = found.names.filter((name) => !Object.hasOwn(data, name)).map((name) => [name, sdk.FieldValue.delete()] as const)
  const [first, ...others] = [...Object.entries(data), ...gone].map(([name, value]) => [new sdk.FieldPath(name), value] as const)
  if (first === undefined) throw new Error('A document has at least our own field')
  return batch.update(ref, ...first, ...others.flat(), { lastUpdateTime: updateTime })
}

/** Throws `Problem('conflict')` where the version is not what the write expects. */
function versionAfter(version: number, { kind, path, version: expected, body }: WritePlan): number {
  const isExpected = kind === 'create' ? version === 0 : expected === undefined || (version > 0 && version === expected)
  if (!isExpected) throw conflictAt(path)
  return body === undefined ? 0 : version + 1
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
