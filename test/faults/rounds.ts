import { findLaneLosses } from './lane-losses.ts'
import { type LaneProcess, startLaneProcess } from './lane-process.ts'
import { plainLane, samplesPerStep } from './lanes.ts'
import { type Entry, type Ledger, openLedger, readLedger } from './ledger.ts'
import type { LoopDisk } from './loop-disk.ts'
import type { Stage } from './stages.ts'
import { openStores } from './stores.ts'

export interface Play {
  readonly stage: Stage
  /** Its power is cut in each round; without it processes are killed. */
  readonly disk?: LoopDisk
  readonly rounds: number
  /** Steps that are acknowledged in a round before its fault, at most. */
  readonly steps: number
  /** A file away from the stores. */
  readonly ledger: string
  readonly random: () => number
  readonly onRound?: (told: Tally) => void
}

export interface Tally {
  readonly rounds: number
  /** Of writing processes, and of the database with all of its own. */
  readonly kills: number
  readonly cuts: number
  /** Steps, each a batch of documents with its objects. */
  readonly acknowledged: number
  /** Samples in those of them that are sessions. */
  readonly samples: number
  /** Steps that a fault left without an answer. */
  readonly unanswered: number
  readonly wrong: readonly string[]
}

const lanes = ['lane1', plainLane, 'lane2', 'lane3']
const wholeEvery = 10
const mostAttempts = 8

/**
 * Writes on all lanes, plays a fault at a random moment, restarts, and compares the stores with the ledger; over and over on
 * the same stores. What a fault left without an answer is compared first and sent again in the next round.
 */
export async function playRounds({ stage, disk, rounds, steps, ledger: path, random, onRound }: Play): Promise<Tally> {
  const writers: (LaneProcess | undefined)[] = Array.from({ length: stage.writers })
  const ledger = openLedger(path)
  let tally: Tally = { rounds: 0, kills: 0, cuts: 0, acknowledged: 0, samples: 0, unanswered: 0, wrong: [] }
  let compared: ReadonlyMap<string, Entry> = new Map()
  try {
    for (let round = 1; round <= rounds && tally.wrong.length === 0; round += 1) {
      await startMissing(stage, writers)
      const fault = disk ? () => cut(stage, disk, writers) : chooseKill(stage, writers, random)
      const cutAt = await writeUntil(writers, ledger, compared, { target: 1 + Math.floor(random() * steps), delayMs: random() * 6, fault })
      ledger.cut(cutAt)
      const known = readLedger(path)
      const isWhole = round % wholeEvery === 0 || round === rounds
      const wrong = await wrongAfter({ stage, ...(disk && { disk }) }, writers, known, isWhole ? new Map() : compared)
      compared = known
      tally = {
        ...counted(known),
        rounds: round,
        ...(disk ? { kills: 0, cuts: round } : { kills: round, cuts: 0 }),
        unanswered: tally.unanswered + unansweredIn(known),
        wrong,
      }
      onRound?.(tally)
    }
  } finally {
    ledger.close()
    for (const writer of writers) await writer?.close()
  }
  return tally
}

async function startMissing({ places }: Stage, writers: (LaneProcess | undefined)[]): Promise<void> {
  // One after another: the first makes the tables.
  for (const [at, writer] of writers.entries()) if (!writer?.isAlive) writers[at] = await startLaneProcess(places)
}

/** After a restart of what was ended. */
async function wrongAfter(
  { stage, disk }: Pick<Play, 'stage' | 'disk'>,
  writers: readonly (LaneProcess | undefined)[],
  known: ReadonlyMap<string, Entry>,
  compared: ReadonlyMap<string, Entry>,
): Promise<string[]> {
  // On a disk without power a process may end as it likes.
  const crashes = disk ? [] : writers.flatMap((writer) => writer?.crash ?? [])
  await stage.settle()
  await using stores = await openStores(stage.places)
  return [...crashes, ...(await findLaneLosses(stores, known, compared))]
}

/** Returns when the power was cut, if it was. */
type Fault = () => Promise<bigint | undefined>

function chooseKill({ killDatabase }: Stage, writers: readonly (LaneProcess | undefined)[], random: () => number): Fault {
  const kills = [...writers.map((writer) => () => writer?.kill()), ...(killDatabase ? [killDatabase] : [])]
  const kill = kills[Math.floor(random() * kills.length)]
  return async () => {
    await kill?.()
    return undefined
  }
}

async function cut({ killDatabase }: Stage, disk: LoopDisk, writers: readonly (LaneProcess | undefined)[]): Promise<bigint> {
  const at = await disk.cut()
  await Promise.all([...writers.map((writer) => writer?.kill()), killDatabase?.()])
  disk.restore()
  return at
}

interface Moment {
  /** The fault comes after so many acknowledgements and so many milliseconds. */
  readonly target: number
  readonly delayMs: number
  readonly fault: Fault
}

async function writeUntil(
  writers: readonly (LaneProcess | undefined)[],
  ledger: Ledger,
  before: ReadonlyMap<string, Entry>,
  { target, delayMs, fault }: Moment,
): Promise<bigint | undefined> {
  let count = 0
  let isOver = false
  const played = Promise.withResolvers<bigint | undefined>()

  function acknowledged(): void {
    count += 1
    if (count !== target) return
    // Until the fault has done its work nobody stops for it.
    setTimeout(() => {
      fault()
        .finally(() => {
          isOver = true
        })
        .then(played.resolve, played.reject)
    }, delayMs)
  }

  async function write(lane: string, at: number): Promise<void> {
    const writer = writers[at % writers.length]
    for (let step = (before.get(lane)?.acknowledged ?? 0) + 1; !isOver && writer?.isAlive; step += 1) {
      ledger.sent(lane, step)
      const at = await settled(writer, lane, step, () => count >= target)
      if (at === undefined) return
      ledger.acknowledged(lane, step, at)
      acknowledged()
    }
  }

  await Promise.all(lanes.map(write))
  // Not reached where the writers ended by themselves.
  return count >= target ? await played.promise : undefined
}

/** Sends a step again where that may help: it met a connection that the last fault broke, or its own earlier sending. */
async function settled(writer: LaneProcess, lane: string, step: number, mayFail: () => boolean): Promise<bigint | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await writer.ask(lane, step)
    if (answer && 'acknowledgedAt' in answer) return answer.acknowledgedAt
    if (answer === undefined || mayFail()) return undefined
    if (attempt === mostAttempts || !['unavailable', 'conflict'].includes(answer.failed))
      throw new Error(`${lane} ${step}: ${answer.failed}`)
  }
}

function counted(known: ReadonlyMap<string, Entry>): Pick<Tally, 'acknowledged' | 'samples'> {
  const steps = (filter: (lane: string) => boolean) =>
    [...known].filter(([lane]) => filter(lane)).reduce((sum, [, { acknowledged }]) => sum + acknowledged, 0)
  return { acknowledged: steps(() => true), samples: steps((lane) => lane !== plainLane) * samplesPerStep }
}

function unansweredIn(known: ReadonlyMap<string, Entry>): number {
  return [...known.values()].filter(({ sent, acknowledged }) => sent > acknowledged).length
}
