import type { PoolClient } from 'pg'

/** What a connection writes to; `pg` keeps it to itself. */
interface Wired {
  readonly connection: { readonly stream: { cork(): void; uncork(): void } }
}

const held = new WeakSet<object>()

/**
 * Holds back what this connection is sent until whoever runs now has sent all: statements asked together are one write, and the server is
 * woken once for them. Each would be a write of its own, which costs both sides more than most statements do.
 */
export function sendTogether(client: PoolClient): void {
  const { stream } = (client as unknown as Wired).connection
  if (held.has(stream)) return
  held.add(stream)
  stream.cork()
  process.nextTick(() => {
    held.delete(stream)
    stream.uncork()
  })
}
