import { firestoreOrder } from './firestore-order.ts'
import { type SqlIndex, type Table, tables, tieBreakers } from './tables.ts'

type Scope = 'COLLECTION' | 'COLLECTION_GROUP'

interface IndexField {
  readonly fieldPath: string
  readonly order: 'ASCENDING' | 'DESCENDING'
}

interface CompositeIndex {
  readonly collectionGroup: string
  readonly queryScope: Scope
  readonly fields: readonly IndexField[]
}

interface FieldOverride {
  readonly collectionGroup: string
  readonly fieldPath: string
  readonly indexes: readonly { readonly order: IndexField['order']; readonly queryScope: Scope }[]
}

/** The content of `firestore.indexes.json`: what the declared indexes need in Firestore, and that no other field is indexed. */
export function firestoreIndexes(): { readonly indexes: readonly CompositeIndex[]; readonly fieldOverrides: readonly FieldOverride[] } {
  const all = [...tables.values()]
  const declared = all.flatMap((table) => [...table.indexes.values()].flatMap((index) => indexesOf(table, index)))
  return {
    indexes: declared.filter(({ fields }) => fields.length > 1),
    fieldOverrides: all.flatMap(({ segment }) => [
      // Every indexed field costs each write, and a rising one limits their rate.
      { collectionGroup: segment, fieldPath: '*', indexes: [] },
      ...declared.filter(({ collectionGroup, fields }) => collectionGroup === segment && fields.length === 1).map(overrideOf),
    ]),
  }
}

/** One for lists below a parent, and one for lists over all parents, which end with the id. */
function indexesOf({ segment, isTop }: Table, index: SqlIndex): CompositeIndex[] {
  const scopes: readonly Scope[] = isTop ? ['COLLECTION'] : ['COLLECTION', 'COLLECTION_GROUP']
  return scopes.map((queryScope) => {
    const parent = queryScope === 'COLLECTION' ? '' : undefined
    const ordered = firestoreOrder({ index, parent, ordered: [...index.columns, ...tieBreakers(index.columns)] })
    const fields = ordered.flatMap(({ steps, descending }): IndexField[] =>
      steps === undefined ? [] : [{ fieldPath: steps.join('.'), order: descending ? 'DESCENDING' : 'ASCENDING' }],
    )
    return { collectionGroup: segment, queryScope, fields }
  })
}

/** Firestore takes an index of one field only as an exception from its automatic ones. */
function overrideOf({ collectionGroup, queryScope, fields }: CompositeIndex): FieldOverride {
  return {
    collectionGroup,
    fieldPath: fields.map(({ fieldPath }) => fieldPath).join(),
    indexes: fields.map(({ order }) => ({ order, queryScope })),
  }
}
