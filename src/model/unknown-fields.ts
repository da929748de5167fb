import { z } from 'zod'
import { type FieldProblem, Problem } from './problem.ts'
import { remembered } from './remembered.ts'

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
  const form = formOf(schema)
  if (form.element !== undefined && Array.isArray(value)) {
    if (pointer.endsWith('/samples')) return
    for (const [at, each] of value.entries()) collect(form.element, each, `${pointer}/${at}`, found)
  } else if (isRecord(value)) for (const [key, each] of Object.entries(value)) collectMember(form, key, each, pointer, found)
}

function collectMember({ memberOf, isObject }: Form, key: string, value: unknown, pointer: string, found: Found): void {
  const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
  const known = memberOf(key)
  if (known !== undefined) collect(known, value, at, found)
  else if (isObject) found(at, key, value)
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What is within values of a schema. */
interface Form {
  /** Of a list. */
  readonly element?: z.core.$ZodType
  /** Undefined for what is not named. */
  readonly memberOf: (key: string) => z.core.$ZodType | undefined
  readonly isObject: boolean
}

/** Found out once: to ask Zod what a schema is takes longer than to look at a value. */
const formOf = remembered((schema: z.core.$ZodType): Form => {
  if ('innerType' in schema._zod.def) return formOf(schema._zod.def.innerType as z.core.$ZodType)
  if (schema instanceof z.ZodObject) {
    const { shape } = schema
    return { memberOf: (key) => (Object.hasOwn(shape, key) ? shape[key] : undefined), isObject: true }
  }
  if (schema instanceof z.ZodRecord) return { memberOf: () => schema.valueType, isObject: false }
  const none = { memberOf: () => undefined, isObject: false }
  return schema instanceof z.ZodArray ? { ...none, element: schema.element } : none
})
