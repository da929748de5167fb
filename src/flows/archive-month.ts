import { encodeArchiveFile, rowsOfFile } from '../columns/archive-file.ts'
import type { Archive } from '../model/archive.ts'
import { Problem } from '../model/problem.ts'
import type { RetentionKind } from '../model/retention-kind.ts'
import type { StoredBlob } from '../ports/blobs.ts'
import type { Stored, Write } from '../ports/documents.ts'
import { newMarks } from './archive-marks.ts'
import { type NewObject, type PlacedSamples, placeSamples } from './archive-samples.ts'
import { type AgedRow, collectionOf, objectOf, packedRow } from './archived-row.ts'
import type { FileDeps } from './session-files.ts'

export interface MonthPlan {
  readonly userId: string
  readonly kind: RetentionKind
  readonly month: string
  readonly before: Stored<Archive> | undefined
  /** All that is to be in it from now on. */
  readonly rows: readonly AgedRow[]
  readonly archivedAt: string
}

export interface DraftedMonth {
  readonly objects: readonly NewObject[]
  /** The manifest, once the objects are there: they are read back, and held against what was to be kept. Throws `Problem('storage_corrupt')`. */
  write(stored: ReadonlyMap<string, StoredBlob>): Promise<Write>
  /** Objects that nobody names once that is written. */
  readonly outgrown: readonly string[]
  readonly sharing: readonly AgedRow[]
}

type Deps = Pick<FileDeps, 'blobs' | 'newId' | 'sha256'>

export function archivePath({ userId, kind, month }: Pick<MonthPlan, 'userId' | 'kind' | 'month'>): string {
  return `users/${userId}/archives/${kind}_${month}`
}

/** Where all that is archived of a person lies. */
export function archiveFolder(userId: string): string {
  return `archive/${userId}/`
}

/** A month's archive as it is to be; without rows there is none. */
export async function draftMonth(deps: Deps, plan: MonthPlan): Promise<DraftedMonth> {
  const { before, userId, kind, month } = plan
  const path = archivePath(plan)
  if (plan.rows.length === 0) {
    const gone: Write = { op: 'delete', path, ...(before && { ifVersion: before.version }) }
    return { objects: [], outgrown: before ? keysOf(before.body) : [], sharing: [], write: async () => gone }
  }
  const keyOf = (what: string) => `${archiveFolder(userId)}${kind}/${month}-${deps.newId()}-${what}.parquet`
  const placed = await placeSamples(deps, inOrder(plan.rows), before?.body, () => keyOf('samples'))
  const file = { key: keyOf('documents'), bytes: encodeArchiveFile(placed.rows.map(packedRow)) }
  const stays = new Set(placed.stay.map(({ key }) => key))
  const left = before ? keysOf(before.body).filter((key) => !stays.has(key)) : []
  const condition = before ? { ifVersion: before.version } : { ifAbsent: true as const }
  return {
    objects: [...placed.objects, file],
    outgrown: [...left, ...placed.emptied],
    sharing: placed.sharing,
    async write(stored) {
      const documents = await readBack(deps, file, placed.rows.length)
      const samples = await checkedSamples(deps, placed, stored)
      return { op: 'put', path, body: manifestOf(plan, placed, documents, samples), ...condition }
    },
  }
}

export function keysOf({ documents, samples }: Archive): string[] {
  return [documents.key, ...samples.map(({ key }) => key)]
}

function inOrder(rows: readonly AgedRow[]): AgedRow[] {
  return rows.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.path < b.path ? -1 : 1))
}

function manifestOf(
  { userId, kind, month, archivedAt }: MonthPlan,
  { rows, stay }: PlacedSamples,
  documents: Archive['documents'],
  samples: Archive['samples'],
): Archive {
  const counts: Record<string, number> = {}
  const marks = newMarks()
  for (const row of rows) {
    const collection = collectionOf(row)
    counts[collection] = (counts[collection] ?? 0) + 1
    if (collection === 'healthSessions') marks.add(row.path)
  }
  const [from, to] = [rows[0]?.at ?? '', rows.at(-1)?.at ?? '']
  return { userId, kind, month, from, to, archivedAt, counts, documents, samples: [...stay, ...samples], marks: marks.text() }
}

/** The file of documents as it stands there: of the length, checksum and rows of what was to be written. */
async function readBack({ blobs, sha256 }: Deps, { key, bytes }: NewObject, rows: number): Promise<Archive['documents']> {
  const wanted = { length: bytes.length, sha256: sha256(bytes) }
  const found = new Uint8Array(await blobs.get(key, wanted))
  if (rowsOfFile(found) !== rows) throw new Problem('storage_corrupt', `The archive ${key} has not the rows that were written.`)
  return { key, ...wanted, rows }
}

/** Each session's own file in what was read back is what its pointer says, and so is the footer behind the last of them. */
async function checkedSamples(
  { blobs, sha256 }: Deps,
  { objects, rows }: PlacedSamples,
  stored: ReadonlyMap<string, StoredBlob>,
): Promise<Archive['samples']> {
  const byKey = Map.groupBy(rows, (row) => objectOf(row)?.key)
  const checked: Archive['samples'][number][] = []
  for (const { key, bytes: sent } of objects) {
    const named = byKey.get(key) ?? []
    const found = await blobs.get(key, { length: sent.length })
    let end = 0
    const isWhole = named.every((row) => {
      const { offset = 0, length, sha256: own } = objectOf(row) ?? { length: 0, sha256: '' }
      end = Math.max(end, offset + length)
      return sha256(found.subarray(offset, offset + length)) === own
    })
    if (!isWhole || sha256(found.subarray(end)) !== sha256(sent.subarray(end)))
      throw new Problem('storage_corrupt', `The samples in the archive ${key} are not what was kept.`)
    checked.push({ key, length: sent.length, sha256: stored.get(key)?.sha256 ?? '', parts: named.length })
  }
  return checked
}
