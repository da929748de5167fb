export interface Finding {
  readonly check: string
  readonly ok: boolean
  readonly says: string
  /** What to do, where it is not well. */
  readonly advice?: string
}
