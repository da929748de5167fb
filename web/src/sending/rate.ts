/** The rate is that of so long a past, ms: a burst into a buffer is no rate. */
const PAST_MS = 4000
/** Less says nothing. */
const LEAST_MS = 250

/** Called with how much is done at a time, ms: how much of it a second lately; undefined until that can be said. */
export function rateMeter(): (atMs: number, done: number) => number | undefined {
  const samples: { readonly atMs: number; readonly done: number }[] = []
  return (atMs, done) => {
    // What begins anew is measured anew.
    if (done < (samples.at(-1)?.done ?? 0)) samples.length = 0
    samples.push({ atMs, done })
    while (samples.length > 2 && atMs - (samples[0]?.atMs ?? atMs) > PAST_MS) samples.shift()
    const first = samples[0] ?? { atMs, done }
    return atMs - first.atMs < LEAST_MS ? undefined : ((done - first.done) / (atMs - first.atMs)) * 1000
  }
}
