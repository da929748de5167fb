import type { SampleTable } from '../model/sample-table.ts'
import { selectRows, wordAt } from './select.ts'

export interface Merged {
  readonly table: SampleTable
  /** For each row of the newcomer: 1 where it was added, 0 where the sample was there already or a later version of it. */
  readonly added: Uint8Array
  /** Rows of the older table that a newer version replaces. */
  readonly replaced: number
}

/**
 * Late samples join a session: the same sample (type, start, end, value) is kept once, and of samples with one sync identifier only
 * the highest version; of equals the one that was there. The order is that of every session file: metric, type, start, end.
 */
export function mergeTables(older: SampleTable, newer: SampleTable): Merged {
  const before = versionsOf(older)
  const after = versionsOf(newer)
  const known = new Set<string>()
  const added = new Uint8Array(newer.rows)
  const picked: Picked[] = []
  for (let row = 0; row < older.rows; row++) {
    if (isSuperseded(before, row, after)) continue
    known.add(identity(older, row))
    picked.push(pick(older, 0, row))
  }
  const replaced = older.rows - picked.length
  for (let row = 0; row < newer.rows; row++) {
    const sample = identity(newer, row)
    if (known.has(sample) || isSuperseded(after, row, after) || !isAhead(after, row, before)) continue
    known.add(sample)
    added[row] = 1
    picked.push(pick(newer, 1, row))
  }
  picked.sort(inOrder)
  const from = picked.map((sample) => sample.from)
  const rows = picked.map((sample) => sample.row)
  return { table: selectRows([older, newer], from, rows), added, replaced }
}

interface Picked {
  readonly from: number
  readonly row: number
  readonly kind: string
  readonly start: number
  readonly end: number
}

function pick(table: SampleTable, from: number, row: number): Picked {
  const kind = `${wordAt(table, 'metric', row) ?? '~'} ${wordAt(table, 'type', row) ?? ''}`
  return { from, row, kind, start: table.instants.start[row] as number, end: table.instants.end[row] as number }
}

function inOrder(a: Picked, b: Picked): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1
  return a.start - b.start || a.end - b.end || a.from - b.from || a.row - b.row
}

/** Values to six digits: an export made after a change of units says the same sample in miles, and differs in the last digits. */
function identity(table: SampleTable, row: number): string {
  const { start, end } = table.instants
  const text = wordAt(table, 'text', row)
  return `${wordAt(table, 'type', row)}|${start[row]}|${end[row]}|${text ?? (table.numbers.value[row] as number).toPrecision(6)}`
}

/** The sync identifiers of a table, each with its highest version. */
interface Versions {
  readonly of: (row: number) => Sync | undefined
  readonly highest: ReadonlyMap<string, number>
}

interface Sync {
  /** Type and identifier. */
  readonly id: string
  readonly version: number
}

const SYNC = '"HKMetadataKeySyncIdentifier"'

function versionsOf(table: SampleTable): Versions {
  const { codes, words } = table.words.metadata
  const bySync = words.map((metadata) => (metadata.includes(SYNC) ? syncOf(metadata) : undefined))
  const of = (row: number): Sync | undefined => {
    const sync = bySync[codes[row] as number]
    return sync && { id: `${wordAt(table, 'type', row)}|${sync.id}`, version: sync.version }
  }
  const highest = new Map<string, number>()
  for (let row = 0; row < table.rows; row++) {
    const sync = of(row)
    if (sync) highest.set(sync.id, Math.max(sync.version, highest.get(sync.id) ?? sync.version))
  }
  return { of, highest }
}

function syncOf(metadata: string): Sync {
  const entries: Record<string, string> = JSON.parse(metadata)
  return { id: entries.HKMetadataKeySyncIdentifier ?? '', version: Number(entries.HKMetadataKeySyncVersion ?? 0) || 0 }
}

function isSuperseded({ of }: Versions, row: number, by: Versions): boolean {
  const sync = of(row)
  return sync !== undefined && (by.highest.get(sync.id) ?? Number.NEGATIVE_INFINITY) > sync.version
}

function isAhead({ of }: Versions, row: number, before: Versions): boolean {
  const sync = of(row)
  return sync === undefined || (before.highest.get(sync.id) ?? Number.NEGATIVE_INFINITY) < sync.version
}
