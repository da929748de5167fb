import type { DocumentSnapshot, Timestamp, Transaction } from '@google-cloud/firestore'
import { encodeBody, type Mark, ownField } from './firestore-body.ts'
import type { FirestoreLine } from './firestore-client.ts'
import { conflictAt, type WritePlan } from './writes.ts'

/** A document as it was read. */
export interface Found {
  /** 0 where there is none. */
  readonly version: number
  /** The mark of the batch that wrote it. */
  readonly batch?: string
  readonly updateTime?: Timestamp
  /** Its fields at the top. */
  readonly names: readonly string[]
}

export const absent: Found = { version: 0, names: [] }

export function foundIn(snapshot: DocumentSnapshot): Found {
  const data = snapshot.data()
  if (data === undefined) return absent
  const { version = 0, batch = '' }: Partial<Mark> = data[ownField] ?? {}
  return { version, batch, names: Object.keys(data), ...(snapshot.updateTime && { updateTime: snapshot.updateTime }) }
}

/**
 * Adds what the writes of one document come to, in their order, as one write on condition that the document is as found.
 * Returns about how many bytes that takes of the request. Throws `Problem('conflict')` where a precondition fails.
 */
export function addChange(
  { client, sdk }: Pick<FirestoreLine, 'client' | 'sdk'>,
  writer: Transaction,
  plans: readonly WritePlan[],
  found: Found,
  mark: string,
): number {
  const version = plans.reduce(versionAfter, found.version)
  const [last] = plans.slice(-1)
  if (last === undefined) throw new Error('A change is of at least one write')
  const ref = client.doc(last.path)
  const lastUpdateTime = found.updateTime
  if (last.body === undefined) {
    const isUnconditional = plans.every(({ kind }) => kind === 'remove')
    writer.delete(ref, isUnconditional ? {} : lastUpdateTime === undefined ? { exists: false } : { lastUpdateTime })
    return last.path.length
  }
  const { fields, bytes } = encodeBody({ ...last, body: last.body }, version, mark)
  if (lastUpdateTime === undefined) {
    writer.create(ref, fields)
    return bytes
  }
  const gone = found.names.filter((name) => !Object.hasOwn(fields, name)).map((name) => [name, sdk.FieldValue.delete()] as const)
  const changes = [...Object.entries(fields), ...gone].flatMap(([name, value]) => [new sdk.FieldPath(name), value])
  const [name, value, ...others] = changes
  writer.update(ref, name, value, ...others, { lastUpdateTime })
  return bytes
}

function versionAfter(version: number, { kind, path, version: expected, body }: WritePlan): number {
  const isExpected =
    kind === 'create' || kind === 'absent' ? version === 0 : expected === undefined || (version > 0 && version === expected)
  if (!isExpected) throw conflictAt(path)
  return body === undefined ? 0 : version + 1
}
