import type { z } from 'zod'
import type { Api, Endpoint, PathParams, Replied } from '../api/endpoint.ts'
import { Problem } from '../model/problem.ts'
import { addressOf } from './address.ts'
import { eventsOf, type HeardEvent } from './heard-events.ts'
import { problemOf } from './problem-of.ts'

export interface ClientOptions {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string
  /** An API key or an access token. Absent: the browser's session, for pages that the server itself sent. */
  readonly token?: string
}

/** Whatever `fetch` sends. */
type Bytes = NonNullable<RequestInit['body']>

type ParamsOf<E extends Endpoint> = [PathParams<E['path']>] extends [never]
  ? object
  : { readonly params: Readonly<Record<PathParams<E['path']>, string>> }
type QueryOf<E extends Endpoint> = E['query'] extends z.ZodType
  ? Record<never, never> extends z.input<E['query']>
    ? { readonly query?: z.input<E['query']> }
    : { readonly query: z.input<E['query']> }
  : object
type BodyOf<E extends Endpoint> = E['body'] extends { type: 'json'; schema: infer S extends z.ZodType }
  ? { readonly body: z.input<S> }
  : E['body'] extends { type: 'samples' | 'file' }
    ? { readonly body: Bytes; readonly mediaType?: string }
    : object

/** What an endpoint is asked: its path's ids, its query, its body. */
export type Ask<E extends Endpoint> = ParamsOf<E> &
  QueryOf<E> &
  BodyOf<E> & {
    /** The version that a change is made on. */
    readonly ifMatch?: number
    /** The same for each repetition of one POST; a new one each time unless said. */
    readonly idempotencyKey?: string
    readonly handling?: 'strict' | 'lenient'
    /** Of an event stream: the last event that was heard. */
    readonly lastEventId?: string
    /** Of a file that is sent: its name, without its folder. */
    readonly fileName?: string
    readonly signal?: AbortSignal
  }

export interface Reply<E extends Endpoint> {
  readonly status: number
  readonly requestId: string
  readonly body: Replied<E>
  /** The version that the ETag names. */
  readonly version: number | undefined
  /** Path of what was made. */
  readonly location: string | undefined
  /** Of an event stream; empty otherwise. */
  readonly events: AsyncIterable<HeardEvent>
  /** Of a file; null otherwise. */
  readonly content: ReadableStream<Uint8Array> | null
}

/** One function an endpoint, by its name in the table. Throws the server's `Problem`, or `unavailable` where nobody answers. */
export type Client<A extends Api> = { readonly [Name in keyof A]: (ask: Ask<A[Name]>) => Promise<Reply<A[Name]>> }

export function makeClient<A extends Api>(api: A, options: ClientOptions): Client<A> {
  const entries = Object.entries(api).map(([name, endpoint]) => [name, (ask: AnyAsk) => call(options, endpoint, ask)])
  return Object.fromEntries(entries)
}

interface AnyAsk {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly mediaType?: string
  readonly ifMatch?: number
  readonly idempotencyKey?: string
  readonly handling?: string
  readonly lastEventId?: string
  readonly fileName?: string
  readonly signal?: AbortSignal
}

async function call({ url, token }: ClientOptions, endpoint: Endpoint, ask: AnyAsk): Promise<Reply<Endpoint>> {
  const address = new URL(addressOf(endpoint.path, ask.params ?? {}), url)
  for (const [name, value] of Object.entries(ask.query ?? {})) if (value !== undefined) address.searchParams.set(name, String(value))
  const response = await fetch(address, {
    method: endpoint.method.toUpperCase(),
    headers: headersOf(endpoint, ask, token),
    redirect: 'error',
    ...(endpoint.body !== undefined && { body: bodyOf(endpoint, ask), duplex: 'half' }),
    ...(ask.signal && { signal: ask.signal }),
  }).catch((cause: unknown) => {
    if (!(cause instanceof TypeError)) throw cause
    throw new Problem('unavailable', `${url} does not answer.`, { cause })
  })
  if (!response.ok) throw await problemOf(response)
  return replyOf(endpoint, response)
}

function headersOf(endpoint: Endpoint, ask: AnyAsk, token: string | undefined): Headers {
  // A session counts for scripts of the server's own pages: only those may add a header.
  const headers = new Headers(token === undefined ? { 'x-requested-by': 'client' } : { authorization: `Bearer ${token}` })
  if (endpoint.body !== undefined) headers.set('content-type', ask.mediaType ?? mediaTypes[endpoint.body.type])
  if (endpoint.method === 'post') headers.set('idempotency-key', ask.idempotencyKey ?? crypto.randomUUID())
  if (ask.ifMatch !== undefined) headers.set('if-match', `"${ask.ifMatch}"`)
  if (ask.handling !== undefined) headers.set('prefer', `handling=${ask.handling}`)
  if (ask.lastEventId !== undefined) headers.set('last-event-id', ask.lastEventId)
  // RFC 8187: a name may hold what a header may not.
  if (ask.fileName !== undefined) headers.set('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(ask.fileName)}`)
  return headers
}

const mediaTypes = { json: 'application/json', samples: 'application/json', file: 'application/octet-stream' } as const

function bodyOf({ body }: Endpoint, ask: AnyAsk): Bytes {
  return body?.type === 'json' ? JSON.stringify(ask.body) : (ask.body as Bytes)
}

async function replyOf({ reply }: Endpoint, response: Response): Promise<Reply<Endpoint>> {
  const tag = /^"(\d+)"$/.exec(response.headers.get('etag') ?? '')?.[1]
  return {
    status: response.status,
    requestId: response.headers.get('x-request-id') ?? '',
    body: (reply.type === 'json' ? await response.json() : undefined) as Replied<Endpoint>,
    version: tag === undefined ? undefined : Number(tag),
    location: response.headers.get('location') ?? undefined,
    events: reply.type === 'events' ? eventsOf(response.body) : none(),
    content: reply.type === 'file' ? response.body : null,
  }
}

async function* none(): AsyncGenerator<never> {}
