import { crc32 } from 'node:zlib'
import { type Collection, type CollectionName, collectionNames, collections } from '../../model/collections.ts'

export interface Column {
  /** Also the JSON path into the body: `$.sessionInfo.startTime`. */
  readonly name: string
  readonly steps: readonly string[]
}

export interface IndexColumn {
  readonly name: string
  readonly descending: boolean
}

export interface SqlIndex {
  readonly sqlName: string
  readonly columns: readonly IndexColumn[]
  /** Led by the id of the parent (`userId` below `users/{userId}`): narrow without naming the parent. */
  readonly ledByParent: boolean
}

/** How one collection lies in an SQL engine: a table of key columns, the body as JSON, and what its indexes extract. */
export interface Table {
  readonly name: CollectionName
  /** Segment before the id: `healthSessions`. */
  readonly segment: string
  readonly isTop: boolean
  /** Writes elsewhere expect that nothing is here. */
  readonly isGate: boolean
  readonly columns: readonly Column[]
  readonly indexes: ReadonlyMap<string, SqlIndex>
  /** As the collection has it. */
  readonly sealedBeside: string | undefined
}

export const tables: ReadonlyMap<string, Table> = new Map(collectionNames.map((name) => [name, tableOf(name)]))

export function tableFor(collection: CollectionName): Table {
  const table = tables.get(collection)
  if (table === undefined) throw new Error(`No table for ${collection}`)
  return table
}

/** A row's document path. */
export function pathOf({ segment }: Table, parent: string, id: string): string {
  return `${parent === '' ? '' : `${parent}/`}${segment}/${id}`
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** What an index holds in order: its fields, then what makes every place in it unique. */
export function indexedColumns({ columns }: SqlIndex): string {
  return orderBy([...columns, ...tieBreakers(columns)])
}

export function orderBy(columns: readonly IndexColumn[]): string {
  return columns.map(({ name, descending }) => `${quoted(name)}${descending ? ' DESC' : ''}`).join(', ')
}

/** Which documents are in an index: those that have all of its fields. */
export function completeness({ columns }: SqlIndex): string {
  return columns.map(({ name }) => `${quoted(name)} IS NOT NULL`).join(' AND ')
}

/**
 * What makes every place in an index's order unique, in the direction of its last field. The parent comes last: before
 * the id, an engine would sort again below one parent.
 */
export function tieBreakers(columns: readonly IndexColumn[]): readonly IndexColumn[] {
  const descending = columns.at(-1)?.descending ?? false
  return [
    { name: 'id', descending },
    { name: 'parent', descending },
  ]
}

function tableOf(name: CollectionName): Table {
  const { path, indexes, descending = [], sealedBeside, isGate }: Collection = collections[name]
  const segments = path.split('/')
  const parentId = segments.at(-3)?.slice(1, -1)
  const fields = [...new Set(Object.values(indexes).flat())]
  return {
    name,
    segment: segments.at(-2) ?? '',
    isTop: segments.length === 2,
    sealedBeside,
    isGate: isGate === true,
    columns: fields.map((field) => ({ name: `$.${field}`, steps: field.split('.') })),
    indexes: new Map(
      Object.entries(indexes).map(([index, named]) => {
        const columns = named.map((field) => ({ name: `$.${field}`, descending: descending.includes(field) }))
        const form = crc32(JSON.stringify([...columns, ...tieBreakers(columns)])).toString(16)
        return [index, { sqlName: `${name}.${index}.${form}`, columns, ledByParent: named[0] === parentId }]
      }),
    ),
  }
}
