import { type ProblemCode, problems } from '../model/problem.ts'
import type { Api, Endpoint } from './endpoint.ts'
import { type JsonSchema, jsonSchema } from './json-schema.ts'
import { type Parameter, parametersOf } from './openapi-parameters.ts'
import { problemsOf } from './problems-of.ts'

export interface ApiFacts {
  readonly version: string
  /** The HTTP status of each problem: the rooms that answer know it. */
  readonly statusOf: Readonly<Record<ProblemCode, number>>
}

export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security: readonly [{ readonly bearer: readonly string[] }]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required: true; readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> }
  readonly responses: Readonly<Record<string, JsonSchema>>
  /** Codes by status. */
  readonly 'x-problems': Readonly<Record<string, readonly string[]>>
}

export interface OpenApi {
  readonly openapi: '3.1.1'
  readonly info: JsonSchema
  readonly servers: readonly JsonSchema[]
  readonly security: readonly JsonSchema[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>>; readonly [kind: string]: unknown }
}

/** The table as OpenAPI 3.1: what programs make clients, tests and pages of. */
export function openApiOf(api: Api, { version, statusOf }: ApiFacts): OpenApi {
  const schemas: Record<string, JsonSchema> = { Problem: problemSchema }
  const paths: Record<string, Record<string, Operation>> = {}
  for (const [name, endpoint] of Object.entries(api)) {
    paths[endpoint.path] ??= {}
    const methods = paths[endpoint.path] as Record<string, Operation>
    methods[endpoint.method] = operationOf(name, endpoint, statusOf, schemas)
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Clarity Loop',
      version,
      summary: 'Health records in; days, nights and insights with their evidence out.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key, or an access token of an accepted issuer; scopes as named.' },
      },
    },
  }
}

function operationOf(name: string, endpoint: Endpoint, statusOf: ApiFacts['statusOf'], schemas: Record<string, JsonSchema>): Operation {
  const title = name.charAt(0).toUpperCase() + name.slice(1)
  const body = requestBodyOf(endpoint, `${title}Body`, schemas)
  const byStatus = Object.groupBy(problemsOf(endpoint), (code) => String(statusOf[code]))
  const refusals = Object.entries({ ...byStatus, 500: [...(byStatus[500] ?? []), 'internal'] }).map(([status, codes = []]) => [
    status,
    refusalOf(codes),
  ])
  return {
    operationId: name,
    summary: endpoint.summary,
    tags: [tagOf(endpoint.path)],
    security: [{ bearer: [endpoint.scope] }],
    parameters: parametersOf(endpoint),
    ...(body && { requestBody: body }),
    responses: { [endpoint.reply.status]: replyOf(endpoint, `${title}Reply`, schemas), ...Object.fromEntries(refusals) },
    'x-problems': byStatus as Record<string, string[]>,
  }
}

/** `sessions` of `/v1/users/{userId}/sessions/{sessionId}`, `users` of `/v1/users/{userId}`. */
function tagOf(path: string): string {
  const [, , first = '', , third] = path.split('/')
  return first === 'users' && third !== undefined ? third : first
}

function requestBodyOf(endpoint: Endpoint, name: string, schemas: Record<string, JsonSchema>): Operation['requestBody'] {
  const { body, examples } = endpoint
  if (body === undefined) return undefined
  const example = examples?.body === undefined ? {} : { example: examples.body }
  switch (body.type) {
    case 'json': {
      schemas[name] = named(jsonSchema(body.schema), schemas, name)
      return { required: true, content: { 'application/json': { schema: refTo(name), ...example } } }
    }
    case 'samples':
      return {
        required: true,
        content: { 'application/json': { schema: { type: 'object' }, ...example }, 'application/x-ndjson': { schema: { type: 'string' } } },
      }
    case 'file':
      return { required: true, content: { 'application/octet-stream': { schema: {} } } }
  }
}

function replyOf({ reply, examples, versioned, method }: Endpoint, name: string, schemas: Record<string, JsonSchema>): JsonSchema {
  const tag = versioned === undefined || method === 'delete' ? {} : { ETag: { schema: { type: 'string' }, description: 'The version.' } }
  const text = { schema: { type: 'string' } }
  const headers = { 'X-Request-Id': text, 'RateLimit-Policy': text, RateLimit: text, ...tag }
  const example = examples?.reply === undefined ? {} : { example: examples.reply }
  switch (reply.type) {
    case 'none':
      return { description: 'Done.', headers }
    case 'events':
      return { description: 'Server-sent events.', headers, content: { 'text/event-stream': { schema: { type: 'string' } } } }
    case 'file':
      return { description: 'The file.', headers, content: { [reply.mediaType]: { schema: {} } } }
    case 'json': {
      schemas[name] = named(jsonSchema(reply.schema), schemas, name)
      return { description: words[reply.status], headers, content: { 'application/json': { schema: refTo(name), ...example } } }
    }
  }
}

const words = { 200: 'Found.', 201: 'Made.', 202: 'Taken; it is being worked on.' } as const

function refusalOf(codes: readonly string[]): JsonSchema {
  return {
    description: codes.map((code) => `\`${code}\``).join(', '),
    content: { 'application/problem+json': { schema: { allOf: [refTo('Problem')], properties: { code: { enum: codes } } } } },
  }
}

function refTo(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` }
}

/** Definitions of its own become schemas of the document: a reference within it has no other root. */
function named({ $defs, ...schema }: JsonSchema, schemas: Record<string, JsonSchema>, name: string): JsonSchema {
  if ($defs === undefined) return schema
  const moved = (part: JsonSchema): JsonSchema => JSON.parse(JSON.stringify(part).replaceAll('"#/$defs/', `"#/components/schemas/${name}.`))
  for (const [key, definition] of Object.entries($defs as Record<string, JsonSchema>)) schemas[`${name}.${key}`] = moved(definition)
  return moved(schema)
}

const problemSchema: JsonSchema = {
  type: 'object',
  description: 'RFC 9457. The list of codes is closed; sentences may change.',
  required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: [...Object.keys(problems), 'internal'] },
    detail: { type: 'string' },
    advice: { type: 'string' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      maxItems: 100,
      items: {
        type: 'object',
        required: ['pointer', 'code', 'message'],
        properties: { pointer: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
}
