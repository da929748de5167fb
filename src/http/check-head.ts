import type { IncomingMessage } from 'node:http'
import { Problem } from '../model/problem.ts'
import { refuseCredentials } from './read-query.ts'
import { Refusal } from './refusal.ts'

export const headLimits = { urlBytes: 8192, headerBytes: 16 * 1024, credentialBytes: 7 * 1024 } as const

/** What a client could say twice, and mean two things by it. */
const ONCE = [
  'accept',
  'authorization',
  'content-encoding',
  'content-type',
  'host',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'last-event-id',
  'prefer',
]

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Whether a request is for a server of this name, without its port. */
export type IsHost = (name: string) => boolean

/** What can be said of a request before anybody is known or anything is read. Throws `Problem`. */
export function checkHead(request: IncomingMessage, isHost: IsHost | undefined): void {
  const { method = '', url = '', rawHeaders } = request
  if (!METHODS.includes(method)) throw methodRefused()
  if (url.length > headLimits.urlBytes) throw new Problem('uri_too_long', `An address has at most ${headLimits.urlBytes} bytes.`)
  if (rawHeaders.reduce((bytes, part) => bytes + part.length, 0) > headLimits.headerBytes)
    throw new Problem('headers_too_large', `The headers have at most ${headLimits.headerBytes} bytes.`)
  if ((request.headers.authorization?.length ?? 0) > headLimits.credentialBytes)
    throw new Problem('headers_too_large', `A credential has at most ${headLimits.credentialBytes} bytes.`)
  refuseTwice(rawHeaders)
  refuseHost(request, isHost)
  refuseCredentials(url)
}

export function methodRefused(): Problem {
  return new Refusal('method_not_allowed', 'No address here takes that method.', { allow: METHODS.slice(0, -1).join(', ') })
}

function refuseTwice(rawHeaders: readonly string[]): void {
  const seen = new Set<string>()
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? ''
    if (seen.has(name) && ONCE.includes(name)) throw new Problem('bad_header', `The header ${name} stands twice.`)
    seen.add(name)
  }
}

function refuseHost({ headers: { host }, httpVersion }: IncomingMessage, isHost: IsHost | undefined): void {
  if (host === undefined && httpVersion !== '1.0') throw new Problem('bad_header', 'A request names its Host.')
  if (isHost === undefined) return
  const name = /^(\[[0-9a-f:.]+\]|[^:]*)(?::\d{1,5})?$/i.exec(host ?? '')?.[1]?.toLowerCase()
  if (name === undefined || !isHost(name)) throw new Problem('misdirected', 'This server has not the name that Host says.')
}
