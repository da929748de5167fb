import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sessionBody } from '../../test/http/session-bodies.ts'
import { sessionTexts } from '../../test/http/session-texts.ts'
import { compareReaders } from '../../test/http/two-readers.ts'
import { scanSamples } from './scan-samples.ts'

/** Of microseconds and an offset so long ago that a double holds more digits than a microsecond has. */
const longAgo =
  '{"sessionInfo":{"sessionId":"s1","startTime":"2024-01-20T14:30:00Z","endTime":"2024-01-20T15:30:00Z","dataSource":"watch"},"series":{"steps":{"unit":"{steps}","samples":[{"startTime":"1970-01-04T03:00:00.123456+02:00","value":0.00}]}}}'

// `npm run fuzz` makes it a million.
const runs = 20_000

test(`the reader of bytes says what the schema says, of ${runs} bodies`, { timeout: 60_000 }, () => {
  let good = 0
  fc.assert(
    fc.property(sessionTexts, (bytes) => {
      const { isGood, difference } = compareReaders(bytes)
      if (isGood) good++
      expect(difference).toBeUndefined()
    }),
    { numRuns: runs, examples: [[Buffer.from(longAgo)]] },
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
