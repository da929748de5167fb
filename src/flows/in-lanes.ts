interface Begun<R> {
  readonly made: Promise<R>
  isOver: boolean
}

/** Of each lane, so many may be done with before those that began earlier. */
const MOST_AHEAD = 16

/**
 * What `work` makes of each, in their order, so many at once: the next begins as one ends. Where one fails no other begins, and those under way
 * have ended before it is thrown.
 */
export async function* inLanes<T, R>(items: AsyncIterable<T>, lanes: number, work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const begun: Begun<R>[] = []
  let [running, hasFailed] = [0, false]
  let freed = Promise.withResolvers<void>()

  function begin(item: T): Begun<R> {
    running += 1
    const each = { made: work(item), isOver: false }
    const end = () => {
      running -= 1
      each.isOver = true
      freed.resolve()
      freed = Promise.withResolvers()
    }
    each.made.then(end, () => {
      hasFailed = true
      end()
    })
    return each
  }

  try {
    for await (const item of items) {
      while (running === lanes || begun.length === lanes * MOST_AHEAD) {
        await freed.promise
        yield* takeOver(begun)
      }
      if (hasFailed) break
      begun.push(begin(item))
    }
    for (let first = begun.shift(); first !== undefined; first = begun.shift()) yield await first.made
  } finally {
    await Promise.allSettled(begun.map(({ made }) => made))
  }
}

/** From the front, those that are over. */
async function* takeOver<R>(begun: Begun<R>[]): AsyncGenerator<R> {
  for (let first = begun[0]; first?.isOver; first = begun[0]) {
    begun.shift()
    yield await first.made
  }
}
