/**
 * Holds the stores and writes what it is asked to: `node test/faults/lane-writer.ts DOCUMENTS BLOBS [FAILPOINTS]`. It says `open`, reads
 * lines `LANE STEP` from standard input, several at once, and answers each with `acknowledged LANE STEP MOMENT` (of
 * `process.hrtime`) once the step is
 * durable, or with `failed LANE STEP CODE`.
 */
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { failpointsOf } from '../../src/adapters/failpoints.ts'
import { Problem } from '../../src/model/problem.ts'
import { writeLaneStep } from './lanes.ts'
import { holdStore, openStores } from './stores.ts'

const [documents = '', blobs = '', failpoints] = process.argv.slice(2)
await using _ = await holdStore({ documents, blobs })
await using stores = await openStores({ documents, blobs }, failpoints === undefined ? {} : { failpoint: failpointsOf(failpoints) })
const underWay = new Set<Promise<void>>()
say('open')
for await (const line of createInterface({ input: process.stdin })) {
  const [lane = '', step] = line.split(' ')
  const work = answer(lane, Number(step))
  underWay.add(work)
  void work.finally(() => underWay.delete(work))
}
await Promise.all(underWay)

/** What is no `Problem` ends the process, aloud. */
async function answer(lane: string, step: number): Promise<void> {
  try {
    await writeLaneStep(stores, lane, step)
    say(`acknowledged ${lane} ${step} ${process.hrtime.bigint()}`)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    say(`failed ${lane} ${step} ${error.code}`)
  }
}

function say(line: string): void {
  writeSync(1, `${line}\n`)
}
