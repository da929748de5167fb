import type { CollectionName } from '../model/collections.ts'
import { collectionNames } from '../model/collections.ts'
import { checkObject, type Shelf } from './copy-objects.ts'
import { documentsOf, type Stores } from './fill-store.ts'
import { everyNamedObject, type NamedObject } from './named-objects.ts'

export interface ObjectReport {
  /** Objects, or ranges of them, that were read. */
  readonly checked: number
  /** Keys of those that are not there. */
  readonly missing: readonly string[]
  /** Keys of those whose length or SHA-256 is another. */
  readonly damaged: readonly string[]
}

/** Reads every object that a document names, and holds its length and SHA-256 against what the document says. */
export function verifyObjects({ documents, blobs }: Stores): Promise<ObjectReport> {
  return checkAll({ blobs, folder: '' }, everyNamedObject(documents))
}

/** The same of any objects. A key that is named as a whole several times is read once. */
export async function checkAll(
  shelf: Shelf,
  named: AsyncIterable<NamedObject>,
  onEach?: (object: NamedObject) => void,
): Promise<ObjectReport> {
  const wholes = new Set<string>()
  const found = { missing: new Set<string>(), damaged: new Set<string>() }
  let checked = 0
  for await (const object of named) {
    if (object.range === undefined && wholes.has(object.key)) continue
    if (object.range === undefined) wholes.add(object.key)
    const state = await checkObject(shelf, object)
    if (state !== 'whole') found[state].add(object.key)
    checked++
    onEach?.(object)
  }
  return { checked, missing: [...found.missing], damaged: [...found.damaged] }
}

/** How many documents each collection holds; those that hold none are left out. */
export async function countDocuments({ documents }: Pick<Stores, 'documents'>): Promise<Partial<Record<CollectionName, number>>> {
  const counts: Partial<Record<CollectionName, number>> = {}
  for (const name of collectionNames) {
    let count = 0
    for await (const _ of documentsOf(documents, name)) count++
    if (count > 0) counts[name] = count
  }
  return counts
}
