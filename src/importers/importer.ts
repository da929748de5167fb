import type { SampleTable } from '../model/sample-table.ts'
import type { Source } from '../model/source.ts'
import type { StoredZones } from '../model/zone.ts'
import type { Scratch } from '../ports/scratch.ts'
import type { ByteSource } from './byte-source.ts'

/** One source's samples of one local date, each once, in canonical order. Its table is good until the next draft is taken. */
export interface SessionDraft {
  readonly source: Source
  readonly localDate: string
  /** The zone in force when the date ended. */
  readonly zone: string
  readonly table: SampleTable
}

/** What stands in the file itself; every record is received once and ends in exactly one of the four. */
export interface ReadCounts {
  received: number
  /** Exact repeats within the file, and versions that a later one replaces. */
  duplicate: number
  rejected: number
}

export interface Reading {
  readonly counts: ReadCounts
  /** How many elements of each kind stood in the file. */
  readonly elements: Readonly<Record<string, number>>
  /** By code; the example is a place in the file, never a value. Complete once the drafts have been taken. */
  readonly problems: ReadonlyMap<string, { readonly count: number; readonly example: string }>
  readonly zones: StoredZones
  /** False when the file ended or broke before its end; what stood before is in the drafts. */
  readonly whole: boolean
  /** What the file says of the person. */
  readonly person: { readonly dateOfBirth?: string; readonly gender?: 'male' | 'female' | 'other' }
  /** In order of date. Take them once. */
  drafts(): Iterable<SessionDraft>
  close(): void
}

export interface ReadOptions {
  readonly scratch: Scratch
  readonly nowMs: number
  readonly profileZone?: string
  readonly storedZones?: StoredZones
  /** Bytes of the source that have been read so far. */
  readonly onProgress?: (bytes: number) => void
}

/** Turns one format into sessions. Throws `Problem` for a file that is not to be read at all. */
export interface Importer {
  readonly format: string
  read(source: ByteSource, options: ReadOptions): Promise<Reading>
}
