import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { readHanded } from '../model/handed-session.ts'
import { blocksOf } from './session-blocks.ts'
import { contentSha256 } from './session-content.ts'
import { gatherBlocks } from './session-table.ts'

interface Said {
  readonly timestamp: string
  readonly value: number
  readonly confidence?: number
  readonly context?: string
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

function sumOf(samples: readonly Said[], steps: readonly object[] = [], more: object = {}): string {
  const session = readHanded({
    sessionInfo: {
      sessionId: 's1',
      startTime: '2026-01-04T09:00:00Z',
      endTime: '2026-01-04T10:00:00Z',
      dataSource: 'watch',
      dataTypes: ['heart_rate'],
    },
    heartRate: { samples },
    ...(steps.length > 0 && { series: { steps: { unit: 'count', samples: steps } } }),
    ...more,
  })
  const { table } = gatherBlocks(blocksOf(session, [{ startMs: session.startMs, endMs: session.endMs }]))
  return contentSha256(sha256, session, table)
}

const rates: Said[] = [0, 1, 2].map((at) => ({
  timestamp: `2026-01-04T09:00:0${at}Z`,
  value: 60 + at,
  confidence: 0.9,
  context: 'resting',
}))
const step = { startTime: '2026-01-04T09:10:00Z', endTime: '2026-01-04T09:11:00Z', value: 12 }

test('the order of samples makes no difference', () => {
  expect(sumOf(rates.toReversed(), [step])).toBe(sumOf(rates, [step]))
})

test('whatever a sample says otherwise makes another checksum', () => {
  const bent = (change: Partial<Said>, at = 1) => rates.map((rate, row) => (row === at ? { ...rate, ...change } : rate))
  const all = [
    sumOf(rates),
    sumOf(bent({ value: 70 })),
    // Kept as 61 all the same.
    sumOf(bent({ value: 61.2 })),
    sumOf(bent({ timestamp: '2026-01-04T09:00:01.5Z' })),
    sumOf(bent({ confidence: 0.8 })),
    sumOf(rates.map((rate) => ({ ...rate, confidence: 0.8 }))),
    sumOf(bent({ context: 'active' })),
    sumOf(bent({ context: 'active' }, 2)),
    sumOf(rates.slice(0, 2)),
    sumOf(rates.map(({ timestamp, value }) => ({ timestamp, value }))),
    sumOf(rates, [step]),
    sumOf(rates, [{ ...step, endTime: '2026-01-04T09:12:00Z' }]),
    sumOf(rates, [{ startTime: step.startTime, value: 12 }]),
    sumOf(rates, [], { activity: { steps: { total: 12 } } }),
  ]
  expect(new Set(all).size).toBe(all.length)
})
