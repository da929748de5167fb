import { connect, createServer, type Socket } from 'node:net'

/** A way to a server of one's own, which can be cut while others still reach it. */
export interface Cable {
  readonly url: string
  /** Ends every connection and refuses new ones. */
  cut(): void
  mend(): void
  stop(): Promise<void>
}

export async function layCable(url: string): Promise<Cable> {
  const target = new URL(url)
  const ends = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    if (isCut) return void near.destroy()
    const far = connect(Number(target.port), target.hostname)
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(end)
      // A broken end is an ended one: what matters is told by the other.
      end.on('error', () => undefined)
      end.on('close', () => {
        ends.delete(end)
        other.destroy()
      })
      end.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const near = new URL(url)
  near.port = String(typeof address === 'object' && address !== null ? address.port : 0)
  const endAll = () => {
    for (const end of ends) end.destroy()
  }
  return {
    url: near.href,
    cut() {
      isCut = true
      endAll()
    },
    mend() {
      isCut = false
    },
    stop() {
      endAll()
      return new Promise((resolve) => void server.close(() => resolve()))
    },
  }
}
