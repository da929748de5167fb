import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyHttpOptions, FastifyInstance, FastifyReply, FastifyRequest, RawServerDefault } from 'fastify'
import { Problem } from '../model/problem.ts'
import { checkHead, type IsHost, methodRefused } from './check-head.ts'
import { problemBody, problemHeaders } from './problem-reply.ts'
import { Refusal } from './refusal.ts'
import { type AtOnce, refuseAtOnce } from './refuse-at-once.ts'
import { sendProblem } from './send-problem.ts'
import { closeGently, isFarFromRead } from './unread-body.ts'

/** How long a connection may take, ms. Bodies have a patience of their own. */
export interface EdgeTimes {
  readonly headersMs: number
  /** Whole requests, uploads among them. */
  readonly requestMs: number
  readonly idleMs: number
  /** How often the first two are looked at. */
  readonly everyMs: number
}

export const edgeTimes: EdgeTimes = { headersMs: 10_000, requestMs: 6 * 3_600_000, idleMs: 5000, everyMs: 2000 }

// More than is taken, so that the answer can say what is too large.
const READ_HEADER_BYTES = 32 * 1024
const READ_PARAM_CHARS = 8192

/** Options of Fastify that make each request one that we answer, in our words. */
export function edgeOptions(
  { headersMs, requestMs, idleMs, everyMs }: EdgeTimes,
  proxies: readonly string[] = [],
  atOnce: AtOnce = {},
): FastifyHttpOptions<RawServerDefault> {
  return {
    trustProxy: proxies.length > 0 && [...proxies],
    logger: false,
    genReqId: () => randomUUID(),
    bodyLimit: Number.MAX_SAFE_INTEGER,
    routerOptions: { maxParamLength: READ_PARAM_CHARS, caseSensitive: true, ignoreTrailingSlash: false },
    serverFactory: (handle) =>
      createServer(
        {
          maxHeaderSize: READ_HEADER_BYTES,
          headersTimeout: headersMs,
          requestTimeout: requestMs,
          keepAliveTimeout: idleMs,
          connectionsCheckingInterval: everyMs,
          // Asked for by us, with an answer that says so.
          requireHostHeader: false,
        },
        refuseAtOnce(atOnce, handle),
      ),
    exposeHeadRoutes: true,
    forceCloseConnections: 'idle',
    clientErrorHandler: refuseBytes,
    frameworkErrors: refuseAddress,
  }
}

/** Requests that are none of an endpoint's: those that Node answers by itself, and those whose head is refused. */
export function guardEdge(server: FastifyInstance, isHost: IsHost | undefined): void {
  // Hooks that wait for nothing call back: a promise for each would cost more than what they do.
  server.addHook('onRequest', ({ raw }, reply, done) => {
    answers.set(raw.socket, reply.raw)
    checkHead(raw, isHost)
    done()
  })
  server.addHook('onSend', ({ raw }, reply, _payload, done) => {
    if (isFarFromRead(raw) || reply.statusCode === 413) closeGently(raw, reply)
    done()
  })
  server.server.on('connect', (_: IncomingMessage, socket: Socket) => socket.end(rawAnswer(methodRefused())))
  server.server.on('checkExpectation', ({ socket }: IncomingMessage) =>
    socket.end(rawAnswer(new Problem('expectation_failed', 'Only 100-continue may be expected.'))),
  )
}

function refuseAddress(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  try {
    checkHead(request.raw, undefined)
    // The address itself cannot be decoded.
    sendProblem(reply, new Problem('bad_parameter', 'The address is not percent-encoded UTF-8.', { cause: error }))
  } catch (refused) {
    sendProblem(reply, refused)
  }
}

/** The answer that each connection waits for, or is being sent. */
const answers = new WeakMap<Socket, ServerResponse>()

function refuseBytes(error: Error & ParseError, socket: Socket): void {
  const answer = answers.get(socket)
  const isAnswering = answer?.headersSent === true && !answer.writableFinished
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering) socket.destroy()
  else socket.end(rawAnswer(problemOf(error)))
}

interface ParseError {
  readonly code?: string
  /** A Buffer, whatever Fastify's types say. */
  readonly rawPacket?: unknown
}

function problemOf({ code, rawPacket }: ParseError): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return rawPacket instanceof Uint8Array && !Buffer.from(rawPacket).subarray(0, READ_HEADER_BYTES).includes('\r\n')
        ? new Problem('uri_too_long', 'The address is too long.')
        : new Problem('headers_too_large', 'The headers are too large.')
    case 'HPE_INVALID_METHOD':
      return methodRefused()
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('too_slow', 'The request came too slowly.')
    default:
      return new Problem('malformed_request', 'This is not HTTP/1.1, or more than one thing at once.')
  }
}

function rawAnswer(problem: Problem): string {
  const body = problemBody(problem, randomUUID())
  const text = JSON.stringify(body)
  const headers = {
    ...problemHeaders(body),
    'content-length': Buffer.byteLength(text),
    connection: 'close',
    ...(problem instanceof Refusal ? problem.headers : {}),
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return `HTTP/1.1 ${body.status} ${STATUS_CODES[body.status]}\r\n${lines.join('\r\n')}\r\n\r\n${text}`
}
