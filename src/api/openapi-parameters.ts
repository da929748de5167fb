import type { Endpoint } from './endpoint.ts'
import { type JsonSchema, jsonSchema } from './json-schema.ts'

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly description?: string
  readonly schema: JsonSchema
}

/** What an endpoint reads beside its body. */
export function parametersOf(endpoint: Endpoint): Parameter[] {
  return [...pathParameters(endpoint), ...queryParameters(endpoint), ...headerParameters(endpoint)]
}

function pathParameters({ path }: Endpoint): Parameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', minLength: 1, maxLength: 128 },
  }))
}

function queryParameters({ query }: Endpoint): Parameter[] {
  if (query === undefined) return []
  const { properties = {}, required = [] } = jsonSchema(query) as { properties?: Record<string, JsonSchema>; required?: string[] }
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }))
}

function headerParameters({ method, versioned }: Endpoint): Parameter[] {
  const text = { type: 'string' }
  const header = (name: string, required: boolean, description: string): Parameter => ({
    name,
    in: 'header',
    required,
    description,
    schema: text,
  })
  return [
    ...(method === 'post'
      ? [header('Idempotency-Key', true, 'The same when the request is repeated; up to 255 visible ASCII characters.')]
      : []),
    ...(versioned === 'read' && method === 'get'
      ? [header('If-None-Match', false, 'The ETag of what the client has: 304 while it is current.')]
      : []),
    ...(versioned === 'must' || versioned === 'may'
      ? [header('If-Match', versioned === 'must', 'The ETag of the version that is changed.')]
      : []),
  ]
}
