import type { SentEvent } from './call.ts'

const HEARTBEAT_MS = 15_000

/** Server-sent events as the wire has them, with a comment whenever 15 s passed in silence, so that proxies keep the line. */
export async function* eventStream(events: AsyncIterable<SentEvent>): AsyncGenerator<string> {
  yield ': connected\n\n'
  const source = events[Symbol.asyncIterator]()
  try {
    let next = source.next()
    for (;;) {
      const found = await unlessSilent(next)
      if (found === 'silence') yield ': heartbeat\n\n'
      else if (found.done) return
      else {
        const { id, event, data } = found.value
        yield `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
        next = source.next()
      }
    }
  } finally {
    await source.return?.()
  }
}

async function unlessSilent<T>(next: Promise<T>): Promise<T | 'silence'> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<'silence'>((resolve) => {
    timer = setTimeout(resolve, HEARTBEAT_MS, 'silence').unref()
  })
  try {
    return await Promise.race([next, silence])
  } finally {
    clearTimeout(timer)
  }
}
