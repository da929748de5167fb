import type { DocumentData } from '@google-cloud/firestore'
import { Problem } from '../../model/problem.ts'
import type { Stored } from '../../ports/documents.ts'
import type { KeyValue } from './cursor.ts'
import { parseBody } from './rows.ts'
import type { WritePlan } from './writes.ts'

/** The one field of a document that is not its body's. */
export const ownField = '_store'

/** What stands in it. */
export interface Mark {
  readonly version: number
  /** Of the batch that wrote this version. */
  readonly batch: string
  /** The document's id, by which the indexes over all parents order what is equal. */
  readonly id: string
  /** The body as JSON text, where Firestore cannot hold it field by field. */
  readonly json?: string
}

// Firestore's limits (firebase.google.com/docs/firestore/quotas), but for the last: a value has two index entries or
// more where single-field indexes are not exempted, of the 40,000 that a document may have.
const maxBytes = 1_048_576
const maxDepth = 20
const maxNameBytes = 1500
const maxValues = 10_000

// `__…__` is Firestore's. In the path of a field to update, a carriage return is silently lost, and others need escapes.
const oddName = /^__.*__$|[\p{Cc}\p{Zl}\p{Zp}`\\]/su

export interface Encoded {
  readonly fields: DocumentData
  /** What it takes of a request, about. */
  readonly bytes: number
}

/**
 * The fields of a document: those of its body, so that other clients find and index them; or, for a body that Firestore
 * cannot hold field by field, its text beside the fields of its indexes. Throws `Problem('invalid')` for one that is too
 * large.
 */
export function encodeBody(plan: WritePlan & { readonly body: string }, version: number, batch: string): Encoded {
  const body: Record<string, unknown> = JSON.parse(plan.body)
  const mark = { version, batch, id: plan.id }
  const { bytes, values } = measureOf(plan, body)
  // A value is sent with its type and length, and with those of its name.
  if (bytes <= maxBytes && values <= maxValues) return { fields: { ...body, [ownField]: mark }, bytes: bytes + values * 12 }
  const textBytes = Buffer.byteLength(plan.body) + overheadOf(plan)
  if (textBytes > maxBytes) throw new Problem('invalid', `${plan.path} is larger than the 1 MiB that Firestore takes`)
  return { fields: { ...indexedFields(plan), [ownField]: { ...mark, json: plan.body } }, bytes: textBytes }
}

/** Throws `Problem('storage_corrupt')` for a document that was not written by us. */
export function decodeDocument<T>(path: string, data: DocumentData): Stored<T> {
  const { [ownField]: mark, ...body } = data
  const { version, json }: Partial<Mark> = mark ?? {}
  if (typeof version !== 'number') throw new Problem('storage_corrupt', `The document ${path} has no version`)
  return { path, version, body: json === undefined ? (body as T) : parseBody(path, json) }
}

interface Measure {
  /** As Firestore counts a document. Infinite where it would not give the body back as it is, or index it where it does not belong. */
  bytes: number
  values: number
}

function measureOf(plan: WritePlan, body: Readonly<Record<string, unknown>>): Readonly<Measure> {
  const measure = { bytes: overheadOf(plan), values: 0 }
  // Firestore indexes any type; our indexes hold text and finite numbers.
  const isOdd = plan.table.columns.some(({ steps }, at) => plan.keys[at] === null && valueAt(body, steps) !== undefined)
  if (isOdd || Object.hasOwn(body, ownField) || !canHold(body, 0, measure)) measure.bytes = Number.POSITIVE_INFINITY
  return measure
}

/** Adds to `measure` what the value takes as Firestore counts it. */
function canHold(value: unknown, depth: number, measure: Measure): boolean {
  measure.values += 1
  if (typeof value === 'string') {
    measure.bytes += Buffer.byteLength(value) + 1
    return value.isWellFormed()
  }
  if (typeof value !== 'object' || value === null) {
    measure.bytes += typeof value === 'number' ? 8 : 1
    return true
  }
  if (depth === maxDepth) return false
  if (Array.isArray(value)) return value.every((item) => !Array.isArray(item) && canHold(item, depth + 1, measure))
  return Object.entries(value).every(([name, item]) => canName(name, measure) && canHold(item, depth + 1, measure))
}

function canName(name: string, measure: Measure): boolean {
  const bytes = Buffer.byteLength(name)
  measure.bytes += bytes + 1
  // The client takes a name that every object has, as `valueOf`, for a field that it added before.
  return bytes > 0 && bytes <= maxNameBytes && name.isWellFormed() && !oddName.test(name) && !(name in Object.prototype)
}

/** The document's name, our own field, and what Firestore adds. */
function overheadOf({ path, keys }: WritePlan): number {
  return keys.reduce<number>((sum, key) => sum + (typeof key === 'string' ? Buffer.byteLength(key) : 8) + 32, path.length + 512)
}

function indexedFields({ table, keys }: WritePlan): DocumentData {
  const fields: DocumentData = {}
  table.columns.forEach(({ steps }, at) => {
    const key = keys[at]
    if (key !== undefined && key !== null) setField(fields, steps, key)
  })
  return fields
}

function setField(fields: DocumentData, steps: readonly string[], key: KeyValue): void {
  const [step = '', ...rest] = steps
  if (rest.length > 0) {
    fields[step] ??= {}
    setField(fields[step], rest, key)
  } else fields[step] = key
}

export function valueAt(body: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? (at as Readonly<Record<string, unknown>>)[step] : undefined,
    body,
  )
}
