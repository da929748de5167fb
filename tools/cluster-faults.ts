import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { faultKinds, openCluster } from '../test/cluster/cluster.ts'
import { type ClusterTally, playCluster } from '../test/cluster/rounds.ts'
import { newFolder } from '../test/faults/child.ts'
import { seeded } from '../test/faults/dice.ts'

export interface ClusterResult {
  readonly store: 'cluster'
  /** What is not here, so that it could not be played. */
  readonly missing?: string
  readonly seconds?: number
  readonly tally?: ClusterTally
}

export interface ClusterOptions {
  readonly steps: number
  readonly seed: number
}

/** Faults between two comparisons. */
const roundFaults = 12
const lanes = ['ann', 'bob', 'cid', 'dee', 'eve', 'fay']

/** Rounds on one cluster until the time is over; the last is played to its end. */
export async function playClusterFor(minutes: number, { steps, seed }: ClusterOptions): Promise<ClusterResult> {
  const opened = await openCluster()
  if ('missing' in opened) return { store: 'cluster', missing: opened.missing }
  const folder = newFolder()
  await using cluster = opened
  const random = seeded(seed)
  const startedMs = performance.now()
  const secondsNow = () => Math.round((performance.now() - startedMs) / 1000)
  try {
    const tally = await playCluster({
      cluster,
      lanes,
      faultsOf: () => (secondsNow() < minutes * 60 ? Array.from({ length: roundFaults }, () => faultOf(random)) : undefined),
      steps,
      ledger: join(folder, 'ledger'),
      random,
      onRound: (told) => process.stderr.write(`${describeCluster({ store: 'cluster', seconds: secondsNow(), tally: told })}\n`),
    })
    const codes = await cluster.stop()
    const wrong = [...tally.wrong, ...codes.filter((code) => code !== 0).map((code) => `a process ended with ${code}`)]
    return { store: 'cluster', seconds: secondsNow(), tally: { ...tally, wrong } }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function faultOf(random: () => number) {
  return faultKinds[Math.floor(random() * faultKinds.length)] ?? 'api'
}

export function describeCluster({ missing, seconds, tally }: ClusterResult): string {
  if (!tally) return `cluster: not played, needs ${missing}`
  const { rounds, faults, acknowledged, samples, repeats, cuts, takenUp, wrong } = tally
  const n = (value: number) => value.toLocaleString('en-US')
  const played = Object.entries(faults).map(([kind, times]) => `${kind} ${n(times)}`)
  const within = takenUp.longestS === 0 ? '' : `, where a worker was there within ${takenUp.longestS} s`
  const head =
    `cluster: ${played.join(', ')} in ${n(rounds)} rounds and ${n(seconds ?? 0)} s; ${n(acknowledged)} steps acknowledged with ${n(samples)} ` +
    `samples, ${n(repeats)} calls sent again, ${n(cuts)} feeds resumed, ${n(takenUp.jobs)} jobs taken up${within}`
  return [`${head}: ${wrong.length === 0 ? 'nothing lost, twice or half there' : 'WRONG'}`, ...wrong.slice(0, 20)].join('\n  ')
}
