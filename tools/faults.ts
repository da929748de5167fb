import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { newFolder } from '../test/faults/child.ts'
import { seeded } from '../test/faults/dice.ts'
import { openLoopDisk } from '../test/faults/loop-disk.ts'
import { playRounds, type Tally } from '../test/faults/rounds.ts'
import { stages } from '../test/faults/stages.ts'
import { describeCluster, playClusterFor } from './cluster-faults.ts'

const usage = `npm run faults -- [--store sqlite|postgres|cluster|all] [--kills N] [--cuts N] [--steps N] [--minutes N] [--seed N] [--json]

Writes sessions and plain documents and objects while the processes that write, and the database, are killed (--kills, 200),
and while the power is cut (--cuts, 20), each time at a random moment after up to --steps (40) acknowledged steps. After each
fault the stores are compared with the ledger that the client keeps.

cluster: for --minutes (10) clients hand in over HTTP while two API processes, two workers, PostgreSQL, Redis and the S3 store are
killed or restarted, each fault at a random moment after up to --steps acknowledged steps; now and then all is compared.
`

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'all' },
    kills: { type: 'string', default: '200' },
    cuts: { type: 'string', default: '20' },
    minutes: { type: 'string', default: '10' },
    steps: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const options = { steps: Number(values.steps), seed: Number(values.seed) }
if (values.help) process.stdout.write(usage)
else process.exitCode = await main()

async function main(): Promise<number> {
  const results = await playStores()
  const clusters = ['all', 'cluster'].includes(values.store) ? [await playClusterFor(Number(values.minutes), options)] : []
  const said = [...results.map(describe), ...clusters.map(describeCluster)]
  process.stdout.write(values.json ? `${JSON.stringify([...results, ...clusters])}\n` : `${said.join('\n')}\n`)
  return [...results, ...clusters].every(({ tally }) => tally?.wrong.length === 0) ? 0 : 1
}

async function playStores(): Promise<Result[]> {
  const results: Result[] = []
  for (const store of values.store === 'all' ? Object.keys(stages) : [values.store].filter((name) => name !== 'cluster')) {
    if (Number(values.kills) > 0) results.push(await play(store, 'kills', Number(values.kills)))
    if (Number(values.cuts) > 0) results.push(await play(store, 'cuts', Number(values.cuts)))
  }
  return results
}

interface Result {
  readonly store: string
  readonly fault: 'kills' | 'cuts'
  /** What is not here, so that it could not be played. */
  readonly missing?: string
  readonly seconds?: number
  readonly tally?: Tally
}

async function play(store: string, fault: Result['fault'], rounds: number): Promise<Result> {
  const disk = fault === 'cuts' ? await openLoopDisk(1000) : undefined
  if (disk && 'missing' in disk) return { store, fault, missing: disk.missing }
  const folder = newFolder()
  const startedMs = performance.now()
  try {
    const stage = await stages[store]?.(disk)
    if (stage === undefined || 'missing' in stage) return { store, fault, missing: stage?.missing ?? 'a store of that name' }
    await using _ = stage
    const onRound = (told: Tally) => {
      if (told.rounds % 10 === 0 || told.wrong.length > 0) process.stderr.write(`${describe({ store, fault, tally: told })}\n`)
    }
    const tally = await playRounds({
      stage,
      ...(disk && { disk }),
      rounds,
      steps: options.steps,
      ledger: join(folder, 'ledger'),
      random: seeded(options.seed),
      onRound,
    })
    return { store, fault, seconds: Math.round((performance.now() - startedMs) / 1000), tally }
  } finally {
    disk?.[Symbol.dispose]()
    rmSync(folder, { recursive: true })
  }
}

function describe({ store, fault, missing, seconds, tally }: Result): string {
  if (!tally) return `${store} ${fault}: not played, needs ${missing}`
  const { rounds, acknowledged, samples, unanswered, wrong } = tally
  const n = (value: number) => value.toLocaleString('en-US')
  const head = `${store}: ${n(rounds)} ${fault}${seconds === undefined ? '' : ` in ${n(seconds)} s`}, ${n(acknowledged)} steps acknowledged with ${n(samples)} samples, ${n(unanswered)} left without an answer`
  return [`${head}: ${wrong.length === 0 ? 'nothing lost, twice or half there' : 'WRONG'}`, ...wrong.slice(0, 20)].join('\n  ')
}
