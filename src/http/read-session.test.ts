import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sessionBody } from '../../test/http/session-bodies.ts'
import { sessionTexts } from '../../test/http/session-texts.ts'
import { Problem } from '../model/problem.ts'
import { readSession, readWhole } from './read-session.ts'
import { scanSamples } from './scan-samples.ts'

const resultOf = (read: () => unknown) => {
  try {
    return { value: read() }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { code: error.code, errors: error.errors }
  }
}

// A million with CLARITY_FUZZ_RUNS=1000000.
const runs = Number(process.env.CLARITY_FUZZ_RUNS ?? 20_000)

test(`the reader of bytes says what the schema says, of ${runs} bodies`, { timeout: Math.max(60_000, runs * 2) }, () => {
  let good = 0
  fc.assert(
    fc.property(sessionTexts, (bytes) => {
      const read = resultOf(() => readSession(bytes))
      if ('value' in read) good++
      expect(read).toEqual(resultOf(() => readWhole(bytes)))
    }),
    { numRuns: runs },
  )
  // Neither side is all of it.
  expect(good).toBeGreaterThan(runs / 10)
  expect(good).toBeLessThan(runs * 0.9)
})

test('a usual list is read without a value in between, an unusual one is left to the schema', () => {
  const list = Buffer.from(JSON.stringify(sessionBody('s', 1000).heartRate.samples))
  expect(scanSamples(list, 0, 'timestamp')).toMatchObject({ end: list.length, samples: { count: 1000 } })
  for (const odd of [
    '[{"value":1}]',
    '[{"timestamp":"2024-01-20T14:30:00","value":1}]',
    '[{"timestamp":"2024-01-20T14:30:00Z","value":1e2}]',
    '[1]',
    '[{}',
  ])
    expect(scanSamples(Buffer.from(odd), 0, 'timestamp'), odd).toBeUndefined()
})
