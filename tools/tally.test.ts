import { expect, test } from 'vitest'
import { tallyOf } from './tally.ts'

function file(status: string, ...tests: [fullName: string, status: string][]) {
  return { name: 'a.test.ts', status, assertionResults: tests.map(([fullName, of]) => ({ fullName, status: of })) }
}

test('passed and failed tests are counted, the rest is named', () => {
  const report = {
    testResults: [
      file('failed', ['adds', 'passed'], ['divides', 'failed'], ['needs strace', 'skipped']),
      file('passed', ['reads', 'passed']),
    ],
  }
  expect(tallyOf(report)).toEqual({ passed: 2, failed: 1, skipped: ['needs strace'] })
})

test('a file that cannot be loaded is a failure', () => {
  expect(tallyOf({ testResults: [file('failed')] })).toEqual({ passed: 0, failed: 1, skipped: [] })
})

test('a file whose hook failed after its tests passed is a failure', () => {
  expect(tallyOf({ testResults: [file('failed', ['reads', 'passed'])] })).toEqual({ passed: 1, failed: 1, skipped: [] })
})
