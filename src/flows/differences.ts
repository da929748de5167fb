import { placeOf } from '../model/collections.ts'
import type { Stored } from '../ports/documents.ts'

/** What must happen to a document for the second store to say what the first says. */
export type Difference =
  | { readonly kind: 'absent' | 'changed'; readonly path: string; readonly body: object }
  | { readonly kind: 'extra'; readonly path: string }

type Listing = AsyncIterable<Stored<object>>

/**
 * Two listings of one collection, each by parent and id, walked side by side: yields where `found` is not what `wanted` says. Versions are
 * each store's own. `onEach` is told of every document that is wanted.
 */
export async function* differences(wanted: Listing, found: Listing, onEach?: () => void): AsyncGenerator<Difference> {
  const there = inOrder(found)
  let next = await there.next()
  for await (const document of inOrder(wanted)) {
    onEach?.()
    while (!next.done && isBefore(next.value.key, document.key)) {
      yield { kind: 'extra', path: next.value.path }
      next = await there.next()
    }
    const { path, body } = document
    if (next.done || isBefore(document.key, next.value.key)) {
      yield { kind: 'absent', path, body }
      continue
    }
    if (!sameJson(body, next.value.body)) yield { kind: 'changed', path, body }
    next = await there.next()
  }
  for (; !next.done; next = await there.next()) yield { kind: 'extra', path: next.value.path }
}

type Key = readonly [parent: string, id: string]

async function* inOrder(listing: Listing): AsyncGenerator<{ path: string; body: object; key: Key }> {
  let last: Key | undefined
  for await (const { path, body } of listing) {
    const { parent = '', id } = placeOf(path)
    const key: Key = [parent, id]
    // Out of order, a walk side by side would take documents for absent and extra that are there.
    if (last !== undefined && !isBefore(last, key)) throw new Error(`${path} is listed out of order`)
    last = key
    yield { path, body, key }
  }
}

function isBefore([parent, id]: Key, [otherParent, otherId]: Key): boolean {
  return parent === otherParent ? id < otherId : parent < otherParent
}

/** The same values, whatever the order of keys. */
function sameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length) return false
  return names.every((name) => Object.hasOwn(other, name) && sameJson(fieldOf(one, name), fieldOf(other, name)))
}

function fieldOf(object: object, name: string): unknown {
  return (object as Readonly<Record<string, unknown>>)[name]
}
