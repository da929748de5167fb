import { Problem } from '../model/problem.ts'
import { statusOf } from './status.ts'

/** RFC 9457. */
export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly advice: string
  readonly requestId: string
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly message: string }[]
}

/** A bug says nothing of itself; its log line has the same request id. */
export function problemBody(error: unknown, requestId: string): ProblemBody {
  if (!(error instanceof Problem)) {
    const title = 'A fault of the server'
    const detail = 'It is written down under this requestId.'
    return {
      type: 'about:blank',
      title,
      status: 500,
      code: 'internal',
      detail,
      advice: 'Send it again later; report the requestId if it stays.',
      requestId,
    }
  }
  const { code, title, detail, advice, errors } = error
  const type = `https://clarity-loop.dev/problems#${code}`
  return { type, title, status: statusOf[code], code, detail, advice, requestId, ...(errors && { errors: errors.slice(0, 100) }) }
}

/** What stands above such a body, whoever sends it. */
export function problemHeaders({ status, requestId }: ProblemBody) {
  return {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    ...((status === 503 || status === 429) && { 'retry-after': '1' }),
  }
}
