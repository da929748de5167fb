import type { IncomingMessage } from 'node:http'
import type { FastifyReply } from 'fastify'

/** How long a client may go on sending what nobody reads. */
const LINGER_MS = 2000

/** So much of a body that nobody wants is read to its end: to open the connection anew would cost both sides more. */
const MOST_LEFT = 128 * 1024

export function isFarFromRead({ complete, headers }: IncomingMessage): boolean {
  // Undefined where the request is made up in the process.
  if (complete !== false) return false
  const length = Number(headers['content-length'] ?? Number.NaN)
  return !(length <= MOST_LEFT)
}

/**
 * What is not read of the body would be taken for the next request, so the connection ends. It ends gently: closed while the client still
 * sends, it would be reset, and the client would never see why.
 */
export function closeGently(request: IncomingMessage, reply: FastifyReply): void {
  reply.header('connection', 'close')
  const { socket } = request
  if (typeof socket?.destroySoon !== 'function') return
  socket.destroySoon = () => {
    socket.end()
    request.resume()
    setTimeout(() => socket.destroy(), LINGER_MS).unref()
  }
}
