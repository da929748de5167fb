import { encodeArchiveFile, rowsOfFile } from '../columns/archive-file.ts'
import type { Archive } from '../model/archive.ts'
import { Problem } from '../model/problem.ts'
import { release } from '../model/release.ts'
import type { RetentionKind } from '../model/retention-kind.ts'
import type { StoredBlob } from '../ports/blobs.ts'
import type { Stored, Write } from '../ports/documents.ts'
import { newMarks } from './archive-marks.ts'
import { type NewObject, type PlacedSamples, placeSamples } from './archive-samples.ts'
import { type AgedRow, collectionOf, folderOf, objectOf } from './archived-row.ts'
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

/** A month's archive as it is to be; without rows there is none. What it gives holds on to none of the rows but those that share an object. */
export async function draftMonth(deps: Deps, plan: MonthPlan): Promise<DraftedMonth> {
  const { before, userId, kind, month } = plan
  const path = archivePath(plan)
  if (plan.rows.length === 0) {
    const gone: Write = { op: 'delete', path, ...(before && { ifVersion: before.version }) }
    return { objects: [], outgrown: before ? keysOf(before.body) : [], sharing: [], write: async () => gone }
  }
  const keyOf = (what: string) => `${archiveFolder(userId)}${kind}/${month}-${deps.newId()}-${what}.parquet`
  const placed = await placeSamples(deps, inOrder(plan.rows), before?.body, () => keyOf('samples'))
  const file = { key: keyOf('documents'), bytes: encodeArchiveFile(placed.rows) }
  const condition = before ? { ifVersion: before.version } : { ifAbsent: true as const }
  return {
    objects: [...placed.objects, file],
    outgrown: [...leftOf(before, placed), ...placed.emptied],
    sharing: placed.sharing,
    write: written(deps, { path, condition, file, about: aboutMonth(plan, placed), samples: checksOf(placed) }),
  }
}

function leftOf(before: MonthPlan['before'], { stay }: PlacedSamples): string[] {
  const stays = new Set(stay.map(({ key }) => key))
  return before ? keysOf(before.body).filter((key) => !stays.has(key)) : []
}

interface ToWrite {
  readonly path: string
  readonly condition: { readonly ifVersion: number } | { readonly ifAbsent: true }
  readonly file: NewObject
  readonly about: Omit<Archive, 'documents'>
  readonly samples: readonly SamplesCheck[]
}

function written(deps: Deps, { path, condition, file, about, samples }: ToWrite): DraftedMonth['write'] {
  return async (stored) => {
    const documents = await readBack(deps, file, sum(about.counts), stored)
    const checked = []
    for (const check of samples) checked.push(await checkedSamples(deps, check, stored))
    return { op: 'put', path, body: { ...about, documents, samples: [...about.samples, ...checked] } satisfies Archive, ...condition }
  }
}

function sum(counts: Archive['counts']): number {
  return Object.values(counts).reduce((so, count) => so + count, 0)
}

export function keysOf({ documents, samples }: Archive): string[] {
  return [documents.key, ...samples.map(({ key }) => key)]
}

function inOrder(rows: readonly AgedRow[]): AgedRow[] {
  return rows.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.path < b.path ? -1 : 1))
}

/** All but the objects that are new. */
function aboutMonth({ userId, kind, month, archivedAt }: MonthPlan, { rows, stay }: PlacedSamples): ToWrite['about'] {
  const counts: Record<string, number> = {}
  const marks = newMarks()
  for (const inFolder of Map.groupBy(rows, ({ path }) => folderOf(path)).values()) {
    const collection = inFolder[0] && collectionOf(inFolder[0])
    if (collection === undefined) continue
    counts[collection] = (counts[collection] ?? 0) + inFolder.length
    if (collection === 'healthSessions') for (const { path } of inFolder) marks.add(path)
  }
  const [from, to] = [rows[0]?.at ?? '', rows.at(-1)?.at ?? '']
  return { userId, kind, month, from, to, archivedAt, counts, samples: [...stay], marks: marks.text() }
}

/** The file of documents as it stands there: of the length, checksum and rows of what was to be written. */
async function readBack(
  { blobs }: Deps,
  { key, bytes }: NewObject,
  rows: number,
  stored: ReadonlyMap<string, StoredBlob>,
): Promise<Archive['documents']> {
  const wanted = { length: bytes.length, sha256: stored.get(key)?.sha256 ?? '' }
  const found = new Uint8Array(await blobs.get(key, wanted))
  if ((await rowsOfFile(found)) !== rows) throw new Problem('storage_corrupt', `The archive ${key} has not the rows that were written.`)
  release(found)
  release(bytes)
  return { key, ...wanted, rows }
}

/** An object of samples and what each session's pointer says of its part. */
interface SamplesCheck {
  readonly object: NewObject
  readonly parts: readonly { readonly offset: number; readonly length: number; readonly sha256: string }[]
}

function checksOf({ objects, rows }: PlacedSamples): SamplesCheck[] {
  const parts = new Map<string, SamplesCheck['parts'][number][]>(objects.map(({ key }) => [key, []]))
  for (const row of rows) {
    const { key = '', offset = 0, length, sha256 } = objectOf(row) ?? { length: 0, sha256: '' }
    parts.get(key)?.push({ offset, length, sha256 })
  }
  return objects.map((object) => ({ object, parts: parts.get(object.key) ?? [] }))
}

/** Each session's own file in what was read back is what its pointer says, and so is the footer behind the last of them. */
async function checkedSamples(
  { blobs, sha256 }: Deps,
  { object: { key, bytes: sent }, parts }: SamplesCheck,
  stored: ReadonlyMap<string, StoredBlob>,
): Promise<Archive['samples'][number]> {
  const found = await blobs.get(key, { length: sent.length })
  const end = parts.reduce((last, { offset, length }) => Math.max(last, offset + length), 0)
  const isWhole = parts.every(({ offset, length, sha256: own }) => sha256(found.subarray(offset, offset + length)) === own)
  if (!isWhole || !isSame(found, sent, end))
    throw new Problem('storage_corrupt', `The samples in the archive ${key} are not what was kept.`)
  const { length } = sent
  release(found)
  release(sent)
  return { key, length, sha256: stored.get(key)?.sha256 ?? '', parts: parts.length }
}

/** Whether two of one length are alike from a place on. */
function isSame(a: Uint8Array, b: Uint8Array, from: number): boolean {
  const [one, other] = [viewOf(a), viewOf(b)]
  let at = from
  for (; at + 4 <= a.length; at += 4) if (one.getInt32(at) !== other.getInt32(at)) return false
  for (; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
