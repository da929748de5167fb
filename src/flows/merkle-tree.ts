import { Problem } from '../model/problem.ts'

/** SHA-256, 32 bytes. */
export type Digest = (bytes: Uint8Array) => Uint8Array

/**
 * The Merkle tree of RFC 6962, section 2.1, over leaf hashes that are given. It is kept as the roots of its whole subtrees, the largest
 * first: one for each bit of the size that is set.
 */
export interface Tree {
  readonly size: number
  readonly roots: readonly Uint8Array[]
}

export const emptyTree: Tree = { size: 0, roots: [] }

export function grown(digest: Digest, { size, roots }: Tree, leaf: Uint8Array): Tree {
  const next = [...roots]
  let root = leaf
  for (let bits = size; bits % 2 === 1; bits = Math.floor(bits / 2)) root = above(digest, next.pop() ?? root, root)
  next.push(root)
  return { size: size + 1, roots: next }
}

/** Of an empty tree it is the hash of nothing. */
export function rootOf(digest: Digest, { roots }: Tree): Uint8Array {
  const last = roots.at(-1)
  return last === undefined ? digest(new Uint8Array()) : roots.slice(0, -1).reduceRight((root, left) => above(digest, left, root), last)
}

/** What leads from leaf `at`, counted from 0, to the root of them all (section 2.1.1), the nearest first. */
export function inclusionOf(digest: Digest, leaves: readonly Uint8Array[], at: number): Uint8Array[] {
  if (at < 0 || at >= leaves.length) throw new Problem('invalid', 'The tree has no such leaf.')
  if (leaves.length === 1) return []
  const split = splitOf(leaves.length)
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)]
  return at < split
    ? [...inclusionOf(digest, left, at), rootAbove(digest, right)]
    : [...inclusionOf(digest, right, at - split), rootAbove(digest, left)]
}

/** The root that leaf `at` of `size` leads to along `path`; undefined where the path is none of such a tree. */
export function rootAlong(digest: Digest, leaf: Uint8Array, at: number, size: number, path: readonly Uint8Array[]): Uint8Array | undefined {
  if (at < 0 || at >= size) return undefined
  if (size === 1) return path.length === 0 ? leaf : undefined
  const beside = path.at(-1)
  if (beside === undefined) return undefined
  const split = splitOf(size)
  const [isLeft, rest] = [at < split, path.slice(0, -1)]
  const root = isLeft ? rootAlong(digest, leaf, at, split, rest) : rootAlong(digest, leaf, at - split, size - split, rest)
  return root && (isLeft ? above(digest, root, beside) : above(digest, beside, root))
}

/** What shows that the tree of the first `size` leaves grew into that of them all (section 2.1.2), the nearest first. */
export function consistencyOf(digest: Digest, leaves: readonly Uint8Array[], size: number): Uint8Array[] {
  if (size < 1 || size > leaves.length) throw new Problem('invalid', 'The tree was never of that size.')
  return subproof(digest, leaves, size, true)
}

/** `isKnown`: whoever checks has the root of the first `size` leaves. */
function subproof(digest: Digest, leaves: readonly Uint8Array[], size: number, isKnown: boolean): Uint8Array[] {
  if (size === leaves.length) return isKnown ? [] : [rootAbove(digest, leaves)]
  const split = splitOf(leaves.length)
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)]
  return size <= split
    ? [...subproof(digest, left, size, isKnown), rootAbove(digest, right)]
    : [...subproof(digest, right, size - split, false), rootAbove(digest, left)]
}

/** Whether a tree grew from the older one, as `path` shows it. */
export function isGrownFrom(digest: Digest, older: RootOf, newer: RootOf, path: readonly Uint8Array[]): boolean {
  const [from, to] = [older.root.toHex(), newer.root.toHex()]
  const found = rootsAlong(digest, older.size, newer.size, path, older.root)
  return found !== undefined && found.older.toHex() === from && found.newer.toHex() === to
}

interface RootOf {
  readonly size: number
  readonly root: Uint8Array
}

interface Roots {
  readonly older: Uint8Array
  readonly newer: Uint8Array
}

/** `known`: the older root, where the path leaves it out. */
function rootsAlong(digest: Digest, size: number, of: number, path: readonly Uint8Array[], known?: Uint8Array): Roots | undefined {
  if (size < 1 || size > of) return undefined
  const beside = path.at(-1)
  if (size === of) {
    const [root, most] = known === undefined ? [beside, 1] : [known, 0]
    return root && path.length === most ? { older: root, newer: root } : undefined
  }
  if (beside === undefined) return undefined
  const [split, rest] = [splitOf(of), path.slice(0, -1)]
  if (size <= split) {
    const left = rootsAlong(digest, size, split, rest, known)
    return left && { older: left.older, newer: above(digest, left.newer, beside) }
  }
  const right = rootsAlong(digest, size - split, of - split, rest)
  return right && { older: above(digest, beside, right.older), newer: above(digest, beside, right.newer) }
}

function rootAbove(digest: Digest, leaves: readonly Uint8Array[]): Uint8Array {
  return rootOf(
    digest,
    leaves.reduce((tree, leaf) => grown(digest, tree, leaf), emptyTree),
  )
}

/** The largest power of two below `size`. */
function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

const node = new Uint8Array(65)
node[0] = 1

function above(digest: Digest, left: Uint8Array, right: Uint8Array): Uint8Array {
  node.set(left, 1)
  node.set(right, 33)
  return digest(node)
}
