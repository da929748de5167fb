import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { Endpoint } from '../api/endpoint.ts'
import type { Answer } from './call.ts'
import { eventStream } from './event-stream.ts'
import { etagOf, isNamed } from './read-headers.ts'

const STUCK_MS = 60_000

/** Sends what the handler answered; 304 where the client has that version already. */
export async function sendAnswer(
  reply: FastifyReply,
  endpoint: Endpoint,
  answer: Answer<Endpoint>,
  ifNoneMatch: string | undefined,
): Promise<void> {
  const tag = answer.version === undefined ? undefined : etagOf(answer.version)
  addHeaders(reply, answer, tag)
  if (tag !== undefined && endpoint.method === 'get' && isNamed(ifNoneMatch, tag)) await reply.code(304).send()
  else await sendBody(reply.code(answer.status ?? endpoint.reply.status), endpoint, answer)
}

function addHeaders(reply: FastifyReply, { location, headers }: Answer<Endpoint>, tag: string | undefined): void {
  reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff').header('x-request-id', reply.request.id)
  for (const [name, value] of Object.entries(headers ?? {})) reply.header(name, value)
  if (location !== undefined) reply.header('location', location)
  if (tag !== undefined) reply.header('etag', tag)
}

async function sendBody(reply: FastifyReply, { reply: kind }: Endpoint, { body, events, content }: Answer<Endpoint>): Promise<void> {
  const isHead = reply.request.method === 'HEAD'
  switch (kind.type) {
    case 'json':
      await reply.header('content-type', 'application/json').send(Buffer.from(JSON.stringify(body)))
      return
    case 'none':
      await reply.send()
      return
    case 'events':
      // A reader that takes nothing, not even heartbeats, is let go; it resumes where it was.
      reply.raw.setTimeout(STUCK_MS, () => reply.raw.destroy())
      await sendStream(reply, 'text/event-stream', isHead ? none() : eventStream(events ?? none()))
      return
    case 'file':
      await sendStream(reply, kind.mediaType, isHead ? none() : (content ?? none()))
  }
}

async function sendStream(reply: FastifyReply, mediaType: string, content: AsyncIterable<Uint8Array | string>): Promise<void> {
  await reply.header('content-type', mediaType).send(Readable.from(content, { objectMode: false }))
}

async function* none(): AsyncGenerator<never> {}
