import type { Source } from '../../../../src/model/source.ts'

/** The sources in the order in which they count: by their own place where they have one, else by that of their kind. */
export function ranked(sources: readonly Source[], order: readonly string[]): readonly Source[] {
  const rankOf = ({ id, kind }: Source) => {
    const own = order.indexOf(`id:${id}`)
    const ofKind = order.indexOf(kind)
    return own >= 0 ? own : ofKind >= 0 ? ofKind : order.length
  }
  return [...sources].sort((one, other) => rankOf(one) - rankOf(other) || one.name.localeCompare(other.name))
}

/** The order in which these sources count as they stand; what is not known here keeps its place after them. */
export function orderOf(sources: readonly Source[], before: readonly string[]): string[] {
  const own = sources.map(({ id }) => `id:${id}`)
  return [...own, ...before.filter((word) => !own.includes(word))]
}

/** The list with one of it elsewhere. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const [one] = list.slice(from, from + 1)
  if (one === undefined || to < 0 || to >= list.length) return list
  return list.toSpliced(from, 1).toSpliced(to, 0, one)
}
