import { importsApi } from '../../src/api/imports.ts'
import { sessionsApi } from '../../src/api/sessions.ts'
import type { House } from '../../src/app/house.ts'
import { importsHandlers } from '../../src/http/handlers/imports.ts'
import { sessionsHandlers } from '../../src/http/handlers/sessions.ts'
import { answerOnce } from '../../src/http/idempotency.ts'
import { bodyOf, stepOf } from '../cluster/steps.ts'
import { type Answered, asking } from './asking.ts'

/** A session that stays in its document, one that becomes an object, and a file; each is told by the step that hands it in. */
export const calls = { small: 1, large: 3, file: 5 } as const
export type CallKind = keyof typeof calls

/** Makes a call of robin's, with the same key each time. */
export function killable(house: House): (kind: CallKind) => Promise<Answered> {
  const api = { ...sessionsApi, ...importsApi }
  const handlers = { ...sessionsHandlers, ...importsHandlers }
  const ask = asking({ api, handlers, deps: house, layers: [answerOnce(house)] }, house)
  return (kind) => {
    const { session, file } = stepOf('robin', calls[kind])
    const headers = { 'idempotency-key': kind }
    if (kind !== 'file') return ask('robin', 'POST /v1/users/robin/sessions', { headers, payload: bodyOf(session) })
    const octets = { ...headers, 'content-type': 'application/octet-stream' }
    return ask('robin', 'POST /v1/users/robin/imports?zone=UTC', { headers: octets, payload: file?.text ?? '' })
  }
}
