import { expect, test } from 'vitest'
import { Problem } from '../../model/problem.ts'
import { openLog, traceOf } from './log.ts'

function lines(least: 'info' | 'warn' | 'error', tell: (log: ReturnType<typeof openLog>) => void): unknown[] {
  let text = ''
  const log = openLog(
    least,
    (more) => {
      text += more
    },
    () => Date.UTC(2026, 0, 2),
  )
  tell(log)
  log.flush()
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

test('an event is one line, whatever stands in it', () => {
  expect(lines('info', (log) => log('info', 'request', { path: 'a\n{"level":"error"}\u2028', status: 200, code: undefined }))).toEqual([
    { at: '2026-01-02T00:00:00.000Z', level: 'info', event: 'request', path: 'a\n{"level":"error"}\u2028', status: 200 },
  ])
})

test('what is less than the level is not written', () => {
  expect(
    lines('warn', (log) => {
      log('info', 'request')
      log('warn', 'refused')
      log('error', 'fault')
    }),
  ).toMatchObject([{ event: 'refused' }, { event: 'fault' }])
})

test('an error says where it came from, its code and its causes, and not its sentence', () => {
  const told = traceOf(new Error('heart rate 61', { cause: new Problem('unavailable', 'steps 4711') }))
  expect(told).toMatchObject({
    error: 'Error',
    stack: expect.stringContaining('log.test.ts'),
    cause: expect.stringContaining('unavailable'),
  })
  expect(JSON.stringify(told)).not.toMatch(/heart rate|61\b|4711/)
  expect(traceOf('heart rate 61')).toEqual({ error: 'string' })
})

test('a sentence of several lines is no frame of a stack', () => {
  expect(JSON.stringify(traceOf(new Error('a\nheart rate 61')))).not.toContain('61')
})
