import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { describeEngine } from '../engines/describe-engine.ts'
import { seeded } from '../faults/dice.ts'
import { type FaultKind, openCluster } from './cluster.ts'
import { playCluster } from './rounds.ts'

// `npm run faults -- --store cluster` plays more of them.
const faults: readonly FaultKind[] = ['postgres', 'worker', 'api', 'worker', 'api', 'store', 'redis', 'rolling']
const cluster = await openCluster()
const folder = mkdtempSync(join(tmpdir(), 'clarity-ledger-'))
afterAll(async () => {
  if (!('missing' in cluster)) await cluster[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

describeEngine('two API processes and two workers over PostgreSQL, Redis and an S3 store', cluster, (held) => {
  test('killed one after another, hold all that was acknowledged, once, and tell of it without a gap', async () => {
    const { wrong, ...told } = await playCluster({
      cluster: held,
      lanes: ['ann', 'bob', 'eve'],
      faultsOf: (round) => (round === 1 ? faults : undefined),
      steps: 4,
      ledger: join(folder, 'ledger'),
      random: seeded(4),
    })
    expect(wrong).toEqual([])
    expect(told).toMatchObject({ rounds: 1, faults: { api: 2, worker: 2, redis: 1, postgres: 1, store: 1, rolling: 1 } })
    expect(told.repeats).toBeGreaterThan(0)
    expect(told.cuts).toBeGreaterThan(0)
    expect(told.takenUp.jobs).toBeGreaterThan(0)
    expect(await held.stop()).toEqual([0, 0, 0, 0])
  }, 300_000)
})
