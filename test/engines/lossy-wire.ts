import { connect, createServer, type Socket } from 'node:net'

/** A way to a gRPC server on which an answer can be lost. */
export interface LossyWire {
  readonly host: string
  /** The connection breaks when the next answer comes, and the answer is gone. */
  loseNextAnswer(): void
  stop(): Promise<void>
}

export async function lossyWire(to: string): Promise<LossyWire> {
  const [address, port] = to.split(':')
  const open = new Set<Socket>()
  let isLosing = false
  const server = createServer((client) => {
    const store = connect(Number(port), address)
    const end = () => {
      client.destroy()
      store.destroy()
      open.delete(client)
    }
    open.add(client)
    for (const socket of [client, store]) socket.on('close', end).on('error', end)
    client.pipe(store)
    const beginsAnswer = answerReader()
    store.on('data', (chunk: Buffer) => {
      if (beginsAnswer(chunk) && isLosing) {
        isLosing = false
        end()
      } else client.write(chunk)
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const at = server.address()
  return {
    host: `127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}`,
    loseNextAnswer() {
      isLosing = true
    },
    async stop() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}

const frameHead = 9
const headersFrame = 1

/** Whether a HEADERS frame (RFC 9113, 4.1 and 6.2) begins in the next bytes of a server; others are of the connection. */
function answerReader(): (chunk: Buffer) => boolean {
  let rest = Buffer.alloc(0)
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    let begins = false
    while (rest.length >= frameHead && rest.length >= frameHead + rest.readUIntBE(0, 3)) {
      begins ||= rest[3] === headersFrame
      rest = rest.subarray(frameHead + rest.readUIntBE(0, 3))
    }
    return begins
  }
}
