import { placeOf } from '../../model/collections.ts'
import { Problem } from '../../model/problem.ts'
import type { ListQuery } from '../../ports/documents.ts'
import { decodeCursor, type KeyValue } from './cursor.ts'
import { type IndexColumn, orderBy, quoted, type SqlIndex, type Table, tables, tieBreakers } from './tables.ts'

/** What SQL engines say differently. */
export interface Dialect {
  /** What stands after FROM. */
  source(table: Table, index: SqlIndex | undefined, parent: string | undefined): string
  /** An expression for the body as JSON text. */
  readonly body: string
  /** How a field's value lies in its column. */
  key(value: KeyValue): KeyValue
  /** The statement with its `?` written as the engine wants them. */
  marked(sql: string): string
}

/** One page as SQL. It asks for one row more than `limit`, which says whether there is a next page. */
export interface PagePlan {
  readonly table: Table
  readonly sql: string
  readonly values: readonly KeyValue[]
  /** Columns whose values in a row are its key in the page's order. */
  readonly key: readonly string[]
  /** Of each row, in this order: `parent`, `id`, `version`, the body, then those of `key` that it lacks so far. */
  readonly selected: readonly string[]
}

const maxLimit = 10_000

/** Throws `Problem('invalid')` for a query that the collection does not declare. */
export function planPage(dialect: Dialect, query: ListQuery): PagePlan {
  const { table, index, parent, equal, ordered } = orderOf(query)

  const conditions: string[] = []
  const values: KeyValue[] = []
  const where = (condition: string, ...its: readonly KeyValue[]) => {
    conditions.push(condition)
    values.push(...its)
  }
  if (parent !== undefined) where('parent = ?', parent)
  for (const { name } of index?.columns ?? []) where(`${quoted(name)} IS NOT NULL`)
  equal.forEach((name, at) => {
    where(`${quoted(name)} = ?`, dialect.key(query.equals?.[at] ?? invalid('Equal to nothing')))
  })
  const ranged = quoted(ordered[0]?.name ?? 'id')
  if (query.from !== undefined) where(`${ranged} >= ?`, dialect.key(query.from))
  if (query.to !== undefined) where(`${ranged} < ?`, dialect.key(query.to))
  if (query.cursor !== undefined) addSeek(ordered, decodeCursor(query, query.cursor, ordered.length), where)

  const filter = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
  const extracted = ordered.map(({ name }) => name).filter(isExtracted)
  const selected = ['parent', 'id', 'version', dialect.body, ...extracted.map(quoted)]
  const from = dialect.source(table, index, parent)
  return {
    table,
    sql: dialect.marked(`SELECT ${selected.join(', ')} FROM ${from}${filter} ORDER BY ${orderBy(ordered)} LIMIT ?`),
    values: [...values, query.limit + 1],
    key: ordered.map(({ name }) => name),
    selected: ['parent', 'id', 'version', 'body', ...extracted],
  }
}

/** Where a page lies: what its documents have in common, and the order that makes each of their places unique. */
export interface PageOrder {
  readonly table: Table
  readonly index: SqlIndex | undefined
  /** '' at the top, undefined for a collection group. */
  readonly parent: string | undefined
  /** Columns of the index that have the values of `equals`. */
  readonly equal: readonly string[]
  readonly ordered: readonly IndexColumn[]
}

/** The same for every engine. Throws `Problem('invalid')` for a query that the collection does not declare. */
export function orderOf(query: ListQuery): PageOrder {
  const table = tables.get(query.collection) ?? invalid(`No collection ${query.collection}`)
  const index = indexOf(table, query)
  const parent = parentOf(table, query)
  const fields = index?.columns ?? []
  const count = query.equals?.length ?? 0
  const hasRange = query.from !== undefined || query.to !== undefined
  const open = index === undefined ? (parent === undefined ? 0 : 1) : fields.length
  if (count > fields.length || (hasRange && count >= open)) invalid('More fields than the index has')
  checkLimit(query.limit)
  const ties = index === undefined ? byPath : tieBreakers(index.columns)
  return {
    table,
    index,
    parent,
    equal: fields.slice(0, count).map(({ name }) => name),
    ordered: [...fields.slice(count), ...ties.filter(({ name }) => name !== 'parent' || parent === undefined)],
  }
}

function indexOf(table: Table, { index }: ListQuery): SqlIndex | undefined {
  return index === undefined ? undefined : (table.indexes.get(index) ?? invalid(`No index ${index} of ${table.name}`))
}

function parentOf({ name, segment, isTop }: Table, { parent }: ListQuery): string | undefined {
  if (isTop) return parent === undefined ? '' : invalid(`${name} has no parent`)
  if (parent !== undefined && placeOf(`${parent}/${segment}/x`).collection !== name) invalid(`${name} is not below that parent`)
  return parent
}

function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit) invalid(`A limit is 1 to ${maxLimit}`)
}

const byPath: readonly IndexColumn[] = [
  { name: 'parent', descending: false },
  { name: 'id', descending: false },
]

/**
 * Rows after `key` in an order of mixed directions: (a > ?) or (a = ? and b < ?) …; the bound on the first column lets
 * the engine start there instead of at the head of the index.
 */
function addSeek(
  ordered: readonly IndexColumn[],
  key: readonly KeyValue[],
  where: (condition: string, ...values: KeyValue[]) => void,
): void {
  const [first] = ordered
  const [firstValue] = key
  if (first === undefined || firstValue === undefined) return
  where(`${quoted(first.name)} ${first.descending ? '<=' : '>='} ?`, firstValue)
  const names = ordered.map(({ name }) => quoted(name))
  const steps = ordered.map(({ descending }, at) =>
    [...names.slice(0, at).map((name) => `${name} = ?`), `${names[at]} ${descending ? '<' : '>'} ?`].join(' AND '),
  )
  where(`(${steps.map((step) => `(${step})`).join(' OR ')})`, ...ordered.flatMap((_, at) => key.slice(0, at + 1)))
}

/** Of the body, unlike `parent` and `id`. */
function isExtracted(name: string): boolean {
  return name.startsWith('$.')
}

function invalid(sentence: string): never {
  throw new Problem('invalid', sentence)
}
