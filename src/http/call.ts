import type { Api, Asked, Endpoint, Grantable, Replied } from '../api/endpoint.ts'
import type { Principal } from '../model/principal.ts'
import type { Handling } from '../model/quality.ts'
import type { Write } from '../ports/documents.ts'
import type { Content } from './read-body.ts'

/** A request that may be answered: who asks is known and may, and path, query and JSON body are what the endpoint says. */
export interface Call<E extends Endpoint> extends Asked<E> {
  readonly principal: Principal
  readonly requestId: string
  /** `Prefer: handling`; undefined where nothing was said. */
  readonly handling: Handling | undefined
  /** The version that `If-Match` names. */
  readonly ifMatch: number | undefined
  /** Of bodies that are not read as JSON: media type without parameters, and the bytes, unpacked, up to the endpoint's limit. */
  readonly mediaType: string
  readonly content: Content
  /** 32 hex digits that are the same for each repetition of a POST with one Idempotency-Key, and differ otherwise: ids of what the call makes are made of them. */
  readonly callId: string
  /** Where the endpoint's effect is one batch: the write that keeps the answer, to be in it. Who has put it there says so in `Answer.isKept`. */
  readonly keeping?: (answer: Answer<E>) => Write
  /** Asks again, in the middle of a long answer, whether the credential holds and may do this; with `grant`, whether it may see that. */
  mayStill(grant?: Grantable): Promise<boolean>
  /** Of an event stream: fires when the client goes away or the server ends. Of other calls it never does. */
  readonly signal: AbortSignal
  /** Other headers, by lower-case name. */
  header(name: string): string | undefined
}

export interface SentEvent {
  readonly id: string
  readonly event: string
  readonly data: unknown
}

export interface Answer<E extends Endpoint> {
  /** Where it differs from the endpoint's: 200 for what was there already, say. */
  readonly status?: 200 | 201 | 202
  readonly body?: Replied<E>
  /** Becomes the ETag. */
  readonly version?: number
  /** Path of what was made. */
  readonly location?: string
  /** Of an `events` reply. */
  readonly events?: AsyncIterable<SentEvent>
  /** Of a `file` reply. */
  readonly content?: AsyncIterable<Uint8Array>
  readonly headers?: Readonly<Record<string, string>>
  /** It stands in the batch of its effect, to be said again. */
  readonly isKept?: boolean
}

/** One for each endpoint of the table: a missing one does not compile. Each asks for the ports it needs. */
export type Handlers<A extends Api, D> = { readonly [Name in keyof A]: (deps: D, call: Call<A[Name]>) => Promise<Answer<A[Name]>> }
