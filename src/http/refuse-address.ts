import type { FastifyInstance } from 'fastify'
import type { Api } from '../api/endpoint.ts'
import { nothingThere } from '../model/nothing-there.ts'
import { Problem } from '../model/problem.ts'
import { Refusal } from './refusal.ts'
import { sendProblem } from './send-problem.ts'
import type { Done } from './server.ts'

/** Addresses and methods that the table does not have, and requests whose head was refused. */
export function addRefusals(server: FastifyInstance, api: Api, onDone: ((done: Done) => void) | undefined): void {
  const refuse = refuserOf(api)
  server.setNotFoundHandler(({ url }) => {
    throw refuse(url.split('?', 1)[0] ?? '')
  })
  server.setErrorHandler((error, request, reply) => {
    sendProblem(reply, error)
    const isProblem = error instanceof Problem
    onDone?.({
      requestId: request.id,
      endpoint: undefined,
      method: request.method,
      status: reply.statusCode,
      ms: reply.elapsedTime,
      credential: undefined,
      code: isProblem ? error.code : 'internal',
      error: isProblem ? undefined : error,
    })
    return reply
  })
}

function refuserOf(api: Api): (path: string) => Problem {
  const shapes = Object.values(api).map(({ path, method }) => ({
    method: method.toUpperCase(),
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }))
  return (path) => {
    const allowed = shapes
      .filter(({ pattern }) => pattern.test(path))
      .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    if (allowed.length > 0)
      return new Refusal('method_not_allowed', 'This address does not take that method.', { allow: allowed.join(', ') })
    // What stands for another place, or for none, is no id.
    if (/\/(?:\.{1,2})?(?:\/|$)/.test(path.slice(1))) return new Problem('invalid_id', 'The address has an empty or a dotted part.')
    return nothingThere()
  }
}
