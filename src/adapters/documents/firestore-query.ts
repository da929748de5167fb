import type { CollectionReference, FieldPath, Firestore, Query, QueryDocumentSnapshot } from '@google-cloud/firestore'
import { placeOf } from '../../model/collections.ts'
import { Problem } from '../../model/problem.ts'
import type { ListQuery, Page } from '../../ports/documents.ts'
import { decodeCursor, encodeCursor, type KeyValue } from './cursor.ts'
import { decodeDocument, valueAt } from './firestore-body.ts'
import type { Sdk } from './firestore-client.ts'
import { type FirestoreField, firestoreOrder } from './firestore-order.ts'
import { decodePath, encodeBound, encodePath } from './firestore-path.ts'
import { orderOf, type PageOrder } from './page.ts'
import { pathOf } from './tables.ts'

/** Undefined for a range that nothing is in. It asks for one document more than `limit`, which says whether there is a next page. */
export function planQuery(client: Firestore, { FieldPath }: Sdk, query: ListQuery): Query | undefined {
  const order = orderOf(query)
  const fieldPath = (field: FirestoreField): FieldPath =>
    field.steps === undefined ? FieldPath.documentId() : new FieldPath(...field.steps)
  const { equal, ordered } = firestoreOrder(order)
  let planned: Query = sourceOf(client, order)
  equal.forEach((field, at) => {
    planned = planned.where(fieldPath(field), '==', query.equals?.[at])
  })
  for (const field of ordered) planned = planned.orderBy(fieldPath(field), field.descending ? 'desc' : 'asc')
  const bounded = within(planned, query, order)
  return bounded?.limit(query.limit + 1)
}

export function pageOfDocuments<T>(query: ListQuery, snapshots: readonly QueryDocumentSnapshot[]): Page<T> {
  const data = snapshots.slice(0, query.limit).map((snapshot) => decodeDocument<T>(decodePath(snapshot.ref.path), snapshot.data()))
  const last = snapshots.length > query.limit ? data.at(-1) : undefined
  if (last === undefined) return { data }
  const { id, parent = '' } = placeOf(last.path)
  const key = orderOf(query).ordered.map(({ name }) =>
    name === 'id' ? id : name === 'parent' ? parent : (valueAt(last.body, name.slice(2).split('.')) as KeyValue),
  )
  return { data, nextCursor: encodeCursor(query, key) }
}

function sourceOf(client: Firestore, { table, parent }: PageOrder): CollectionReference | Query {
  if (parent === undefined) return client.collectionGroup(table.segment)
  return client.collection(parent === '' ? table.segment : `${encodePath(parent)}/${table.segment}`)
}

/**
 * By positions in the order and not by conditions: those of Firestore keep to one type, ours go from numbers to text. Where
 * the order descends, `to` comes first and `from` last.
 */
function within(planned: Query, query: ListQuery, order: PageOrder): Query | undefined {
  const { ordered, index } = order
  const isDown = ordered[0]?.descending ?? false
  const { from, to, cursor } = query
  if (from !== undefined && to !== undefined && compare(from, to) >= 0) return undefined
  const bound = (value: KeyValue) => (index === undefined ? encodeBound(value) : value)
  let bounded = planned
  if (cursor !== undefined) {
    const key = decodeCursor(query, cursor, ordered.length)
    bounded = bounded.startAfter(...positionOf(order, key, query))
  } else if (isDown && to !== undefined) bounded = bounded.startAfter(bound(to))
  else if (!isDown && from !== undefined && from !== '') bounded = bounded.startAt(bound(from))
  if (isDown && from !== undefined) return bounded.endAt(bound(from))
  return !isDown && to !== undefined ? bounded.endBefore(bound(to)) : bounded
}

/** The values of Firestore's order at a place that is named in ours. */
function positionOf(order: PageOrder, key: readonly KeyValue[], { from, to }: ListQuery): KeyValue[] {
  const [first = ''] = key
  if ((from !== undefined && compare(first, from) < 0) || (to !== undefined && compare(first, to) >= 0))
    throw new Problem('invalid', 'This cursor lies outside of its list')
  const values = new Map(order.ordered.map(({ name }, at) => [name, key[at] ?? '']))
  const path = encodePath(pathOf(order.table, String(values.get('parent') ?? order.parent), String(values.get('id'))))
  placeOf(decodePath(path))
  return firestoreOrder(order).ordered.map(({ name, steps }) => {
    if (steps !== undefined) return values.get(name) ?? ''
    return order.parent === undefined ? path : path.slice(path.lastIndexOf('/') + 1)
  })
}

/** Numbers before text, text by code point, as Firestore has them. */
function compare(one: KeyValue, other: KeyValue): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other
  if (typeof one === 'string' && typeof other === 'string') return Buffer.compare(Buffer.from(one), Buffer.from(other))
  return typeof one === 'number' ? -1 : 1
}
