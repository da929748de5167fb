/** Signs in the name of this installation, with Ed25519. The same key for as long as its place is kept. */
export interface Signer {
  /** The raw public key in base64url, as JWK has it (RFC 8037). */
  publicKey(): Promise<string>
  /** In base64url. */
  sign(bytes: Uint8Array): Promise<string>
}
