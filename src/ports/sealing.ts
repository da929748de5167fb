import type { Stored } from './documents.ts'

/** Whether what lies in the stores is sealed as it would be if it were written now; not so is what was kept before there were keys, or newer ones. */
export interface Sealing {
  /** Of a document as it lies. */
  isStale(lying: Stored<object>): Promise<boolean>
  /** Of the object under this key. */
  isStaleObject(key: string): Promise<boolean>
}
