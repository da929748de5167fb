import { ownField } from './firestore-body.ts'
import type { PageOrder } from './page.ts'

/** A field of Firestore's order. Without `steps` it is the document's name. */
export interface FirestoreField {
  /** Of the column in `tables`. */
  readonly name: string
  readonly steps: readonly string[] | undefined
  readonly descending: boolean
}

/**
 * Our order in Firestore's fields. Firestore ends each by the document's name, which below one parent is the id. Over all
 * parents a name begins with the parent, so that there the id stands before it as a field of its own.
 */
export function firestoreOrder({ index, parent, ordered }: Pick<PageOrder, 'index' | 'parent' | 'ordered'>): readonly FirestoreField[] {
  const descending = ordered.at(-1)?.descending ?? false
  const isGroup = parent === undefined && index !== undefined
  return [
    ...ordered.filter(({ name }) => name.startsWith('$.')).map((column) => ({ ...column, steps: stepsOf(column.name) })),
    ...(isGroup ? [{ name: 'id', steps: [ownField, 'id'], descending }] : []),
    { name: 'path', steps: undefined, descending },
  ]
}

/** `$.sessionInfo.startTime` is `sessionInfo`, then `startTime`. */
export function stepsOf(name: string): string[] {
  return name.slice(2).split('.')
}
