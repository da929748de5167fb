import { placeOf } from '../../model/collections.ts'
import { Problem } from '../../model/problem.ts'
import type { Write } from '../../ports/documents.ts'
import type { KeyValue } from './cursor.ts'
import { type Table, tableFor } from './tables.ts'

/** `other`: put unless the same is there. `absent`: nothing is written, and nothing may be there. */
export type WriteKind = 'put' | 'other' | 'create' | 'replace' | 'remove' | 'removeVersion' | 'absent'

/** A write that can be: what it does, where, and with what. */
export interface WritePlan {
  readonly path: string
  readonly table: Table
  readonly kind: WriteKind
  readonly parent: string
  readonly id: string
  /** JSON text; absent for a delete. */
  readonly body?: string
  /** Values of the table's columns; none for a delete. */
  readonly keys: readonly (KeyValue | null)[]
  /** What the document must have now; absent where it need not. */
  readonly version?: number
  /** Others below the same parent that go with it, each at its version. */
  readonly siblings?: readonly Sibling[]
}

export interface Sibling {
  readonly id: string
  readonly version: number
}

const maxWrites = 500
const maxSiblings = 5000

/**
 * Throws `Problem('invalid_id')` for a path that is none, and `Problem('invalid')` for preconditions that exclude each other
 * and for more writes than a batch may have.
 */
export function planWrites(writes: readonly Write[]): WritePlan[] {
  if (writes.length > maxWrites && writes.filter((write) => !isExpectation(write)).length > maxWrites)
    throw new Problem('invalid', `A batch is at most ${maxWrites} writes`)
  const plans = writes.map(planWrite)
  const siblings = plans.reduce((sum, plan) => sum + (plan.siblings?.length ?? 0), 0)
  if (siblings > maxSiblings) throw new Problem('invalid', `A batch deletes at most ${maxSiblings} siblings`)
  return plans
}

/** A write and its siblings, each by itself. */
export function eachOf({ siblings = [], ...plan }: WritePlan): WritePlan[] {
  const { path, id } = plan
  const folder = path.slice(0, path.length - id.length)
  return [plan, ...siblings.map((sibling) => ({ ...plan, ...sibling, path: `${folder}${sibling.id}` }))]
}

/** Whether a row that is there means that a precondition failed. */
export function mustBeAbsent({ kind }: WritePlan): boolean {
  return kind === 'absent'
}

/** Whether no row changed means that a precondition failed. */
export function mustChange({ kind }: WritePlan): boolean {
  return kind === 'create' || kind === 'replace' || kind === 'removeVersion'
}

export function conflictAt(path: string): Problem {
  return new Problem('conflict', `${path} is not in the state that the write expects`)
}

function planWrite(write: Write): WritePlan {
  const { path, ifVersion } = write
  const { collection, parent = '', id } = placeOf(path)
  const table = tableFor(collection)
  if (isExpectation(write)) return { path, table, kind: 'absent', parent, id, keys: [] }
  const version = ifVersion === undefined ? {} : { version: ifVersion }
  if (write.op === 'delete') {
    const plan: WritePlan = { path, table, kind: ifVersion === undefined ? 'remove' : 'removeVersion', parent, id, keys: [], ...version }
    return 'siblings' in write ? { ...plan, siblings: write.siblings } : plan
  }

  const keys = table.columns.map(({ steps }) => fieldOf(write.body, steps))
  return { path, table, kind: kindOf(write), parent, id, body: JSON.stringify(write.body), keys, ...version }
}

function kindOf({ path, ifVersion, ifAbsent, unlessSame }: Extract<Write, { op: 'put' }>): WriteKind {
  if (ifVersion === undefined) return ifAbsent ? 'create' : unlessSame ? 'other' : 'put'
  if (ifAbsent) throw new Problem('invalid', `${path} cannot be absent and have a version`)
  return 'replace'
}

function isExpectation({ op, ifVersion }: Write): boolean {
  return op === 'delete' && ifVersion === 0
}

/** Text or a finite number; all else is in no index. */
function fieldOf(body: unknown, steps: readonly string[]): KeyValue | null {
  let at = body
  for (const step of steps) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return null
    at = (at as Readonly<Record<string, unknown>>)[step]
  }
  return typeof at === 'string' || (typeof at === 'number' && Number.isFinite(at)) ? at : null
}
