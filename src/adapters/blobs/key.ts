import { Problem } from '../../model/problem.ts'

const segmentPattern = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}$/
const maxKeyBytes = 512

/** Throws `Problem('invalid_id')` unless the key is one that every kind of store can hold. */
export function checkKey(key: string): void {
  if (key.length <= maxKeyBytes && key.split('/').every((segment) => segmentPattern.test(segment))) return
  throw new Problem('invalid_id', 'A key is 1 to 512 letters, digits, . _ - in segments joined by /, none beginning with a dot')
}

/** The folder part (`samples/u1`, or empty) of a prefix of keys; throws `Problem('invalid_id')` when no key begins so. */
export function folderOfPrefix(prefix: string): string {
  const cut = prefix.lastIndexOf('/')
  const folder = prefix.slice(0, Math.max(cut, 0))
  if (folder !== '' || cut === 0) checkKey(folder)
  if (cut < prefix.length - 1) checkKey(prefix.slice(cut + 1))
  return folder
}

/** Throws `Problem('invalid')` unless [from, to) are whole numbers in order. */
export function checkRange(range: { readonly from: number; readonly to: number }): void {
  if (Number.isSafeInteger(range.from) && Number.isSafeInteger(range.to) && range.from >= 0 && range.to >= range.from) return
  throw new Problem('invalid', 'A range is two whole numbers, [from, to)')
}
