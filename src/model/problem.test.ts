import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseAs } from './parse.ts'
import { isProblemCode, Problem, problemCodes, problems } from './problem.ts'
import { CalendarDate, Instant, text } from './text.ts'

test('every code is snake_case and says what is wrong and what to do in one line', () => {
  expect(problemCodes.length).toBeGreaterThan(45)
  for (const code of problemCodes) {
    expect(code).toMatch(/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/)
    expect(problems[code].title, code).toMatch(/^[A-Z][^\n]{4,60}[^.]$/)
    expect(problems[code].advice, code).toMatch(/^[A-Z][^\n]{10,120}\.$/)
  }
})

test('a problem keeps its cause and its places', () => {
  const cause = new Error('ENOSPC')
  const problem = new Problem('storage_full', 'No space for samples/u1', { cause })
  expect(problem).toMatchObject({
    name: 'Problem',
    code: 'storage_full',
    message: 'No space for samples/u1',
    detail: 'No space for samples/u1',
    cause,
  })
  expect(problem.advice).toContain('Free space')
  expect(new Problem('not_found', 'No such day')).not.toHaveProperty('cause')
  expect(isProblemCode('constructor')).toBe(false)
})

test('a parse names every bad place by pointer and code, and repeats no value', () => {
  const Shape = z.strictObject({
    name: text(1, 3),
    bpm: z.number().min(30),
    kind: z.enum(['a', 'b']),
    born: CalendarDate,
    at: Instant,
    'a/b': z.array(z.number()).max(1),
    missing: z.string(),
  })
  const thrown = caught(() =>
    parseAs(Shape, { name: 'secret', bpm: 12, kind: 'A', born: '2023-02-29', at: '2024-01-20T14:30:00', 'a/b': [1, 2], more: 1 }, 'shape'),
  )
  expect(thrown.code).toBe('invalid')
  expect(thrown.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
    ['/name', 'too_long'],
    ['/bpm', 'out_of_range'],
    ['/kind', 'invalid_enum'],
    ['/born', 'invalid_date'],
    ['/at', 'offset_required'],
    ['/a~1b', 'too_many_items'],
    ['/missing', 'required'],
    ['/more', 'unknown_field'],
  ])
  expect(JSON.stringify(thrown.errors)).not.toContain('secret')
})

test('16, 19, 20: text, booleans and infinities are not numbers', () => {
  for (const value of ['72', true, Number.POSITIVE_INFINITY, Number.NaN, 10n]) {
    const { errors } = caught(() => parseAs(z.object({ v: z.number() }), { v: value }, 'value'))
    expect(errors).toMatchObject([{ pointer: '/v', code: 'wrong_type' }])
  }
})

test('9, 10: lone surrogates and NUL are not text', () => {
  for (const value of ['\ud800', 'a\0b'])
    expect(caught(() => parseAs(text(0, 9), value, 'text')).errors).toMatchObject([{ code: 'invalid_unicode' }])
})

function caught(action: () => unknown): Problem {
  try {
    action()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
