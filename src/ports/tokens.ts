/** What an access token of a trusted issuer says. */
export interface TokenClaims {
  readonly issuer: string
  readonly subject: string
  /** The person it speaks for. */
  readonly userId: string
  /** The words of its `scope`, none where it has none. */
  readonly scopes: readonly string[]
}

/**
 * Access tokens of the issuers that the settings name. Problems: `unauthorized` not a token of one of them for us · `token_expired` it is
 * over, or not begun, by more than 30 s · `unavailable` the issuer's keys cannot be had.
 */
export interface Tokens {
  /** How many issuers are trusted; with none every token is refused. */
  readonly issuers: number
  verify(token: string): Promise<TokenClaims>
}
