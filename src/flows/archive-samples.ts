import { newPack } from '../columns/pack.ts'
import type { Archive, ArchivedSamples } from '../model/archive.ts'
import { Problem } from '../model/problem.ts'
import type { StoredSamples } from '../model/session.ts'
import type { Blobs } from '../ports/blobs.ts'
import { type AgedRow, objectOf, withObject } from './archived-row.ts'
import type { FileDeps } from './session-files.ts'
import { movableFile } from './session-samples.ts'

export interface NewObject {
  readonly key: string
  readonly bytes: Uint8Array
}

export interface PlacedSamples {
  readonly rows: readonly AgedRow[]
  /** To be written before a document names them. */
  readonly objects: readonly NewObject[]
  /** Of the archive before, those that stay as they are. */
  readonly stay: readonly ArchivedSamples[]
  /** Hot objects that nobody names once the rows have left. */
  readonly emptied: readonly string[]
  /** Rows whose hot object others share: they leave it as sessions do. */
  readonly sharing: readonly AgedRow[]
}

/** So many objects a month: then they become one. */
const MOST_OBJECTS = 8

type Deps = Pick<FileDeps, 'blobs' | 'newId'>

/**
 * Puts the samples of a month's rows into the archive's place, named by `keyOf`. An object that only these rows name moves whole; what is left
 * becomes one. Samples whose object is lost stay named as they were.
 */
export async function placeSamples(
  deps: Deps,
  rows: readonly AgedRow[],
  before: Pick<Archive, 'samples'> | undefined,
  keyOf: () => string,
): Promise<PlacedSamples> {
  const byKey = Map.groupBy(
    rows.filter((row) => objectOf(row) !== undefined),
    (row) => objectOf(row)?.key ?? '',
  )
  const sources = await Promise.all([...byKey].map(([key, named]) => lookAt(deps, key, named, before)))
  const [stays, whole] = [ofState(sources, 'stays'), ofState(sources, 'whole')]
  const isScattered = stays.length + whole.length > MOST_OBJECTS
  const parts = [...ofState(sources, 'thinned'), ...ofState(sources, 'shared'), ...(isScattered ? [...stays, ...whole] : [])]
  const moves = isScattered ? [] : whole.map((source) => movedWhole(source, keyOf()))
  if (parts.length > 0)
    moves.push(
      await packedParts(
        deps,
        parts.flatMap((source) => source.rows),
        keyOf(),
      ),
    )
  const moved = new Map(moves.flatMap((move) => move.rows).map((row) => [row.path, row]))
  const kept = new Set(isScattered ? [] : stays.map(({ key }) => key))
  return {
    rows: rows.map((row) => moved.get(row.path) ?? row),
    objects: moves.map(({ object }) => object),
    stay: before?.samples.filter(({ key }) => kept.has(key)) ?? [],
    emptied: whole.map(({ key }) => key),
    sharing: ofState(sources, 'shared').flatMap((source) => source.rows),
  }
}

interface Source {
  readonly key: string
  readonly rows: readonly AgedRow[]
  /** Of the archive and as it was; hot and all of it leaves; of the archive or hot, and only part of it is wanted; not there. */
  readonly state: 'stays' | 'whole' | 'thinned' | 'shared' | 'lost'
  readonly bytes?: Uint8Array
}

function ofState(sources: readonly Source[], state: Source['state']): Source[] {
  return sources.filter((source) => source.state === state)
}

async function lookAt(
  { blobs }: Deps,
  key: string,
  rows: readonly AgedRow[],
  before: Pick<Archive, 'samples'> | undefined,
): Promise<Source> {
  const archived = before?.samples.find((object) => object.key === key)
  if (archived !== undefined) return { key, rows, state: archived.parts === rows.length ? 'stays' : 'thinned' }
  const bytes = await found(blobs, key)
  if (bytes === undefined) return { key, rows, state: 'lost' }
  return isAllOf(bytes, rows.map(pointer)) ? { key, rows, state: 'whole', bytes } : { key, rows, state: 'shared' }
}

async function found(blobs: Blobs, key: string): Promise<Uint8Array | undefined> {
  try {
    return await blobs.get(key)
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return undefined
    throw error
  }
}

/** Of the length of a footer, and the mark that ends a file. */
const FOOTER_END = 8

/** Whether these files and the footer behind them are all that there is in an object. */
function isAllOf(bytes: Uint8Array, parts: readonly StoredSamples[]): boolean {
  if (parts.some(({ offset }) => offset === undefined)) return true
  const footer = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - FOOTER_END, true)
  return parts.reduce((sum, { length }) => sum + length, footer + FOOTER_END) === bytes.length
}

interface Moved {
  readonly object: NewObject
  readonly rows: readonly AgedRow[]
}

function movedWhole({ rows, bytes = new Uint8Array() }: Source, key: string): Moved {
  return { object: { key, bytes }, rows: rows.map((row) => withObject(row, { ...pointer(row), key })) }
}

async function packedParts({ blobs }: Deps, parts: readonly AgedRow[], key: string): Promise<Moved> {
  const pack = newPack()
  const placed: { readonly row: AgedRow; readonly offset: number }[] = []
  for (const row of parts) placed.push({ row, offset: (await pack.move(await movableFile(blobs, pointer(row)))).offset })
  const isShared = pack.size > 1
  const rows = placed.map(({ row, offset }) => {
    const { offset: _, ...samples } = pointer(row)
    return withObject(row, { ...samples, key, ...(isShared && { offset }) })
  })
  return { object: { key, bytes: pack.finish().slice() }, rows }
}

function pointer(row: AgedRow): StoredSamples {
  const samples = objectOf(row)
  if (samples === undefined) throw new Error('A row without an object was to be placed')
  return samples
}
