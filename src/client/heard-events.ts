import { Problem } from '../model/problem.ts'

export interface HeardEvent {
  readonly id: string
  readonly event: string
  readonly data: unknown
}

/** The events of a `text/event-stream` of this server, whose data are one line of JSON each; heartbeats are passed over. */
export async function* eventsOf(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<HeardEvent> {
  if (stream === null) return
  const decoder = new TextDecoder()
  const reader = stream.getReader()
  let text = ''
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(lost)
      if (done) return
      const blocks = (text + decoder.decode(value, { stream: true })).split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const event = eventIn(block)
        if (event !== undefined) yield event
      }
    }
  } finally {
    await reader.cancel().catch(lost)
  }
}

/** The connection broke: the stream can be taken up again with the last id. */
function lost(cause: unknown): never {
  if (!(cause instanceof TypeError)) throw cause
  throw new Problem('unavailable', 'The connection was lost.', { cause })
}

function eventIn(block: string): HeardEvent | undefined {
  const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]))
  const data = fields.get('data')
  return data === undefined ? undefined : { id: fields.get('id') ?? '', event: fields.get('event') ?? 'message', data: JSON.parse(data) }
}
