import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { problemBody, problemHeaders } from './problem-reply.ts'
import type { Done } from './server.ts'
import { overloaded } from './shedding.ts'
import { isFarFromRead } from './unread-body.ts'

export interface AtOnce {
  /** Whether no call would be taken now. Absent: some always are. */
  readonly isFull?: (() => boolean) | undefined
  readonly onDone?: ((done: Done) => void) | undefined
}

/**
 * Where no call would be taken, those that hand something in are told so before anything is made of them: what refusing costs is missing
 * for those that were taken. Everything else goes to `handle`.
 */
export function refuseAtOnce({ isFull, onDone }: AtOnce, handle: RequestListener): RequestListener {
  if (isFull === undefined) return handle
  return (request, response) => {
    if (isPlain(request) && isFull()) onDone?.(refuse(request, response))
    else handle(request, response)
  }
}

/** Event streams are always taken, long bodies end their connection, and a key in an address is ended whatever becomes of the call. */
function isPlain(request: IncomingMessage): boolean {
  const { method, url = '' } = request
  return method !== 'GET' && method !== 'HEAD' && !url.includes('clk_') && !isFarFromRead(request)
}

function refuse({ method = '' }: IncomingMessage, response: ServerResponse): Done {
  const startedMs = performance.now()
  const requestId = randomUUID()
  const body = problemBody(refusal, requestId)
  const text = JSON.stringify(body)
  // A text goes to the socket in one piece with its head.
  response.writeHead(body.status, { ...problemHeaders(body), 'content-length': Buffer.byteLength(text) }).end(text)
  const ms = performance.now() - startedMs
  return { requestId, endpoint: undefined, method, status: body.status, ms, credential: undefined, code: body.code, error: undefined }
}

// One for all: to note where in the code an error came from costs as much as the rest of its answer.
const refusal = overloaded()
