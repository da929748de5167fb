import type { JsonSchema } from './json-schema.ts'

/** Finds what a `$ref` names. */
export type Named = (ref: string) => JsonSchema

/** A JSON Schema in one line, as TypeScript would write it: `{ date: date, steps?: integer }`. For people; programs read the schema. */
export function shapeOf(schema: JsonSchema, named: Named): string {
  const { $ref, enum: words, const: only, anyOf, oneOf, allOf } = schema as Facts
  const all = (parts: readonly JsonSchema[], sign: string) => [...new Set(parts.map((part) => shapeOf(part, named)))].join(sign)
  // One that holds itself is told once.
  if ($ref !== undefined) return shapeOf(named($ref), (ref) => (ref === $ref ? { type: '…' } : named(ref)))
  if (only !== undefined) return JSON.stringify(only)
  if (words !== undefined) return words.length > MOST_WORDS ? 'word' : words.map((word) => JSON.stringify(word)).join(' | ')
  if (allOf !== undefined) return all(allOf, ' & ')
  const variants = anyOf ?? oneOf
  return variants === undefined ? plainShape(schema, named) : all(variants, ' | ')
}

interface Facts {
  readonly $ref?: string
  readonly type?: string | string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly additionalProperties?: unknown
  readonly format?: string
}

/** More than these are a list to look up. */
const MOST_WORDS = 12

function plainShape(schema: JsonSchema, named: Named): string {
  const { type = 'any', format, properties, required = [], items, additionalProperties } = schema as Facts
  if (items !== undefined) return `[${shapeOf(items, named)}, …]`
  if (properties !== undefined) return objectShape(properties, required, named)
  if (isSchema(additionalProperties)) return `{ …: ${shapeOf(additionalProperties, named)} }`
  return format ?? (Array.isArray(type) ? type.join(' | ') : type)
}

function objectShape(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[], named: Named): string {
  const fields = Object.entries(properties).map(([key, value]) => `${key}${required.includes(key) ? '' : '?'}: ${shapeOf(value, named)}`)
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}
