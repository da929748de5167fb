import { z } from 'zod'
import { isProblemCode, type ProblemCode } from './problem.ts'
import { canonicalZone, isCalendarDate, parseInstant } from './time.ts'

/** Text of `min` to `max` Unicode code points, without NUL and lone surrogates (no store keeps those). */
export function text(min: number, max: number) {
  return coded((value) => textProblem(value, min, max)).meta({ minLength: min, maxLength: max })
}

/**
 * What is seen of a name: without Unicode's bidirectional controls, which turn what stands around them, and without spaces of no width. The
 * joiners that emoji and Persian need stay.
 */
export function seenOf(name: string): string {
  return name.replaceAll(/[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, '')
}

/** The same as `text`, of which something is seen. */
export function name(max: number) {
  return coded((value) => textProblem(value, 1, max) ?? (seenOf(value) === '' ? 'out_of_range' : undefined)).meta({
    minLength: 1,
    maxLength: max,
  })
}

/** Ids that clients and we may use; also safe as a file name and in a URL (Firestore keeps `__…__` to itself). An id never grants anything. */
export const idPattern = /^(?!__.*__$)[A-Za-z0-9_-]{1,128}$/
export const Id = z
  .string()
  .overwrite(canonicalId)
  .superRefine((value, context) => {
    if (!idPattern.test(value)) context.addIssue(issue('invalid_id'))
  })
  .meta({ pattern: idPattern.source })

/** A UUID is the same in either letter case: it is kept in lower. Any other id is what it is. */
export function canonicalId(id: string): string {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id) ? id.toLowerCase() : id
}

/** RFC 3339 with an offset or `Z`. */
export const Instant = coded((value) => {
  const parsed = parseInstant(value)
  return parsed.ok ? undefined : parsed.code
}).meta({ format: 'date-time' })

/** `YYYY-MM-DD`, a date that the calendar has. */
export const CalendarDate = coded((value) => (isCalendarDate(value) ? undefined : 'invalid_date')).meta({ format: 'date' })

/** An IANA zone name, brought to its own letter case. */
export const Zone = z
  .string()
  .overwrite((value) => canonicalZone(value) ?? value)
  .superRefine((value, context) => {
    if (canonicalZone(value) === undefined) context.addIssue(issue('invalid_timezone'))
  })

/** One address of the form name@domain.tld, at most 254 bytes, no quoted names, no comments (RFC 5321 mailbox without its rarities). */
export const Email = z
  .string()
  .overwrite((value) => (value.length > 254 ? value : value.normalize('NFC')))
  .superRefine((value, context) => {
    const code = emailProblem(value)
    if (code !== undefined) context.addIssue(issue(code))
  })
  .meta({ format: 'email', maxLength: 254 })

/** Under this key an address is unique: letter case does not make another person. */
export function emailKey(email: string): string {
  return email.normalize('NFC').toLowerCase()
}

/** For a schema with both times: the end must come after the start, as instants. */
export function endAfterStart({ startTime, endTime }: { startTime: string; endTime: string }, context: z.RefinementCtx): void {
  const start = parseInstant(startTime)
  const end = parseInstant(endTime)
  if (!start.ok || !end.ok) return
  if (end.epochMs * 1000 + end.micros > start.epochMs * 1000 + start.micros) return
  context.addIssue({ ...issue('end_before_start', 'End time must be after start time'), path: ['endTime'] })
}

/** A string schema whose own check names the problem code. */
function coded(check: (value: string) => ProblemCode | undefined) {
  return z.string().superRefine((value, context) => {
    const code = check(value)
    if (code !== undefined) context.addIssue(issue(code))
  })
}

const messages: Partial<Record<ProblemCode, string>> = {
  too_long: 'Too long',
  out_of_range: 'Too short, or outside the allowed range',
  invalid_unicode: 'Not valid Unicode text',
  invalid_id: 'Must be 1 to 128 letters, digits, _ or -',
  invalid_email: 'Not a valid e-mail address',
  invalid_timezone: 'Not an IANA time zone',
  invalid_date: 'Not a date of the calendar',
  offset_required: 'The time needs an offset or Z',
}

/** A custom Zod issue that carries one of our codes. */
export function issue(
  code: ProblemCode,
  message = messages[code] ?? code,
): { code: 'custom'; message: string; params: { code: ProblemCode } } {
  return { code: 'custom', message, params: { code } }
}

/** Our code of a custom Zod issue, if it carries one. */
export function codeOfParams(params: Readonly<Record<string, unknown>> | undefined): ProblemCode | undefined {
  const code = params?.code
  return typeof code === 'string' && isProblemCode(code) ? code : undefined
}

function textProblem(value: string, min: number, max: number): ProblemCode | undefined {
  if (value.length > 2 * max) return 'too_long'
  if (!value.isWellFormed() || value.includes('\0')) return 'invalid_unicode'
  const length = [...value].length
  if (length > max) return 'too_long'
  return length < min ? 'out_of_range' : undefined
}

// Both patterns match one character class at a time, so they are linear; the length is checked before either runs.
const localPart = /^[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+$/u
const domainLabel = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?$/u

function emailProblem(value: string): ProblemCode | undefined {
  if (value.length > 254 || utf8Length(value) > 254) return 'too_long'
  const at = value.indexOf('@')
  const local = value.slice(0, Math.max(at, 0))
  const labels = value.slice(at + 1).split('.')
  const good =
    utf8Length(local) <= 64 &&
    local.split('.').every((atom) => localPart.test(atom)) &&
    labels.length >= 2 &&
    labels.every((label) => label.length <= 63 && domainLabel.test(label))
  return good ? undefined : 'invalid_email'
}

function utf8Length(value: string): number {
  let bytes = 0
  for (const character of value) {
    const point = character.codePointAt(0) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return bytes
}
