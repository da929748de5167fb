import { setTimeout as pause } from 'node:timers/promises'
import type { House } from '../../src/app/house.ts'
import { every } from '../../src/flows/every.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import type { Documents } from '../../src/ports/documents.ts'
import { type Ledger, openLedger, readLedger } from '../faults/ledger.ts'
import { type Client, openClient } from './client.ts'
import { type Cluster, type FaultKind, faultKinds } from './cluster.ts'
import { type Feed, follow } from './feed.ts'
import { findClusterLosses } from './losses.ts'
import { samplesIn, stepOf } from './steps.ts'

export interface Play {
  readonly cluster: Cluster
  readonly lanes: readonly string[]
  /** The faults of each round; asked again until it gives none. */
  readonly faultsOf: (round: number) => readonly FaultKind[] | undefined
  /** Most steps that are acknowledged between two faults. */
  readonly steps: number
  /** A file away from the stores. */
  readonly ledger: string
  readonly random: () => number
  readonly onRound?: (told: ClusterTally) => void
}

export interface ClusterTally {
  readonly rounds: number
  readonly faults: Readonly<Record<FaultKind, number>>
  /** Steps, each a session, now and then with a deletion and a file. */
  readonly acknowledged: number
  readonly samples: number
  /** Calls that were sent again. */
  readonly repeats: number
  /** Feeds that were cut off and resumed. */
  readonly cuts: number
  /** Jobs whose worker was killed, and the longest that one of them waited for a worker that was there all the time, s. */
  readonly takenUp: { readonly jobs: number; readonly longestS: number }
  readonly wrong: readonly string[]
}

interface Runner {
  readonly lane: string
  readonly client: Client
  readonly feed: Feed
  last: number
}

/**
 * Hands in on all lanes, over both API processes, while processes and engines are killed; then lets the work come to its end and compares all
 * that there is with the ledger; over and over on the same stores. No call is left without an answer: it is sent until there is one.
 */
export async function playCluster(play: Play): Promise<ClusterTally> {
  const { cluster, lanes, faultsOf, random, onRound } = play
  await using house = await cluster.openHouse()
  await house.documents.batch(lanes.map((lane) => ({ op: 'put', path: `users/${lane}`, body: newUser(house, 'UTC'), ifAbsent: true })))
  const runners = lanes.map((lane, at): Runner => {
    const options = { apis: cluster.apis, token: cluster.token, lane }
    // Readers begin at one process and at the other, so that whichever is killed cuts somebody off.
    const [one, other] = cluster.apis
    const apis = at % 2 === 0 ? cluster.apis : ([other, one] as const)
    return { lane, client: openClient(options), feed: follow({ ...options, apis }), last: 0 }
  })
  await Promise.all(runners.map(({ feed }) => feed.ready))
  const ledger = openLedger(play.ledger)
  const faults = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>
  let rounds = 0
  let wrong: readonly string[] = []
  try {
    for (let round = faultsOf(1); round && wrong.length === 0; round = faultsOf(rounds + 1)) {
      await handUntil({ runners, ledger, steps: play.steps, random }, round, async (kind) => {
        faults[kind] += 1
        await cluster.play(kind, random)
      })
      await cluster.settle()
      rounds += 1
      wrong = await wrongAfter(house, cluster, runners, play.ledger)
      onRound?.(tallyOf(cluster, runners, { rounds, faults, wrong }))
    }
  } finally {
    ledger.close()
    await Promise.all(runners.map(({ feed }) => feed.stop()))
  }
  return tallyOf(cluster, runners, { rounds, faults, wrong })
}

interface Handing {
  readonly runners: readonly Runner[]
  readonly ledger: Ledger
  readonly steps: number
  readonly random: () => number
}

/** Each fault comes after so many more acknowledgements; with the last of them the lanes finish what they are at. */
async function handUntil(
  { runners, ledger, steps, random }: Handing,
  round: readonly FaultKind[],
  play: (kind: FaultKind) => Promise<void>,
): Promise<void> {
  let isOver = false
  let acknowledged = 0
  let wake = () => {}

  async function run(runner: Runner): Promise<void> {
    while (!isOver) {
      const n = runner.last + 1
      ledger.sent(runner.lane, n)
      await runner.client.hand(n)
      ledger.acknowledged(runner.lane, n, process.hrtime.bigint())
      runner.last = n
      acknowledged += 1
      wake()
    }
  }

  async function playAll(): Promise<void> {
    for (const kind of round) {
      const target = acknowledged + 1 + Math.floor(random() * steps)
      while (acknowledged < target) await new Promise<void>((resolve) => (wake = resolve))
      await pause(random() * 30)
      await play(kind)
    }
  }

  const played = playAll().finally(() => {
    isOver = true
  })
  await Promise.all([played, ...runners.map(run)])
}

async function wrongAfter(house: House, cluster: Cluster, runners: readonly Runner[], ledger: string): Promise<string[]> {
  await untilDone(house.documents)
  const known = readLedger(ledger)
  const people = runners.map(({ lane, feed }) => ({ lane, last: known.get(lane)?.acknowledged ?? 0, heard: feed.heard }))
  // Feeds look at the store every five seconds where nobody rings.
  let wrong = await findClusterLosses(house, people)
  for (let looks = 1; looks < 40 && wrong.length > 0 && wrong.every((each) => each.includes('was not told')); looks += 1) {
    await pause(250)
    wrong = await findClusterLosses(house, people)
  }
  return [...wrong, ...cluster.faults, ...runners.flatMap(({ feed }) => feed.wrong)]
}

/** Until no job waits or runs, no day waits and no row. */
export async function untilDone(documents: Documents): Promise<void> {
  while (await isBusy(documents)) await pause(100)
}

async function isBusy(documents: Documents): Promise<boolean> {
  for (const status of ['pending', 'processing'])
    if ((await documents.list({ collection: 'jobs', index: 'queue', equals: [status], limit: 1 })).data.length > 0) return true
  for (const collection of ['dirtyDays', 'outbox']) for await (const _ of every(documents, { collection })) return true
  return false
}

function tallyOf(
  { takenUpMs }: Cluster,
  runners: readonly Runner[],
  { rounds, faults, wrong }: Pick<ClusterTally, 'rounds' | 'faults' | 'wrong'>,
): ClusterTally {
  const sum = (of: (runner: Runner) => number) => runners.reduce((total, runner) => total + of(runner), 0)
  const samplesOf = ({ lane, last }: Runner) =>
    Array.from({ length: last }, (_, at) => samplesIn(stepOf(lane, at + 1).session)).reduce((total, count) => total + count, 0)
  return {
    rounds,
    faults: { ...faults },
    acknowledged: sum(({ last }) => last),
    samples: sum(samplesOf),
    repeats: sum(({ client }) => client.repeats),
    cuts: sum(({ feed }) => feed.cuts),
    takenUp: { jobs: takenUpMs.length, longestS: Math.round(Math.max(0, ...takenUpMs.map((ms = 0) => ms)) / 100) / 10 },
    wrong,
  }
}
