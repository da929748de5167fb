import type { Api, Endpoint } from '../api/endpoint.ts'
import { Problem } from '../model/problem.ts'
import type { Tracer } from '../ports/tracer.ts'
import type { Layer } from './server.ts'
import { statusOf } from './status.ts'

/** Each call that was let in as a span, by the table's path: whose data it is about stands nowhere. The outermost layer. */
export function traceCalls(tracer: Tracer): Layer {
  return (call, { method, path, reply }, next) => {
    const facts = { 'http.request.method': method.toUpperCase(), 'http.route': path, 'clarity.request_id': call.requestId }
    const start = { kind: 'server', parent: call.header('traceparent'), facts } as const
    return tracer.span(`${method.toUpperCase()} ${path}`, start, async (note) => {
      try {
        const answer = await next()
        note({ 'http.response.status_code': answer.status ?? reply.status })
        return answer
      } catch (error) {
        note({ 'http.response.status_code': error instanceof Problem ? statusOf[error.code] : 500 })
        throw error
      }
    })
  }
}

/** What the call does, within what is around it: the innermost layer. */
export function traceFlows(tracer: Tracer, api: Api): Layer {
  const names = new Map<Endpoint, string>(Object.entries(api).map(([name, endpoint]) => [endpoint, name]))
  return (_call, endpoint, next) => tracer.step(`flow ${names.get(endpoint) ?? 'unknown'}`, {}, () => next())
}
