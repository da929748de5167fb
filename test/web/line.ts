import { createServer, type IncomingMessage, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A way to a server on which what is asked can be let go, or broken off. */
export interface Line extends AsyncDisposable {
  readonly url: string
  /** Whether a request is broken off before its server hears of it, from now on. */
  breakOff(isBroken: (request: IncomingMessage) => boolean): void
  /** What got through, as `METHOD path?query`. */
  readonly passed: readonly string[]
}

export async function layLine(target: string): Promise<Line> {
  const passed: string[] = []
  let isBroken: (request: IncomingMessage) => boolean = () => false
  const server = createServer((request, response) => {
    if (isBroken(request)) return void request.socket.destroy()
    passed.push(`${request.method} ${request.url}`)
    const { method, url = '/', headers } = request
    const far = send(new URL(url, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    // An end that is gone is told to the other by its absence.
    far.on('error', () => response.destroy())
    response.on('close', () => far.destroy())
    request.pipe(far)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    breakOff: (next) => {
      isBroken = next
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
