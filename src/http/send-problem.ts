import type { FastifyReply } from 'fastify'
import { problemBody, problemHeaders } from './problem-reply.ts'
import { Refusal } from './refusal.ts'

export function sendProblem(reply: FastifyReply, error: unknown): void {
  if (reply.raw.headersSent) {
    // Half an answer must not look whole.
    reply.raw.destroy()
    return
  }
  const body = problemBody(error, reply.request.id)
  // What was said of the limit before is more exact, and so is what the refusal says.
  const waitS = reply.getHeader('retry-after')
  reply.code(body.status).headers(problemHeaders(body))
  if (waitS !== undefined) reply.header('retry-after', waitS)
  if (error instanceof Refusal) reply.headers(error.headers)
  void reply.send(Buffer.from(JSON.stringify(body)))
}
