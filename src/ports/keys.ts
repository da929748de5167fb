/** One key of a person, 32 bytes, with its version: what is sealed names the version that opens it. */
export interface PersonKey {
  readonly version: number
  readonly bytes: Uint8Array
}

export interface PersonKeys {
  /** Newest first: the first one seals, every one opens. Never empty. */
  readonly data: readonly PersonKey[]
  /** Makes this person's pseudonym in the audit log; it dies with the data keys, and the log still verifies. */
  readonly audit: Uint8Array
}

/** What a receipt says of the keys that are no more: SHA-256 of each, hex. */
export interface DestroyedKeys {
  readonly fingerprints: readonly string[]
}

/** Stands where a person's id would: the keys of what is nobody's. No id looks like it. */
export const HOUSE = '*'

/**
 * A person's own keys, each kept wrapped by the root key and apart from the data. Durable when a promise resolves.
 * Opening it with another root key than the one that wrapped throws `Problem('wrong_root_key')`.
 */
export interface Keys extends AsyncDisposable {
  /** Which store of keys this is: data that were sealed with those of one open with no other. */
  readonly storeId: string
  /** Undefined for a person who never had keys; throws `Problem('erased')` where they were destroyed. */
  of(userId: string): Promise<PersonKeys | undefined>
  /** Theirs, made where there were none. Two callers at once get the same. Throws `Problem('erased')` where they were destroyed. */
  make(userId: string): Promise<PersonKeys>
  /** Adds a newer data key; what older ones sealed stays readable. */
  rotate(userId: string): Promise<PersonKeys>
  /** For good, here and in every process within a second; undefined where there was none. Asked again it answers the same. */
  destroy(userId: string): Promise<DestroyedKeys | undefined>
}
