import { z } from 'zod'
import { type FieldProblem, Problem } from './problem.ts'

export interface UnknownFields {
  /** By JSON Pointer. */
  readonly fields: Readonly<Record<string, unknown>>
  /** Names that every object has by itself: no client means them. */
  readonly refused: readonly FieldProblem[]
}

const MOST_CHARACTERS = 65_536

/**
 * The fields of a value that its schema does not name, lists of samples aside. Throws `Problem('too_many_fields')` where they are more than
 * 64 kB of JSON.
 */
export function unknownFields(schema: z.ZodType, value: unknown): UnknownFields {
  const fields: Record<string, unknown> = Object.create(null)
  const refused: FieldProblem[] = []
  collect(schema, value, '', (pointer, key, each) => {
    if (key in Object.prototype) refused.push({ pointer, code: 'unknown_field', message: 'Unknown field' })
    else fields[pointer] = each
  })
  if (JSON.stringify(fields).length > MOST_CHARACTERS) throw new Problem('too_many_fields', 'At most 64 kB of unknown fields are kept.')
  return { fields: { ...fields }, refused }
}

type Found = (pointer: string, key: string, value: unknown) => void

function collect(schema: z.core.$ZodType, value: unknown, pointer: string, found: Found): void {
  const inner = unwrapped(schema)
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    if (pointer.endsWith('/samples')) return
    for (const [at, each] of value.entries()) collect(inner.element, each, `${pointer}/${at}`, found)
  } else if (isRecord(value)) for (const [key, each] of Object.entries(value)) collectMember(inner, key, each, pointer, found)
}

function collectMember(schema: z.core.$ZodType, key: string, value: unknown, pointer: string, found: Found): void {
  const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
  const known = memberOf(schema, key)
  if (known !== undefined) collect(known, value, at, found)
  else if (schema instanceof z.ZodObject) found(at, key, value)
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function memberOf(schema: z.core.$ZodType, key: string): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodRecord) return schema.valueType
  return schema instanceof z.ZodObject && Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  return 'innerType' in schema._zod.def ? unwrapped(schema._zod.def.innerType as z.core.$ZodType) : schema
}
