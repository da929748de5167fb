/** Time that passes, for leases and waits; what o'clock it is says `Clock`. */
export interface Timer {
  /** Milliseconds since some moment of this process; never goes back. */
  elapsedMs(): number
  /** Resolves after at least so long; of 0, once what could go on at this moment has gone on. */
  wait(ms: number): Promise<void>
}
