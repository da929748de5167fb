export interface SetOptions {
  /** Always there: nothing is kept for ever. */
  readonly ttlMs: number
  /** Only where nothing stands under the key. */
  readonly ifAbsent?: true
}

export interface Count {
  /** How many increments the window has seen, this one included. */
  readonly count: number
  /** Until the window ends. */
  readonly leftMs: number
}

export interface Listener {
  /** In the order in which they were published. */
  onMessage(message: string): void
  /** The channel is heard again: what was published in between, if anything, is lost. */
  onGap(): void
}

export interface Subscription {
  close(): Promise<void>
}

/**
 * A memory shared by processes, which may forget anything at any time. Never an authority: everything works, slower, when
 * it is gone. Keys and values are text.
 *
 * No method rejects because the cache is absent, full, slow or restarting. Each answers within 50 ms, `delete` and
 * `subscribe` within 500 ms; a cache that does not answer is not asked again until it has shown itself alive, and
 * until then the answer comes at once.
 *
 * A command that was answered ran before its answer. One that was not (`false`, undefined) may still run later, once.
 */
export interface Cache {
  /**
   * A name for the memory that answers now, undefined while none does. It changes whenever what was replaced or deleted may
   * have come back, as after a restart from a snapshot. What was asked between two equal answers was asked of that memory.
   */
  memory(): string | undefined
  /** In the order of the keys; undefined for what is not there, and for all when nobody answers. */
  get(keys: readonly string[]): Promise<readonly (string | undefined)[]>
  /** True when the value was stored. */
  set(key: string, value: string, options: SetOptions): Promise<boolean>
  /** True when none of the keys is there any more. */
  delete(keys: readonly string[]): Promise<boolean>
  /** Every key that has `part` in it, among all there are: slow, and for what must not lie there until its time is over. True when it was done. */
  deleteMatching(part: string): Promise<boolean>
  /** Counts in a fixed window that begins with its first increment. Undefined when the count cannot be known. */
  increment(key: string, windowMs: number): Promise<Count | undefined>
  /** To whoever listens now, in every process. True when it was handed on. */
  publish(channel: string, message: string): Promise<boolean>
  /** Resolves when the channel is heard or is known not to be heard yet: then `onGap` says when it is. */
  subscribe(channel: string, listener: Listener): Promise<Subscription>
}
