import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

interface Outcome {
  readonly problem?: string
  readonly received?: number
  readonly kept?: number
  readonly sum?: number
  readonly length: number
  /** Resident memory at its highest, above that of a small import, MiB. */
  readonly grownMB: number
}

/** In a process of its own, since memory that one test took is not given back for the next. */
async function outcomeOf(scenario: string): Promise<Outcome> {
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.resolve('./memory-child.ts')), scenario])
  return JSON.parse(stdout)
}

test.each([
  ['62 and 63', 'a gigabyte of spaces that declare 20 MB', { problem: 'archive_corrupt' }],
  ['62 and 63', 'sixteen entries of a gigabyte that declare a byte each', { problem: 'not_recognised' }],
  ['79', 'a text of 200 MB', { problem: 'xml_limits' }],
  ['79', 'a nesting of 10 million elements', { problem: 'xml_limits' }],
])('%s: %s is refused within 64 MiB of memory', async (_, scenario, expected) => {
  const outcome = await outcomeOf(scenario)
  expect(outcome).toMatchObject(expected)
  expect(outcome.grownMB).toBeLessThan(64)
})

test.each(['a workout with a gigabyte of events', '60,000 sources on one day', '600 MB of words', '600 MB of metadata'])(
  '79: %s, refused or read, takes less than 256 MiB of memory',
  async (scenario) => {
    expect((await outcomeOf(scenario)).grownMB).toBeLessThan(256)
  },
)

test('70: an export of 4.4 GB, beyond 32-bit positions, is read to its last record within 256 MiB of memory', async () => {
  const outcome = await outcomeOf('a large export')
  expect(outcome.length).toBeGreaterThan(2 ** 32)
  // 1,000 records a day: 40 to 159, over and over, the last round cut at 40 of 120.
  const dayOfValues = Array.from({ length: 1000 }, (_, n) => 40 + (n % 120)).reduce((sum, value) => sum + value, 0)
  const days = (outcome.received ?? 0) / 1000
  expect(outcome).toMatchObject({ received: days * 1000, kept: days * 1000, sum: days * dayOfValues, whole: true })
  expect(days).toBe(9703)
  expect(outcome.grownMB).toBeLessThan(256)
})
