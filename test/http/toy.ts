import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { Api } from '../../src/api/endpoint.ts'
import type { Handlers } from '../../src/http/call.ts'
import { wholeOf } from '../../src/http/read-body.ts'
import type { Gate } from '../../src/http/server.ts'
import { type Principal, scopesOf } from '../../src/model/principal.ts'
import { Problem } from '../../src/model/problem.ts'
import { text } from '../../src/model/text.ts'
import type { Documents } from '../../src/ports/documents.ts'

const Note = z.strictObject({
  text: text(1, 100_000),
  weight: z.number().min(0).max(500).optional(),
  tags: z.array(text(1, 40)).max(100).optional(),
})
const shared = { scope: 'profile:write', audit: 'write', problems: [] } as const

/** One endpoint of every kind of body. */
export const toyApi = {
  getNote: {
    ...shared,
    method: 'get',
    path: '/v1/users/{userId}/notes/{noteId}',
    summary: 'Read a note',
    query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100) }),
    reply: { type: 'json', status: 200, schema: z.object({ noteId: z.string() }) },
  },
  putNote: {
    ...shared,
    method: 'put',
    path: '/v1/users/{userId}/notes/{noteId}',
    summary: 'Write a note',
    body: { type: 'json', schema: Note, maxBytes: 1_000_000 },
    reply: { type: 'json', status: 200, schema: Note },
    versioned: 'may',
  },
  addNote: {
    ...shared,
    method: 'post',
    path: '/v1/users/{userId}/notes',
    summary: 'Add a note',
    body: { type: 'json', schema: Note, maxBytes: 1_000_000 },
    reply: { type: 'json', status: 201, schema: z.object({ noteId: z.string(), n: z.number() }) },
  },
  makeSecret: {
    ...shared,
    method: 'post',
    path: '/v1/users/{userId}/secrets',
    summary: 'Make a secret',
    body: { type: 'json', schema: Note, maxBytes: 1_000_000 },
    tellsSecret: true,
    reply: { type: 'json', status: 201, schema: z.object({ secret: z.string() }) },
  },
  sendFile: {
    ...shared,
    method: 'post',
    path: '/v1/users/{userId}/files',
    summary: 'Send a file',
    body: { type: 'file', maxBytes: 100_000_000 },
    reply: { type: 'json', status: 201, schema: z.object({ bytes: z.number() }) },
  },
} as const satisfies Api

export interface ToyDeps {
  readonly documents: Documents
  /** Called in the middle of what a POST does, with its effect done. */
  readonly done?: () => Promise<void> | void
}

export const toyHandlers: Handlers<typeof toyApi, ToyDeps> = {
  getNote: async (_, { params }) => ({ body: { noteId: params.noteId } }),
  putNote: async ({ documents }, { params, body }) => {
    await documents.batch([{ op: 'put', path: `system/${params.noteId}`, body }])
    return { body }
  },
  /** Its effect is a job's document by the call's id, made once; the answer says how many there are. */
  addNote: async ({ documents, done }, { body, callId }) => {
    if (body.text === 'refuse me') throw new Problem('conflict', 'As asked.')
    await documents.batch([{ op: 'put', path: `system/${callId}`, body: { made: true }, ifAbsent: true }]).catch((error: unknown) => {
      if (!(error instanceof Problem && error.code === 'conflict')) throw error
    })
    await done?.()
    return {
      body: { noteId: callId, n: (await documents.list({ collection: 'system', limit: 100 })).data.length },
      location: `/v1/notes/${callId}`,
      version: 1,
    }
  },
  makeSecret: async () => ({ body: { secret: 'told once' } }),
  sendFile: async ({ done }, { content }) => {
    const bytes = (await wholeOf(content)).length
    await done?.()
    return { body: { bytes } }
  },
}

/** `Bearer ada`, `Bearer ben`: a person by that name, with a credential of that name. */
export const toyGate: Gate = {
  authenticate: async (said) => {
    const name = /^Bearer (ada|ben|service)$/.exec(said ?? '')?.[1]
    if (name === undefined) throw new Problem('unauthorized', 'No valid credential.')
    const principal: Principal =
      name === 'service'
        ? { kind: 'service', scopes: scopesOf.service, credential: name }
        : { kind: 'person', userId: name, scopes: scopesOf.person, credential: name }
    return principal
  },
  mayByGrant: async () => false,
}

/** As a house has it. */
export const keyedHash = async (text: string) => createHmac('sha256', 'a key').update(text).digest('hex')
