import { type FieldProblem, Problem, type ProblemCode } from '../model/problem.ts'
import { countKeys } from './count-keys.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/**
 * What JSON says in UTF-8 bytes, by RFC 8259 and more strictly where that leaves a choice: each key once, text that is Unicode, numbers that
 * are exact. Bounds of depth and keys are held before anything is built. Throws `Problem` for bytes that say nothing, or not one thing.
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw new Problem('empty_body', 'The body is empty.')
  // UTF-16 and UTF-32 of JSON's first character.
  if (bytes[0] === 0 || bytes[1] === 0) throw new Problem('invalid_utf8', 'The body is not UTF-8.')
  const keys = countKeys(bytes)
  const text = textOf(bytes)
  const root = { value: parsed(text) }
  // Only an escape can say NUL or half a surrogate pair.
  const careful = text.includes('\\u') || text.includes('__proto__')
  const found = looked(root, careful)
  if (found.faulty) refuse(root.value)
  if (found.keys - 1 !== keys) throw new Problem('duplicate_key', 'A key stands twice in one object.')
  return root.value
}

function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new Problem('invalid_utf8', 'The body is not UTF-8.', { cause })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    // The cause would quote the text around the place, which may hold a health value.
    throw new Problem('malformed_json', cause instanceof Error ? placeIn(cause.message) : 'The body is not JSON.')
  }
}

function placeIn(message: string): string {
  const place = /position \d+(?: \(line \d+ column \d+\))?/.exec(message)?.[0]
  return place === undefined ? 'The body is not JSON.' : `The body is not JSON at ${place}.`
}

interface Found {
  keys: number
  faulty: boolean
}

type Parent = Record<string | number, unknown>

/** Counts keys, makes -0 a 0, and tells whether anything must be refused. The way that every good body goes, so it only looks. */
function looked(parent: object, careful: boolean, found: Found = { keys: 0, faulty: false }): Found {
  if (Array.isArray(parent)) for (let at = 0; at < parent.length; at += 1) lookAt(parent as unknown as Parent, at, careful, found)
  else
    for (const key of Object.keys(parent)) {
      found.keys += 1
      if (careful && faultOfKey(key) !== undefined) found.faulty = true
      lookAt(parent as Parent, key, careful, found)
    }
  return found
}

function lookAt(parent: Parent, key: string | number, careful: boolean, found: Found): void {
  const value = parent[key]
  if (typeof value === 'number') {
    if (Object.is(value, -0)) parent[key] = 0
    else if (Math.abs(value) > Number.MAX_SAFE_INTEGER) found.faulty = true
  } else if (typeof value === 'string') {
    if (careful && faultOfText(value) !== undefined) found.faulty = true
  } else if (typeof value === 'object' && value !== null) looked(value, careful, found)
}

function faultOfKey(key: string): ProblemCode | undefined {
  // A key that some program would take for the object's prototype: no schema has it.
  return key === '__proto__' ? 'unknown_field' : faultOfText(key)
}

/** No store keeps these. */
function faultOfText(text: string): ProblemCode | undefined {
  return text.isWellFormed() && !text.includes('\0') ? undefined : 'invalid_unicode'
}

/** A number beyond 2^53 - 1 is whole, and may not be the one that was sent. */
function faultOfNumber(value: number): ProblemCode | undefined {
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return undefined
  return Number.isFinite(value) ? 'unsafe_integer' : 'out_of_range'
}

const MAX_ERRORS = 100

const messages: Partial<Record<ProblemCode, string>> = {
  unknown_field: 'Unknown field',
  invalid_unicode: 'Not valid Unicode text',
  unsafe_integer: 'An integer beyond 2^53 - 1',
  out_of_range: 'A number beyond what can be held',
}

function refuse(value: unknown): never {
  const errors = [...faultsIn(value, '')].slice(0, MAX_ERRORS)
  const codes = new Set(errors.map(({ code }) => code))
  const [only = 'invalid'] = codes
  throw new Problem(codes.size === 1 ? only : 'invalid', 'The body says what cannot be kept as it is said.', { errors })
}

function* faultsIn(value: unknown, pointer: string): Generator<FieldProblem> {
  const code = typeof value === 'number' ? faultOfNumber(value) : typeof value === 'string' ? faultOfText(value) : undefined
  if (code !== undefined) yield { pointer, code, message: messages[code] ?? code }
  if (typeof value !== 'object' || value === null) return
  for (const [key, each] of Object.entries(value)) {
    const fault = faultOfKey(key)
    const place = `${pointer}/${key.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (fault !== undefined) yield { pointer: place, code: fault, message: messages[fault] ?? fault }
    yield* faultsIn(each, place)
  }
}
