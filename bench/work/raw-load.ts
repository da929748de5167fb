import { connect, type Socket } from 'node:net'
import type { Hear, Load, LoadRequest } from './load.ts'

/**
 * Each connection sends its next request when the one before is answered, and where a rate is to be kept not before that allows it: those
 * that are free make up for those that wait. Prepared bytes are written to sockets, since it shares the processor with whom it asks. Whole
 * answers only: a status, a length and as many bytes.
 */
export async function loadRaw({ url, connections, seconds, rate = Infinity, next }: Load, hear: Hear) {
  const { hostname, port, host } = new URL(url)
  const run = { isOver: false, errors: 0, begun: 0 }
  const startedMs = performance.now()
  const lines = Array.from({ length: connections }, () => openLine(() => connect({ host: hostname, port: Number(port), noDelay: true })))
  setTimeout(() => {
    run.isOver = true
  }, seconds * 1000)
  await Promise.all(lines)
  return { seconds: (performance.now() - startedMs) / 1000, errors: run.errors }

  /** Resolves when it is over and the last request of the line is answered. */
  function openLine(open: () => Socket): Promise<void> {
    return new Promise((resolve) => {
      let sentMs = 0
      let come: Buffer = Buffer.alloc(0)
      const socket = open()
      const send = () => {
        if (run.isOver) return socket.end()
        sentMs = performance.now()
        write(socket, host, next())
      }
      const sendInTurn = () => {
        const aheadMs = startedMs + (1000 * run.begun++) / rate - performance.now()
        if (aheadMs > 0) setTimeout(send, aheadMs)
        else send()
      }
      socket.on('connect', sendInTurn)
      socket.on('data', (bytes: Buffer) => {
        come = come.length === 0 ? bytes : Buffer.concat([come, bytes])
        const answer = answerIn(come)
        if (answer === undefined) return
        come = come.subarray(answer.length)
        hear(answer.status, performance.now() - sentMs)
        sendInTurn()
      })
      socket.on('error', () => {
        run.errors += 1
      })
      socket.on('close', () => (run.isOver ? resolve() : openLine(open).then(resolve)))
    })
  }
}

function write(socket: Socket, host: string, { method, path, headers, body = '', tail }: LoadRequest): void {
  const said = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const length = method === 'GET' ? '' : `content-length: ${Buffer.byteLength(body) + (tail?.length ?? 0)}\r\n`
  socket.cork()
  socket.write(`${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n${said.join('')}${length}\r\n${body}`)
  if (tail !== undefined) socket.write(tail)
  socket.uncork()
}

const LENGTH = /\r\ncontent-length: (\d+)\r\n/i

/** Undefined until all of it has come. */
function answerIn(bytes: Buffer): { readonly status: number; readonly length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = bytes.toString('latin1', 0, end + 2)
  const length = end + 4 + Number(LENGTH.exec(head)?.[1] ?? Number.NaN)
  if (Number.isNaN(length)) throw new Error(`An answer without its length: ${head}`)
  return bytes.length < length ? undefined : { status: Number(head.slice(9, 12)), length }
}
