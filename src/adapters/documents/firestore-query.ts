import type { CollectionReference, Firestore, Query, QueryDocumentSnapshot } from '@google-cloud/firestore'
import { placeOf } from '../../model/collections.ts'
import { Problem } from '../../model/problem.ts'
import type { ListQuery, Page, Stored } from '../../ports/documents.ts'
import { decodeCursor, encodeCursor, type KeyValue } from './cursor.ts'
import { decodeDocument, valueAt } from './firestore-body.ts'
import type { Sdk } from './firestore-client.ts'
import { firestoreOrder, stepsOf } from './firestore-order.ts'
import { orderOf, type PageOrder } from './page.ts'
import { pathOf } from './tables.ts'

const maxIdBytes = 1500

/** Undefined for a range that nothing is in. It asks for one document more than `limit`, which says whether there is a next page. */
export function planQuery(client: Firestore, { FieldPath }: Sdk, query: ListQuery): Query | undefined {
  const order = orderOf(query)
  let planned: Query = sourceOf(client, order)
  order.equal.forEach((name, at) => {
    planned = planned.where(new FieldPath(...stepsOf(name)), '==', query.equals?.[at])
  })
  for (const { steps, descending } of firestoreOrder(order))
    planned = planned.orderBy(steps === undefined ? FieldPath.documentId() : new FieldPath(...steps), descending ? 'desc' : 'asc')
  const bounded = within(planned, query, order)
  return bounded?.limit(query.limit + 1)
}

export function pageOfDocuments<T>(query: ListQuery, snapshots: readonly QueryDocumentSnapshot[]): Page<T> {
  const data = snapshots.slice(0, query.limit).map((snapshot) => decodeDocument<T>(snapshot.ref.path, snapshot.data()))
  const last = snapshots.length > query.limit ? data.at(-1) : undefined
  const page = query.asText ? data.map(asText<T>) : data
  if (last === undefined) return { data: page }
  const { id, parent = '' } = placeOf(last.path)
  const key = orderOf(query).ordered.map(({ name }) =>
    name === 'id' ? id : name === 'parent' ? parent : (valueAt(last.body, stepsOf(name)) as KeyValue),
  )
  return { data: page, nextCursor: encodeCursor(query, key) }
}

function asText<T>(document: Stored): Stored<T> {
  return { ...document, body: JSON.stringify(document.body) as T }
}

function sourceOf(client: Firestore, { table, parent }: PageOrder): CollectionReference | Query {
  if (parent === undefined) return client.collectionGroup(table.segment)
  return client.collection(parent === '' ? table.segment : `${parent}/${table.segment}`)
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
  const [first, last] = isDown ? [to, from] : [from, to]
  const bound = (value: KeyValue) => (index === undefined ? idBound(String(value)) : value)
  let bounded = planned
  if (cursor !== undefined) bounded = bounded.startAfter(...positionOf(order, decodeCursor(query, cursor, ordered.length), query))
  else if (first !== undefined) bounded = isDown ? bounded.startAfter(bound(first)) : bounded.startAt(bound(first))
  if (last === undefined) return bounded
  return isDown ? bounded.endAt(bound(last)) : bounded.endBefore(bound(last))
}

/**
 * Text as an id, which a position is made of, at the same place among our ids: a `!` comes before all that they have, and a
 * slash is written as what lies between `.` and `0`.
 */
function idBound(text: string): string {
  if (Buffer.byteLength(text) > maxIdBytes) throw new Problem('invalid', 'A range of ids is bounded by ids')
  return text === '' || /^(\.\.?|__.*__)$/s.test(text) ? `${text}!` : text.replace(/\/.*$/s, '.\u{10ffff}')
}

/** The values of Firestore's order at a place that is named in ours. */
function positionOf(order: PageOrder, key: readonly KeyValue[], { from, to }: ListQuery): KeyValue[] {
  const [first = ''] = key
  if ((from !== undefined && compare(first, from) < 0) || (to !== undefined && compare(first, to) >= 0))
    throw new Problem('invalid', 'This cursor lies outside of its list')
  const values = new Map(order.ordered.map(({ name }, at) => [name, key[at] ?? '']))
  const path = pathOf(order.table, String(values.get('parent') ?? order.parent), String(values.get('id')))
  placeOf(path)
  return firestoreOrder(order).map(({ name, steps }) => {
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
