import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What becomes of one request: an answer that the store did not give, or harm on the way there or back. */
export type Fault =
  | { readonly status: number; readonly body?: string }
  | 'reset'
  | 'silence'
  | 'cut request'
  | 'flip request'
  | 'lose answer'
  | 'cut answer'
  | 'empty answer'
  | 'shorten answer'
  | 'flip answer'
  | 'hide sums'

export interface FaultProxy {
  readonly url: string
  /** The requests since the last `inject`, as `METHOD path?query`, with the range where there is one. */
  readonly seen: string[]
  /** Asked for every request from now on. */
  inject(choose: (request: IncomingMessage) => Fault | undefined): void
  stop(): Promise<void>
}

/** An HTTP proxy on loopback in front of `target`, which harms what it is told to. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const seen: string[] = []
  let choose: (request: IncomingMessage) => Fault | undefined = () => undefined
  const server = createServer((request, response) => {
    seen.push([request.method, request.url, request.headers.range].filter(Boolean).join(' '))
    pass(new URL(target), own(), request, response, choose(request)).catch((error) => response.destroy(error))
  })
  const own = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: own(),
    seen,
    inject(next) {
      seen.length = 0
      choose = next
    },
    stop() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function pass(target: URL, own: string, request: IncomingMessage, response: ServerResponse, fault: Fault | undefined): Promise<void> {
  if (fault === 'reset') return void request.socket.destroy()
  const body = await bytesOf(request)
  if (fault === 'silence') return
  if (typeof fault === 'object') return void response.writeHead(fault.status).end(fault.body)
  if (fault === 'cut request') {
    // Half of the content, and then the connection is gone.
    const half = send(target, { method: request.method, path: request.url, headers: request.headers })
    half.once('error', () => request.socket.destroy())
    half.write(body.subarray(0, body.length >> 1), () => half.destroy(new Error('cut')))
    return
  }
  const answer = await exchange(target, request, fault === 'flip request' ? flipped(body) : body)
  const content = await bytesOf(answer)
  if (fault === 'lose answer') return void request.socket.destroy()
  const headers = { ...answer.headers }
  if (headers.location !== undefined) headers.location = headers.location.replace(target.origin, own)
  give(response, answer.statusCode ?? 502, headers, content, fault)
}

function give(
  response: ServerResponse,
  status: number,
  headers: IncomingMessage['headers'],
  content: Buffer,
  fault: Exclude<Fault, object> | undefined,
): void {
  const half = content.length >> 1
  if (fault === 'hide sums') for (const name of Object.keys(headers)) if (name.startsWith('x-amz-checksum')) delete headers[name]
  if (fault === 'shorten answer') {
    response.writeHead(status, { ...headers, 'content-length': half }).end(content.subarray(0, half))
    return
  }
  response.writeHead(status, headers)
  if (fault === 'cut answer' || fault === 'empty answer') {
    response.flushHeaders()
    response.write(content.subarray(0, fault === 'cut answer' ? half : 0), () => response.destroy())
    return
  }
  response.end(fault === 'flip answer' ? flipped(content) : content)
}

function exchange(target: URL, request: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const passed = send(target, { method: request.method, path: request.url, headers: request.headers }, resolve)
    passed.once('error', reject)
    passed.end(body)
  })
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** One bit in the middle. */
function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  const at = bytes.length >> 1
  if (bytes.length > 0) copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}
