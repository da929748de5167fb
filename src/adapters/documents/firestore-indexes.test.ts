import * as sdk from '@google-cloud/firestore'
import { expect, test } from 'vitest'
import { collectionNames, collections } from '../../model/collections.ts'
import type { ListQuery } from '../../ports/documents.ts'
import { firestoreIndexes } from './firestore-indexes.ts'
import { planQuery } from './firestore-query.ts'
import { tables } from './tables.ts'

const { indexes, fieldOverrides } = firestoreIndexes()
const client = new sdk.Firestore({ projectId: 'p' })

const composite = (collectionGroup: string, ...fields: string[]) => ({
  collectionGroup,
  queryScope: 'COLLECTION',
  fields: fields.map((field) => ({ fieldPath: field.replace('-', ''), order: field.startsWith('-') ? 'DESCENDING' : 'ASCENDING' })),
})

test.each([
  composite('users', 'profile.email', '-metadata.createdAt'),
  composite('healthSessions', 'userId', '-sessionInfo.startTime'),
  composite('insights', 'userId', '-date', 'type'),
  composite('jobs', 'status', '-priority', 'createdAt'),
])('the composite index of $collectionGroup that the data model asks for is there', (index) => {
  expect(indexes).toContainEqual(index)
})

const lists = [...tables.values()].flatMap(({ name, isTop, indexes: declared }) =>
  [...declared].flatMap(([index, { columns }]) =>
    ['', ...(isTop ? [] : [parentIn(collections[name].path)])].flatMap((parent) =>
      columns.map((_, count) => ({ collection: name, index, count, parent })),
    ),
  ),
)

function parentIn(path: string): string {
  return path.split('/').slice(0, -2).join('/').replaceAll(/[{}]/g, '')
}

test.each(lists)(
  'a list of $collection by $index with $count equal fields below "$parent" has its index',
  ({ collection, index, count, parent }) => {
    const equals = Array.from({ length: count }, () => 'x')
    const { group, scope, fields } = shapeOf({ collection, index, equals, limit: 1, ...(parent !== '' && { parent }) })
    if (fields.length > 1) {
      const fitting = indexes.filter(({ collectionGroup, queryScope }) => collectionGroup === group && queryScope === scope)
      expect(fitting.map((found) => found.fields.map(({ fieldPath, order }) => `${fieldPath} ${order}`))).toContainEqual(
        fields.map(({ path, order }, at) => `${path} ${order ?? orderAt(collection, index, at)}`),
      )
    } else
      expect(fieldOverrides).toContainEqual({
        collectionGroup: group,
        fieldPath: fields[0]?.path,
        indexes: [{ order: fields[0]?.order, queryScope: scope }],
      })
  },
)

test('a collection group is one collection, and none of its other fields is indexed', () => {
  const groups = fieldOverrides.filter(({ fieldPath }) => fieldPath === '*').map(({ collectionGroup }) => collectionGroup)
  expect(new Set(groups).size).toBe(collectionNames.length)
  expect(groups).toHaveLength(collectionNames.length)
  expect(new Set(fieldOverrides.map(({ collectionGroup, fieldPath }) => `${collectionGroup} ${fieldPath}`)).size).toBe(
    fieldOverrides.length,
  )
})

interface Proto {
  readonly from: readonly { readonly collectionId: string; readonly allDescendants?: boolean }[]
  readonly where?: Filter
  readonly orderBy: readonly { readonly field: { readonly fieldPath: string }; readonly direction: 'ASCENDING' | 'DESCENDING' }[]
}

interface Filter {
  readonly fieldFilter?: { readonly field: { readonly fieldPath: string } }
  readonly compositeFilter?: { readonly filters: readonly Filter[] }
}

/** What the client sends, without the document's name that every index ends with. */
function shapeOf(query: ListQuery) {
  const planned = planQuery(client, sdk, query) as unknown as { toProto(): { structuredQuery: Proto } }
  const { from, where, orderBy } = planned.toProto().structuredQuery
  const equal = (where?.compositeFilter?.filters ?? (where === undefined ? [] : [where])).map((filter) => ({
    path: filter.fieldFilter?.field.fieldPath ?? '',
    order: undefined,
  }))
  const ordered = orderBy.map(({ field, direction }) => ({ path: field.fieldPath, order: direction }))
  expect(ordered.at(-1)?.path).toBe('__name__')
  return {
    group: from[0]?.collectionId,
    scope: from[0]?.allDescendants ? 'COLLECTION_GROUP' : 'COLLECTION',
    fields: [...equal, ...ordered.slice(0, -1)],
  }
}

/** An equal field takes its index in either direction. */
function orderAt(collection: string, index: string, at: number): string {
  return tables.get(collection)?.indexes.get(index)?.columns[at]?.descending ? 'DESCENDING' : 'ASCENDING'
}
