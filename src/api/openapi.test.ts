import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { statusOf } from '../http/status.ts'
import { problemCodes } from '../model/problem.ts'
import { api } from './api.ts'
import type { Api } from './endpoint.ts'
import { openApiOf } from './openapi.ts'
import { referencePage } from './reference-page.ts'

const Node = z.object({
  name: z.string(),
  get children() {
    return z.array(Node).optional()
  },
})
/** One of every kind. */
const toy = {
  listNotes: {
    method: 'get',
    path: '/v1/users/{userId}/notes',
    summary: 'Notes of <a person> & more',
    scope: 'profile:read',
    audit: 'read',
    query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100), cursor: z.string().optional(), from: z.string() }),
    reply: { type: 'json', status: 200, schema: z.object({ data: z.array(Node), nextCursor: z.string().optional() }) },
    problems: ['range_too_wide'],
    examples: { reply: { data: [{ name: '<b>' }] } },
  },
  addNote: {
    method: 'post',
    path: '/v1/users/{userId}/notes',
    summary: 'Add a note',
    scope: 'profile:write',
    audit: 'write',
    body: {
      type: 'json',
      schema: z.object({ text: z.string().transform((said) => said.trim()), at: z.iso.date().nullish() }),
      maxBytes: 100,
    },
    reply: { type: 'none', status: 204 },
    problems: ['deleted'],
  },
  sendFile: {
    method: 'put',
    path: '/v1/users/{userId}/notes/{noteId}',
    summary: 'Send a file',
    scope: 'profile:write',
    audit: 'write',
    body: { type: 'file', maxBytes: 100 },
    reply: { type: 'file', status: 200, mediaType: 'application/zip' },
    problems: [],
    versioned: 'must',
  },
  sendSamples: {
    method: 'post',
    path: '/v1/samples',
    summary: 'Send samples',
    scope: 'sessions:write',
    audit: 'write',
    body: { type: 'samples', maxBytes: 100 },
    reply: { type: 'events', status: 200 },
    problems: [],
  },
} as const satisfies Api

const facts = { version: '1.2.3', statusOf }

test.each([
  ['one of every kind', toy],
  ['this house', api],
])('the OpenAPI document of a table with %s is valid', async (_, table) => {
  const document = openApiOf(table as Api, facts)
  const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)))
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
})

test.each([
  ['one of every kind', toy],
  ['this house', api],
])('every reference in the document of a table with %s leads somewhere', (_, table) => {
  const document = openApiOf(table as Api, facts)
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref)
  const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`)
  expect(known).toEqual(expect.arrayContaining(refs))
})

test('an operation says its scope, what it reads, what it answers, and each code under its status', () => {
  const { paths, components } = openApiOf(toy, facts)
  const list = paths['/v1/users/{userId}/notes']?.get
  expect(list).toMatchObject({ operationId: 'listNotes', tags: ['notes'], security: [{ bearer: ['profile:read'] }] })
  expect(list?.parameters.map(({ name, in: where, required }) => [name, where, required])).toEqual([
    ['userId', 'path', true],
    ['limit', 'query', false],
    ['cursor', 'query', false],
    ['from', 'query', true],
  ])
  expect(list?.['x-problems'][400]).toEqual(expect.arrayContaining(['range_too_wide', 'bad_cursor', 'bad_parameter', 'invalid_id']))
  expect(list?.['x-problems'][404]).toEqual(['not_found'])
  expect(paths['/v1/users/{userId}/notes']?.post?.['x-problems'][410]).toEqual(['erased', 'deleted'])
  expect(components.schemas.AddNoteBody).toEqual({
    type: 'object',
    properties: {
      text: { type: 'string' },
      at: { anyOf: [expect.objectContaining({ type: 'string', format: 'date' }), { type: 'null' }] },
    },
    required: ['text'],
  })
  const change = paths['/v1/users/{userId}/notes/{noteId}']?.put
  expect(change?.parameters).toContainEqual(expect.objectContaining({ name: 'If-Match', required: true }))
  expect(paths['/v1/samples']?.post?.parameters).toContainEqual(expect.objectContaining({ name: 'Idempotency-Key', required: true }))
})

test('no endpoint promises a code that is none', () => {
  for (const methods of Object.values(openApiOf({ ...api, ...toy } as Api, facts).paths))
    for (const operation of Object.values(methods))
      expect(problemCodes).toEqual(expect.arrayContaining(Object.values(operation['x-problems']).flat()))
})

test('the page has every endpoint, runs nothing and asks nobody', () => {
  const page = referencePage(openApiOf(toy, facts))
  for (const [name, { method, path }] of Object.entries(toy)) {
    expect(page).toContain(`<article id="${name}"`)
    expect(page).toContain(`${method.toUpperCase()} ${path}`)
  }
  expect(page).toContain('Notes of &lt;a person&gt; &amp; more')
  expect(page).toContain('&quot;name&quot;: &quot;&lt;b&gt;&quot;')
  expect(page).not.toMatch(/<script|<link|<img|url\(|https?:\/\/|\son\w+=/i)
})
