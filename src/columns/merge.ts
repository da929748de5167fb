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
 * the highest version. The order is that of every session file: metric, type, start, end.
 */
export function mergeTables(older: SampleTable, newer: SampleTable): Merged {
  const known = new Set<string>()
  for (let row = 0; row < older.rows; row++) known.add(identity(older, row))
  const versions = new Map<string, number>()
  for (const table of [older, newer]) for (let row = 0; row < table.rows; row++) noteVersion(versions, table, row)
  const tables = [older, newer]
  const picked: { readonly from: number; readonly row: number; readonly key: string; readonly start: number; readonly end: number }[] = []
  const added = new Uint8Array(newer.rows)
  let replaced = 0
  for (let from = 0; from < 2; from++) {
    const table = tables[from] as SampleTable
    for (let row = 0; row < table.rows; row++) {
      const isOld = from === 0
      if (!isOld && known.has(identity(table, row))) continue
      if (!isLatest(versions, table, row)) {
        if (isOld) replaced++
        continue
      }
      if (!isOld) added[row] = 1
      picked.push({ from, row, key: orderKey(table, row), start: table.instants.start[row] as number, end: table.instants.end[row] as number })
    }
  }
  picked.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.start - b.start || a.end - b.end || a.from - b.from || a.row - b.row))
  return { table: selectRows(tables, picked.map(({ from }) => from), picked.map(({ row }) => row)), added, replaced }
}

function orderKey(table: SampleTable, row: number): string {
  return `${wordAt(table, 'metric', row) ?? '~'} ${wordAt(table, 'type', row) ?? ''}`
}

function identity(table: SampleTable, row: number): string {
  const { start, end } = table.instants
  const text = wordAt(table, 'text', row)
  return `${wordAt(table, 'type', row)}|${start[row]}|${end[row]}|${text ?? table.numbers.value[row]}`
}

const SYNC = '"HKMetadataKeySyncIdentifier"'

function syncOf(table: SampleTable, row: number): { key: string; version: number } | undefined {
  const metadata = wordAt(table, 'metadata', row)
  if (!metadata?.includes(SYNC)) return undefined
  const entries: Record<string, string> = JSON.parse(metadata)
  return { key: `${wordAt(table, 'type', row)}|${entries.HKMetadataKeySyncIdentifier}`, version: Number(entries.HKMetadataKeySyncVersion ?? 0) || 0 }
}

function noteVersion(versions: Map<string, number>, table: SampleTable, row: number): void {
  const sync = syncOf(table, row)
  if (sync) versions.set(sync.key, Math.max(sync.version, versions.get(sync.key) ?? sync.version))
}

function isLatest(versions: ReadonlyMap<string, number>, table: SampleTable, row: number): boolean {
  const sync = syncOf(table, row)
  return sync === undefined || sync.version === versions.get(sync.key)
}
