export interface OutgoingRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** For all of it, from the look-up of the name to the last byte of the reply. */
  readonly timeoutMs: number
}

export interface IncomingReply {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** At most 1 MiB. */
  readonly body: Uint8Array
}

/**
 * The one way out to addresses that others chose: https to hosts of the public internet, whose name is looked up once and whose address is
 * then kept to. Redirects are not followed: they are replies like any other.
 *
 * Problems: `address_refused` not an address of that kind, also where a name has one that is not · `unavailable` nobody answered in time,
 * or with more than 1 MiB.
 */
export interface Egress {
  /** Throws where `send` would refuse the address as it is written, or as its name is now; `unavailable` where nobody says in time. */
  check(url: string): Promise<void>
  send(request: OutgoingRequest): Promise<IncomingReply>
}
