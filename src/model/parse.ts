import type { z } from 'zod'
import { type FieldProblem, Problem, type ProblemCode } from './problem.ts'
import { codeOfParams } from './text.ts'

/** The value as the schema has it. Throws `Problem('invalid')` that names every bad place, at most 100, and no value. */
export function parseAs<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new Problem('invalid', `Not a valid ${what}`, { errors: fieldProblems(result.error) })
}

/** Zod's issues in our codes, with JSON Pointers (RFC 6901). */
export function fieldProblems(error: z.ZodError): FieldProblem[] {
  return error.issues.flatMap(fieldProblemsOf).slice(0, 100)
}

function fieldProblemsOf(issue: z.core.$ZodIssue): FieldProblem[] {
  if (issue.code !== 'unrecognized_keys') return [{ pointer: pointerOf(issue.path), code: codeOf(issue), message: issue.message }]
  return issue.keys.map((key) => ({ pointer: pointerOf([...issue.path, key]), code: 'unknown_field', message: 'Unknown field' }))
}

const codeOfIssue: Partial<Record<z.core.$ZodIssue['code'], ProblemCode>> = {
  invalid_value: 'invalid_enum',
  invalid_type: 'wrong_type',
  too_small: 'out_of_range',
  too_big: 'out_of_range',
  invalid_key: 'unknown_field',
}

const tooBig: Readonly<Record<string, ProblemCode>> = { string: 'too_long', array: 'too_many_items', set: 'too_many_items' }

function codeOf(issue: z.core.$ZodIssue): ProblemCode {
  if (issue.code === 'custom') return codeOfParams(issue.params) ?? 'invalid'
  // Zod names what it received only in the message.
  if (/received (?:undefined|null)$/.test(issue.message)) return 'required'
  if (issue.code === 'too_big' && tooBig[issue.origin] !== undefined) return tooBig[issue.origin] ?? 'out_of_range'
  return codeOfIssue[issue.code] ?? 'invalid'
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
