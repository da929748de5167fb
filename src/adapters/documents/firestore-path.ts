import { Problem } from '../../model/problem.ts'

// Ids that Firestore keeps for itself: `.`, `..` and `__…__`. None of ours has a `!`, which comes before all that they have.
const reserved = /^(\.\.?|__.*__)$/s

/** An id, or text in a range of ids, as Firestore takes it; the order stays. */
export function encodeId(text: string): string {
  return reserved.test(text) ? `${text}!` : text
}

/** `users/u1/days/2024-01-20` with its ids encoded. */
export function encodePath(path: string): string {
  return path
    .split('/')
    .map((segment, at) => (at % 2 === 0 ? segment : encodeId(segment)))
    .join('/')
}

export function decodePath(path: string): string {
  return path.replaceAll(/!(?=\/|$)/g, '')
}

/** Where a range of ids begins or ends. A slash, which no id has, is written as what stands at its place between `.` and `0`. */
export function encodeBound(bound: string | number): string {
  const text = String(bound)
  if (Buffer.byteLength(text) > 1000) throw new Problem('invalid', 'A range of ids is bounded by ids')
  return encodeId(text.replace(/\/.*$/s, '.\u{10ffff}'))
}
