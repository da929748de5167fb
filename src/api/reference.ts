import type { JsonSchema } from './json-schema.ts'
import type { OpenApi, Operation } from './openapi.ts'
import { shapeOf } from './shape.ts'

/** What a page says of one endpoint, in the order in which it says it. */
export interface Entry {
  readonly name: string
  readonly tag: string
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly scope: string
  readonly parameters: readonly { readonly name: string; readonly where: string; readonly required: boolean; readonly says: string }[]
  /** In one line, as TypeScript would write it. */
  readonly body: string | undefined
  readonly reply: string
  readonly example: { readonly body?: string; readonly reply?: string }
  readonly problems: readonly { readonly status: string; readonly codes: readonly string[] }[]
}

/** Every endpoint of the document, by tag, in the order of the table. */
export function entriesOf(openapi: OpenApi): Map<string, Entry[]> {
  const entries = Object.entries(openapi.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => entryOf(openapi, path, method, operation)),
  )
  return Map.groupBy(entries, ({ tag }) => tag)
}

function entryOf(openapi: OpenApi, path: string, method: string, operation: Operation): Entry {
  const named = (ref: string) => openapi.components.schemas[ref.slice('#/components/schemas/'.length)] ?? {}
  const [status = '', reply = {}] = Object.entries(operation.responses).find(([code]) => code.startsWith('2')) ?? []
  const sent = contentOf(operation.requestBody)
  const got = contentOf(reply)
  const shape = (content: Content[]) => content.map(([type, { schema }]) => [type, shapeOf(schema, named)].join(' ')).join('; ')
  return {
    name: operation.operationId,
    tag: operation.tags[0] ?? '',
    method: method.toUpperCase(),
    path,
    summary: operation.summary,
    scope: operation.security[0].bearer[0] ?? '',
    parameters: operation.parameters
      .filter((parameter) => parameter.in !== 'path')
      .map((parameter) => ({
        name: parameter.name,
        where: parameter.in,
        required: parameter.required,
        says: parameter.description ?? shapeOf(parameter.schema, named),
      })),
    body: sent.length === 0 ? undefined : shape(sent),
    reply: [status, shape(got)].filter((part) => part !== '').join(' '),
    example: { ...exampleIn('body', sent), ...exampleIn('reply', got) },
    problems: Object.entries(operation['x-problems']).map(([code, codes]) => ({ status: code, codes })),
  }
}

type Content = [mediaType: string, { readonly schema: JsonSchema; readonly example?: unknown }]

function contentOf(part: unknown): Content[] {
  return Object.entries((part as { content?: Record<string, Content[1]> } | undefined)?.content ?? {})
}

function exampleIn(key: 'body' | 'reply', content: readonly Content[]): Entry['example'] {
  const found = content.find(([, { example }]) => example !== undefined)?.[1].example
  return found === undefined ? {} : { [key]: JSON.stringify(found, null, 2) }
}
