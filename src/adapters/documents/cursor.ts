import { crc32 } from 'node:zlib'
import { Problem } from '../../model/problem.ts'
import type { ListQuery } from '../../ports/documents.ts'

export type KeyValue = string | number

/** The last key of a page, bound to its query: base64url of `[checksum, …key]`. It opens nothing that the query does not. */
export function encodeCursor(query: ListQuery, key: readonly KeyValue[]): string {
  return Buffer.from(JSON.stringify([checksum(query, key), ...key])).toString('base64url')
}

/** Throws `Problem('invalid')` for a cursor of another query, and for one that we did not make. */
export function decodeCursor(query: ListQuery, cursor: string, length: number): readonly KeyValue[] {
  const [sum, ...key] = parseArray(cursor)
  if (key.length === length && key.every(isKeyValue) && sum === checksum(query, key)) return key
  throw new Problem('invalid', 'This cursor belongs to no page of this list')
}

function parseArray(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}

function isKeyValue(value: unknown): value is KeyValue {
  return typeof value === 'string' || typeof value === 'number'
}

function checksum({ collection, parent, index, equals, from, to }: ListQuery, key: readonly KeyValue[]): number {
  return crc32(JSON.stringify([collection, parent, index, equals ?? [], from, to, key]))
}
