import type { z } from 'zod'
import type { Scope } from '../model/principal.ts'
import type { ProblemCode } from '../model/problem.ts'

/** What a call is in the audit log, which is told of every class but `none`; of what is refused it is told in any case. */
export type AuditClass = 'none' | 'read' | 'write' | 'delete' | 'export' | 'admin' | 'grant' | 'consent' | 'login'

export type BodyKind =
  /** One JSON value, read whole. */
  | { readonly type: 'json'; readonly schema: z.ZodType; readonly maxBytes: number }
  /** JSON, or one JSON value a line; the handler reads the bytes. */
  | { readonly type: 'samples'; readonly maxBytes: number }
  /** A file of any size, streamed. */
  | { readonly type: 'file'; readonly maxBytes: number }

export type ReplyKind =
  | { readonly type: 'json'; readonly status: 200 | 201 | 202; readonly schema: z.ZodType }
  | { readonly type: 'none'; readonly status: 204 }
  /** Server-sent events. */
  | { readonly type: 'events'; readonly status: 200 }
  | { readonly type: 'file'; readonly status: 200; readonly mediaType: string }

/** What a grant must give for another person's data to be reached here. */
export interface Grantable {
  readonly resource: 'profile' | 'sessions' | 'days' | 'insights' | 'trends'
  readonly access: 'read' | 'write'
}

/** One thing that can be asked over HTTP. The server, the client, OpenAPI and the access tests are made of a table of these. */
export interface Endpoint {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** `/v1/users/{userId}/sessions/{sessionId}` */
  readonly path: string
  readonly summary: string
  readonly scope: Scope
  /** Absent: only the person, and the services of their app. */
  readonly grant?: Grantable
  readonly audit: AuditClass
  readonly query?: z.ZodObject
  readonly body?: BodyKind
  readonly reply: ReplyKind
  /** Beside those that any call may get. */
  readonly problems: readonly ProblemCode[]
  /** The reply carries an ETag; a change may, or must, name the version it changes. */
  readonly versioned?: 'read' | 'may' | 'must'
  /** Bodies of this media type have their effect in one batch of documents, with which the answer is kept. */
  readonly oneBatch?: string
  /** The reply tells a secret and is not kept to be said again: its handler sees by `callId` that it was called before. */
  readonly tellsSecret?: true
  /** The answer is made of the documents of many people: a second wall, behind which there is one, is not for it. */
  readonly amongPeople?: true
  readonly examples?: { readonly body?: unknown; readonly reply?: unknown }
}

export type PathParams<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | PathParams<Rest> : never

type QueryOf<E extends Endpoint> = E['query'] extends z.ZodType ? z.output<E['query']> : Record<never, never>
type JsonBody<E extends Endpoint> = E['body'] extends { type: 'json'; schema: infer S extends z.ZodType } ? z.output<S> : undefined
type ReplyBody<E extends Endpoint> = E['reply'] extends { type: 'json'; schema: infer S extends z.ZodType } ? z.input<S> : undefined

/** What an endpoint's path, query and body say, checked. */
export interface Asked<E extends Endpoint> {
  readonly params: Readonly<Record<PathParams<E['path']>, string>>
  readonly query: QueryOf<E>
  readonly body: JsonBody<E>
}

export type Replied<E extends Endpoint> = ReplyBody<E>

export type Api = Readonly<Record<string, Endpoint>>
