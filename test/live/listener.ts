/** One event as the wire had it. */
export interface Heard {
  readonly id: string
  readonly event: string
  readonly data: Record<string, unknown>
}

export interface ListenOptions {
  readonly token?: string
  readonly after?: string | undefined
  readonly types?: string
  readonly signal?: AbortSignal
}

/** The events of a feed until it ends; leaving the loop cuts the connection. */
export async function* listen(url: string, userId: string, options: ListenOptions = {}): AsyncGenerator<Heard> {
  const { token = userId, after, types, signal } = options
  const cut = new AbortController()
  const query = types === undefined ? '' : `?types=${types}`
  const headers = { authorization: `Bearer ${token}`, ...(after !== undefined && { 'last-event-id': after }) }
  try {
    const reply = await fetch(`${url}/v1/users/${userId}/events${query}`, {
      headers,
      signal: signal ? AbortSignal.any([signal, cut.signal]) : cut.signal,
    })
    if (reply.status !== 200 || reply.body === null) throw new Error(`${reply.status} ${await reply.text()}`)
    yield* eventsIn(reply.body)
  } finally {
    cut.abort()
  }
}

async function* eventsIn(body: AsyncIterable<Uint8Array>): AsyncGenerator<Heard> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = Object.fromEntries(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]),
      )
      text = text.slice(end + 2)
      if (fields.event !== undefined) yield { id: fields.id ?? '', event: fields.event, data: JSON.parse(fields.data ?? '') }
    }
  }
}

/** Reads on until `isLast`; gives all that was heard but the greeting. */
export async function hearUntil(feed: AsyncGenerator<Heard>, isLast: (heard: Heard) => boolean): Promise<Heard[]> {
  const all: Heard[] = []
  for await (const heard of feed) {
    if (heard.event !== 'ready') all.push(heard)
    if (isLast(heard)) break
  }
  return all
}
