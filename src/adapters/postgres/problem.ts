import { Problem, type ProblemCode } from '../../model/problem.ts'
import { errorCodeOf } from '../disk.ts'

type Failure = readonly [ProblemCode, string]

const noAnswer: Failure = ['unavailable', 'PostgreSQL does not answer']
const lost: Failure = ['unavailable', 'The connection to PostgreSQL was lost']
const damaged: Failure = ['storage_corrupt', 'PostgreSQL reports that its files are damaged']

/** By SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html) and by what the operating system says. */
const failures: Readonly<Record<string, Failure>> = {
  '22021': ['invalid', 'PostgreSQL takes no text like this'],
  '25006': ['unavailable', 'This PostgreSQL can only be read; it may be a standby'],
  '28000': ['unavailable', 'PostgreSQL refuses the user'],
  '28P01': ['unavailable', 'PostgreSQL refuses the password'],
  '3D000': ['unavailable', 'PostgreSQL has no such database'],
  '40001': ['unavailable', 'Too many writers at once in PostgreSQL'],
  '40P01': ['unavailable', 'Too many writers at once in PostgreSQL'],
  '42501': ['unavailable', 'The user of PostgreSQL lacks a permission'],
  '53100': ['storage_full', 'No space is left for PostgreSQL'],
  '53200': ['unavailable', 'PostgreSQL is out of memory'],
  '53300': ['unavailable', 'PostgreSQL has no connection left'],
  '53400': ['storage_full', 'A limit set for PostgreSQL is reached'],
  '54000': ['too_long', 'PostgreSQL takes no value as long as this where it is indexed'],
  '55P03': ['unavailable', 'Another process holds a lock in PostgreSQL'],
  '57014': ['unavailable', 'PostgreSQL took too long'],
  '57P01': lost,
  '57P02': lost,
  '57P03': ['unavailable', 'PostgreSQL is starting or stopping'],
  '57P05': lost,
  '58030': ['unavailable', 'The disk of PostgreSQL reported an error'],
  P0001: ['unavailable', 'A rule of the store forbids it'],
  XX001: damaged,
  XX002: damaged,
  EAI_AGAIN: noAnswer,
  ECONNREFUSED: noAnswer,
  ECONNRESET: lost,
  EHOSTUNREACH: noAnswer,
  ENETUNREACH: noAnswer,
  ENOENT: noAnswer,
  ENOTFOUND: noAnswer,
  EPIPE: lost,
  ETIMEDOUT: lost,
}

/** What `pg` itself says has no code. */
const sentences: readonly (readonly [RegExp, Failure])[] = [
  [/^Connection terminated due to connection timeout|^timeout expired/, noAnswer],
  [/^timeout exceeded when trying to connect/, ['unavailable', 'Every connection to PostgreSQL is busy']],
  [/^Query read timeout/, ['unavailable', 'PostgreSQL took too long']],
  [/^Connection terminated|^Client has encountered a connection error|^Client was closed/, lost],
  [/^Cannot use a pool after calling end/, ['unavailable', 'The store is closed']],
  [/^The server does not support SSL/, ['unavailable', 'PostgreSQL offers no encrypted connection']],
]

/** What PostgreSQL, its client or the operating system said, as a `Problem`; any other error as it is. */
export function asPostgresProblem(error: unknown): unknown {
  const failure = failureOf(error)
  return failure === undefined ? error : new Problem(failure[0], failure[1], { cause: error })
}

/** Whether the connection went while a statement was under way or before; its outcome is not known. */
export function isLost(error: unknown): boolean {
  return failureOf(error) === lost
}

/** The SQLSTATE of an error of the server, else ''. */
export function sqlStateOf(error: unknown): string {
  const code = errorCodeOf(error)
  return /^[0-9A-Z]{5}$/.test(code) ? code : ''
}

function failureOf(error: unknown): Failure | undefined {
  const code = errorCodeOf(error)
  // Class 08: connection exceptions.
  if (/^08[0-9A-Z]{3}$/.test(code)) return lost
  if (Object.hasOwn(failures, code)) return failures[code]
  return error instanceof Error && code === '' ? sentences.find(([pattern]) => pattern.test(error.message))?.[1] : undefined
}
