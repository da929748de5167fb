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
