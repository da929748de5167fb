import { z } from 'zod'

/** RFC 7396: what the patch names is replaced, its nulls remove, and objects are merged. An object of its own; neither argument changes. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const merged = new Map(isRecord(target) ? Object.entries(target) : [])
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key)
    else merged.set(key, mergePatch(merged.get(key), value))
  }
  return Object.fromEntries(merged)
}

/** What a merge patch of such an object may be: any of its fields, each with its own rules, or null. Unknown fields are refused, and so are those that its meta calls read-only. */
export function patchOf(schema: z.core.$ZodType): z.ZodType<Readonly<Record<string, unknown>>> {
  if (!(schema instanceof z.ZodObject)) throw new TypeError('Only an object can be patched')
  const fields = Object.entries(schema.shape).map(([key, field]) => [key, fieldOf(field as z.ZodType)] as const)
  return z.strictObject(Object.fromEntries(fields))
}

function fieldOf(field: z.ZodType): z.ZodType {
  if (field.meta()?.readOnly === true) return field
  const bare = withoutDefault(field)
  return z.optional(z.nullable(bare instanceof z.ZodObject ? patchOf(bare) : bare))
}

/** A field that a patch does not name stays as it is: it gets no default. */
function withoutDefault(schema: z.core.$ZodType): z.core.$ZodType {
  return 'innerType' in schema._zod.def ? withoutDefault(schema._zod.def.innerType as z.core.$ZodType) : schema
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
