export interface Clock {
  /** Now, epoch milliseconds. */
  nowMs(): number
}
