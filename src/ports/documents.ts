/** A JSON document with its place and version. `version` starts at 1 and grows by one at each put. */
export interface Stored<T = unknown> {
  readonly path: string
  readonly version: number
  readonly body: T
}

/** `ifAbsent`, `ifVersion` and `unlessSame` exclude each other. A delete without `ifVersion` is no error when nothing is there; one with `ifVersion: 0` takes nothing away and expects that. */
export type Write = (
  | {
      readonly op: 'put'
      readonly path: string
      readonly body: object
      readonly ifVersion?: number
      readonly ifAbsent?: true
      /** What says the same already may stay as it is, at its version: to look costs less than to write. */
      readonly unlessSame?: true
    }
  | { readonly op: 'delete'; readonly path: string; readonly ifVersion?: number }
  | {
      readonly op: 'delete'
      readonly path: string
      readonly ifVersion: number
      readonly quiet: true
      /** Others of the same collection and parent, in one step with it: each must be there and of its version. At most 5,000 in a batch. */
      readonly siblings: readonly { readonly id: string; readonly version: number }[]
    }
) & {
  /** Nobody is told of it: what is there is there still, in another place, or has come to the end of its time. */
  readonly quiet?: true
}

/**
 * The order is that of the index's fields (high to low where the collection says `descending`), then of the id, in the
 * direction of the last field. Numbers come before text; text is ordered by code point. A document that lacks one of the
 * index's fields, or has something other than text or a finite number there, is not in that index.
 */
export interface ListQuery {
  /** A collection of `model/collections.ts`, by its key there, e.g. `healthSessions`. */
  readonly collection: string
  /** Parent document path, e.g. `users/u1`; absent for a top-level collection or a collection group. */
  readonly parent?: string
  /** A declared index of that collection; absent lists by id (a collection group: by parent, then id). */
  readonly index?: string
  /** Equal on the index's leading fields, in order. */
  readonly equals?: readonly (string | number)[]
  /** Range on the field after those, inclusive `from`, exclusive `to`. Without an index it is a range of ids, under one parent. */
  readonly from?: string | number
  readonly to?: string | number
  /** 1 to 10,000. */
  readonly limit: number
  /** `nextCursor` of the page before; all but `limit` must be as it was. */
  readonly cursor?: string
  /**
   * Which are of use to the caller, as far as the fields tell that are not sealed: a store may leave others out, so that a page may have fewer
   * than `limit`, rather than open them.
   */
  readonly isOfUse?: (body: unknown) => boolean
  /** Of what is sealed the caller looks only at what the collection keeps `apart`: a store may leave out the rest rather than open it. */
  readonly brief?: true
  /**
   * Bodies come as their JSON text, for whoever carries them on and looks at little of them: `list<string>`. Nothing has read it, so that one
   * that cannot be read is found by whoever does. `isOfUse` is not asked.
   */
  readonly asText?: true
}

/** The first documents of an index whose leading fields are equal to `equals`. */
export interface ClaimQuery {
  readonly collection: string
  readonly index: string
  readonly equals: readonly (string | number)[]
  /** How many to take, 1 to 100. */
  readonly limit: number
}

export interface Page<T = unknown> {
  readonly data: readonly Stored<T>[]
  /** Absent on the last page. */
  readonly nextCursor?: string
}

/**
 * Documents by path (`users/u1/days/2024-01-20`). A promise that resolved has made its writes durable: they survive
 * kill -9 and a power cut. `batch` is atomic (all or nothing, in the order given, at most 500 writes). A batch that was
 * rejected left nothing behind, unless its commit was under way (`unavailable`): then it is there wholly or not at all.
 * Reads see every write that was acknowledged before them. Object keys may come back in another order than they were put.
 *
 * Problems: `conflict` a precondition failed · `invalid` a query, cursor or batch that cannot be · `invalid_id` a path
 * that is none · `storage_full` · `unavailable` the store is locked or its disk failed · `storage_corrupt` a body that
 * cannot be read.
 */
export interface Documents {
  get<T>(path: string): Promise<Stored<T> | undefined>
  list<T>(query: ListQuery): Promise<Page<T>>
  batch(writes: readonly Write[]): Promise<void>
  /**
   * Takes documents in the index's order: each one for which `change` gives a body gets that body, until `limit` are taken
   * or 1,000 were looked at; undefined passes one by. No document is changed by two callers from the same version. Returns
   * them as they are now; their new `version` is the fence of whoever took them. Durable. When it is rejected some may
   * have been taken. `change` is synchronous and may be asked twice about one document.
   */
  claim<T extends object>(query: ClaimQuery, change: (found: Stored<T>) => T | undefined): Promise<readonly Stored<T>[]>
  /**
   * The same documents for a call that is about one person. Where the engine has a second wall (PostgreSQL), those of other people are
   * not there, whatever is asked for; to write one is a fault, and what is nobody's can only be read. Elsewhere these documents themselves.
   */
  actingFor(userId: string): Documents
  close(): Promise<void>
}
