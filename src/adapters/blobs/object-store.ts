import type { BlobHead } from '../../ports/blobs.ts'
import type { FailpointOptions } from '../failpoints.ts'

export interface ObjectStoreOptions extends FailpointOptions {
  /** How long the store may be silent; 60 s unless told. */
  readonly silenceMs?: number
  /** How often a request is sent before it has failed; 4 unless told. */
  readonly attempts?: number
}

/** A put, known by its `id` beside the object: one whose answer was lost finds itself again. */
export interface Target {
  readonly key: string
  readonly ifAbsent: boolean
  readonly id: string
}

/** [from, to) of one version; to the end where `to` is absent. */
export interface Span {
  readonly from: number
  readonly to?: number
  readonly version?: string
}

export interface Sum {
  add(chunk: Uint8Array): void
  isRight(): boolean
}

export interface OpenedObject {
  /** Of the span. */
  readonly length: number
  /** Absent where the store names none: then what breaks cannot be taken up again. */
  readonly version?: string
  /** Hex, of the whole content, where the store knows it. */
  readonly sha256?: string
  /** Another sum of the whole that the store knows. */
  readonly sum?: Sum
  readonly body: AsyncIterable<Uint8Array>
}

/** What is asked of an object store over HTTP; `object-blobs` makes the port of it. Every error is translated. */
export interface ObjectStore {
  readonly partBytes: number
  readonly silenceMs: number
  readonly attempts: number
  /** In one request. */
  put(target: Target, bytes: Uint8Array, sha256: string): Promise<void>
  /** In several. What `parts` throws comes out, and nothing stays. `sha256` is known after the last part. */
  upload(target: Target, parts: AsyncIterable<Uint8Array>, sha256: () => string): Promise<void>
  /** `not_found`; `conflict` where the version is no longer there. A span behind the end is empty. */
  open(key: string, span: Span): Promise<OpenedObject>
  /** What the body of an opened object threw. */
  asProblem(error: unknown): unknown
  head(key: string): Promise<BlobHead | undefined>
  list(prefix: string): AsyncIterable<BlobHead>
  delete(key: string): Promise<void>
  close(): void
}
