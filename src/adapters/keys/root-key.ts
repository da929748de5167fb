/** What a root key made of some bytes, and which version of it did. */
export interface Wrapped {
  readonly by: string
  readonly bytes: Uint8Array
}

/**
 * What wraps people's keys: a file here, and the place for a key management service, whose own key never leaves it. Neither call changes
 * anything.
 */
export interface RootKey {
  /** With the newest version there is. `context` is bound in. At most 4 KiB. */
  wrap(bytes: Uint8Array, context: string): Promise<Wrapped>
  /** Throws `Problem('wrong_root_key')` for what another key wrapped, `storage_corrupt` for what no key opens in this context. */
  unwrap(wrapped: Wrapped, context: string): Promise<Uint8Array>
}
