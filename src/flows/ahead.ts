/** What `work` makes of each, in order, while the next `count` are under way. */
export async function* ahead<T, R>(count: number, items: AsyncIterable<T> | Iterable<T>, work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const begun: Promise<R>[] = []
  for await (const item of items) {
    const next = work(item)
    // Whoever takes it meets its error; until then it is nobody's.
    next.catch(() => undefined)
    begun.push(next)
    if (begun.length > count) yield await (begun.shift() as Promise<R>)
  }
  for (const each of begun) yield await each
}
