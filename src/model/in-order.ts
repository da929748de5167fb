import { z } from 'zod'
import { remembered } from './remembered.ts'

/**
 * The same value with its keys in the order of the schema, and those of a record by name: stores may give keys back in any order, and two
 * stores that hold the same say it in the same bytes. What the schema does not name is left out, but for
 * a loose one: there it follows by name.
 */
export function inOrder<T>(schema: z.ZodType<T>, value: T): T {
  return ordered(schema, value) as T
}

/** JSON text that is the same for equal values, whatever the order of their keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  return isRecord(value) ? byName(value, sorted) : value
}

type Arrange = (value: unknown) => unknown

function ordered(schema: z.core.$ZodType, value: unknown): unknown {
  return arrangeOf(schema)(value)
}

/** How values of a schema are put in order, found out once: to ask Zod what a schema is takes longer than to put a value in order. */
const arrangeOf = remembered((schema: z.core.$ZodType): Arrange => {
  if (schema instanceof z.ZodObject) return objects(schema)
  if (schema instanceof z.ZodRecord) return (value) => (isRecord(value) ? byName(value, (each) => ordered(schema.valueType, each)) : value)
  if (schema instanceof z.ZodArray) return (value) => (Array.isArray(value) ? value.map((each) => ordered(schema.element, each)) : value)
  if (schema instanceof z.ZodUnion)
    return (value) => ordered(schema.options.find((option) => z.safeParse(option, value).success) ?? z.unknown(), value)
  const { def } = schema._zod
  return 'innerType' in def ? (value) => ordered(def.innerType as z.core.$ZodType, value) : (value) => value
})

function objects({ shape, def }: z.ZodObject): Arrange {
  const members = Object.entries(shape)
  const isLoose = def.catchall instanceof z.ZodUnknown
  return (value) => {
    if (!isRecord(value)) return value
    const found: Record<string, unknown> = {}
    for (const [key, schema] of members) if (Object.hasOwn(value, key) && value[key] !== undefined) found[key] = ordered(schema, value[key])
    return isLoose ? { ...found, ...unnamed(shape, value) } : found
  }
}

function unnamed(shape: z.core.$ZodShape, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const others = Object.entries(value).filter(([key, each]) => !Object.hasOwn(shape, key) && each !== undefined)
  return byName(Object.fromEntries(others), (each) => each)
}

function byName(value: Readonly<Record<string, unknown>>, change: (each: unknown) => unknown): Record<string, unknown> {
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, change(each)]))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
