export interface BlobHead {
  readonly key: string
  readonly length: number
}

export interface StoredBlob extends BlobHead {
  /** Hex SHA-256 of the content, known when the put resolves; may be empty where the put was `unhashed`. */
  readonly sha256: string
}

export interface PutOptions {
  /** Only where nothing stands under the key: else `conflict`, and what is there stays. */
  readonly ifAbsent?: true
  /** What the content must come to: else `storage_corrupt`, and nothing changed. */
  readonly expect?: Expected
  /** Whoever puts does not ask for the checksum: a store that needs none leaves it out, which is a pass over the content. */
  readonly unhashed?: true
}

export interface Expected {
  readonly length?: number
  /** Hex. Of a range: of its bytes. */
  readonly sha256?: string
}

export interface GetOptions extends Expected {
  /** [from, to) in bytes, cut at the end. */
  readonly range?: { readonly from: number; readonly to: number }
}

/**
 * Byte objects by key (`samples/u1/….parquet`). A put that resolved is durable: content, name and folder survive a power
 * cut. A put replaces what stood under the key in one step: a reader sees the old bytes or the new, never a mixture.
 *
 * A key is segments of `A-Z a-z 0-9 . _ -` joined by `/`, none beginning with a dot, at most 255 bytes a segment and 512
 * in all. A caller never makes a key a folder of another (`a` beside `a/b`): a store of folders refuses it with
 * `invalid_id`, a store of objects would take it.
 *
 * What was asked to be checked and is not so is `storage_corrupt`; a store's own checksums are checked besides.
 *
 * Problems: `not_found` · `invalid_id` a key that is none · `invalid` a range that is none · `storage_full` ·
 * `unavailable` the disk or the store failed: the put may have happened or not, wholly; send it again.
 */
export interface Blobs {
  /**
   * Whole objects in memory, many at once: one durable step for all of them. Not atomic across objects: a rejected call
   * or a crash may have left some of them, each whole. The last of equal keys wins.
   */
  putAll(
    objects: readonly { readonly key: string; readonly bytes: Uint8Array }[],
    options?: Pick<PutOptions, 'unhashed'>,
  ): Promise<readonly StoredBlob[]>
  /** When `content` throws, its error comes out and nothing changed. A chunk may be written over once the next is asked for. */
  putStream(key: string, content: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<StoredBlob>
  /** Throws `Problem('not_found')`. The bytes own their buffer. */
  get(key: string, options?: GetOptions): Promise<Uint8Array>
  /**
   * The content in chunks of at most 1 MiB, one version of it throughout. Throws `Problem('not_found')` at the first step;
   * what `expect` asks is known, and thrown, after the last chunk.
   */
  read(key: string, expect?: Expected): AsyncIterable<Uint8Array>
  head(key: string): Promise<BlobHead | undefined>
  /** In ascending order of keys. `prefix` is any beginning of a key, or empty. */
  list(prefix: string): AsyncIterable<BlobHead>
  /** Durable too. No error when the key is absent. */
  delete(key: string): Promise<void>
  /** The same of many at once, as durable in as few steps as the store can. Not atomic: a rejected call may have deleted some. */
  deleteAll(keys: readonly string[]): Promise<void>
}
