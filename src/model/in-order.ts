import { z } from 'zod'

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
  return JSON.stringify(value, (_, each: unknown) => (isRecord(each) ? byName(each, (inner) => inner) : each))
}

function ordered(schema: z.core.$ZodType, value: unknown): unknown {
  if (schema instanceof z.ZodObject && isRecord(value)) return { ...byShape(schema.shape, value), ...unnamed(schema, value) }
  if (schema instanceof z.ZodRecord && isRecord(value)) return byName(value, (each) => ordered(schema.valueType, each))
  if (schema instanceof z.ZodArray && Array.isArray(value)) return value.map((each) => ordered(schema.element, each))
  if (schema instanceof z.ZodUnion)
    return ordered(schema.options.find((option) => z.safeParse(option, value).success) ?? z.unknown(), value)
  return 'innerType' in schema._zod.def ? ordered(schema._zod.def.innerType as z.core.$ZodType, value) : value
}

function byShape(shape: z.core.$ZodShape, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const named = Object.entries(shape).filter(([key]) => Object.hasOwn(value, key) && value[key] !== undefined)
  return Object.fromEntries(named.map(([key, schema]) => [key, ordered(schema, value[key])]))
}

function unnamed({ shape, def }: z.ZodObject, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (!(def.catchall instanceof z.ZodUnknown)) return {}
  const others = Object.entries(value).filter(([key, each]) => !Object.hasOwn(shape, key) && each !== undefined)
  return byName(Object.fromEntries(others), (each) => each)
}

function byName(value: Readonly<Record<string, unknown>>, change: (each: unknown) => unknown): Record<string, unknown> {
  const sorted = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(sorted.map(([key, each]) => [key, change(each)]))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
