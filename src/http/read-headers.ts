import type { IncomingHttpHeaders } from 'node:http'
import type { Endpoint, ReplyKind } from '../api/endpoint.ts'
import { Problem } from '../model/problem.ts'
import type { Handling } from '../model/quality.ts'

/** RFC 7240; undefined where it says neither. */
export function preferredHandling({ prefer }: IncomingHttpHeaders): Handling | undefined {
  const said = /(?:^|[,;\s])handling\s*=\s*"?(strict|lenient)"?(?:$|[,;\s])/i.exec(String(prefer ?? ''))?.[1]?.toLowerCase()
  return said === 'strict' || said === 'lenient' ? said : undefined
}

export function requireIdempotencyKey(headers: IncomingHttpHeaders): string {
  const key = headers['idempotency-key']
  if (key === undefined) throw new Problem('idempotency_key_required', 'A POST carries an Idempotency-Key header.')
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw new Problem('idempotency_key_required', 'An Idempotency-Key is 1 to 255 visible ASCII characters.')
}

/** Throws `Problem('bad_header')` for a header that nobody here would look at: who sends it relies on it. */
export function requireLookedAt(headers: IncomingHttpHeaders, { method, versioned }: Pick<Endpoint, 'method' | 'versioned'>): void {
  if (headers['if-match'] !== undefined && versioned !== 'may' && versioned !== 'must')
    throw new Problem('bad_header', 'If-Match is for changes of what has a version.')
  if (headers['if-none-match'] !== undefined && method !== 'get') throw new Problem('bad_header', 'If-None-Match is for reading.')
  if (headers['idempotency-key'] !== undefined && method !== 'post')
    throw new Problem('bad_header', 'An Idempotency-Key is for POST; other methods may be repeated as they are.')
}

/** Whether `If-None-Match` names this version, alone, among others or by `*`. */
export function isNamed(said: string | undefined, tag: string): boolean {
  const tags = said?.split(',').map((each) => each.trim().replace(/^W\//, '')) ?? []
  return tags.includes(tag) || tags.includes('*')
}

/** The version in `If-Match: "7"`; undefined where there is none and none is needed. */
export function ifMatchOf(headers: IncomingHttpHeaders, versioned: Endpoint['versioned']): number | undefined {
  const said = headers['if-match']
  if (said === undefined) {
    if (versioned === 'must') throw new Problem('precondition_required', 'This change must name the version that it changes.')
    return undefined
  }
  const version = /^"(\d{1,15})"$/.exec(said)?.[1]
  if (version === undefined) throw new Problem('precondition_failed', 'If-Match is not an ETag of this server.')
  return Number(version)
}

/** Throws `Problem('not_acceptable')` where `Accept` leaves nothing that the endpoint has. Refusals are problem+json whatever it says. */
export function requireAcceptable({ accept }: IncomingHttpHeaders, reply: ReplyKind): void {
  if (accept === undefined || accept.trim() === '' || reply.type === 'none') return
  const given = { json: 'application/json', events: 'text/event-stream', file: reply.type === 'file' ? reply.mediaType : '' }[reply.type]
  const whole = `${given.split('/', 1)[0]}/*`
  const isTaken = accept.split(',').some((part) => {
    const [range = '', ...parameters] = part
      .toLowerCase()
      .split(';')
      .map((piece) => piece.trim())
    return [given, whole, '*/*'].includes(range) && !parameters.some((parameter) => /^q=0(?:\.0{0,3})?$/.test(parameter))
  })
  if (!isTaken) throw new Problem('not_acceptable', `The answer is ${given}.`)
}

export function etagOf(version: number): string {
  return `"${version}"`
}
