/** A private temporary file: gone when closed, and gone when the process dies. Not durable, not shared. */
export interface ScratchFile {
  /** Adds bytes at the end; returns where they begin. */
  append(bytes: Uint8Array): number
  /** Fills `into` from position `at`; throws when fewer bytes are there. */
  read(at: number, into: Uint8Array): void
  readonly length: number
  close(): void
}

export interface Scratch {
  open(): ScratchFile
}
