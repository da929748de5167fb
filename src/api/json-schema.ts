import { z } from 'zod'

export interface JsonSchema {
  readonly [key: string]: unknown
}

/** As it goes over the wire. */
export function jsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return rest
}
