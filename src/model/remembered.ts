/** A function of one object that never changes, which computes each object's answer once. */
export function remembered<Of extends object, Answer>(compute: (of: Of) => Answer): (of: Of) => Answer {
  const answers = new WeakMap<Of, { readonly answer: Answer }>()
  return (of) => {
    const known = answers.get(of)
    if (known !== undefined) return known.answer
    const answer = compute(of)
    answers.set(of, { answer })
    return answer
  }
}

/** By its number an object is told apart from all others of its kind. */
export interface Numbered {
  readonly number: number
}

/**
 * A function of several objects that never change, some of which may be missing: with each first object it knows the answer for the others
 * it was last asked about. By their numbers, since objects would keep each other, and so all of a long history, in memory.
 */
export function rememberedTogether<Of extends Numbered, Answer>(
  compute: (of: readonly (Of | undefined)[]) => Answer,
): (of: readonly (Of | undefined)[]) => Answer {
  const answers = new WeakMap<Of, { readonly numbers: readonly number[]; readonly answer: Answer }>()
  return (of) => {
    const first = of[0]
    if (first === undefined) return compute(of)
    const known = answers.get(first)
    if (known !== undefined && areOf(known.numbers, of)) return known.answer
    const answer = compute(of)
    answers.set(first, { numbers: of.map(numberOf), answer })
    return answer
  }
}

function areOf(numbers: readonly number[], of: readonly (Numbered | undefined)[]): boolean {
  for (let at = 0; at < of.length; at++) if (numbers[at] !== numberOf(of[at])) return false
  return numbers.length === of.length
}

function numberOf(each: Numbered | undefined): number {
  return each === undefined ? 0 : each.number
}
