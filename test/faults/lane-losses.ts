import { readSamples } from '../../src/columns/parquet-reader.ts'
import { every } from '../../src/flows/every.ts'
import { sessionFile } from '../../src/flows/session-samples.ts'
import { Problem } from '../../src/model/problem.ts'
import type { StoredSession } from '../../src/model/session.ts'
import type { Stored } from '../../src/ports/documents.ts'
import { samplesOf } from '../fixtures/sample-tables.ts'
import { type Expected, jobOf, plainLane, sessionsOf } from './lanes.ts'
import type { Entry } from './ledger.ts'
import { findLosses } from './losses.ts'
import type { Stores } from './steps.ts'

const isOfPerson = (name: string) => /^((users|samples)\/lane|jobs\/days_)/.test(name)

/**
 * Compares the stores with a ledger, from where it was at `compared`: what was acknowledged is there, each sample once and
 * as it was sent; what got no answer is there wholly or not at all; nothing else is there. Returns what is wrong.
 */
export async function findLaneLosses(
  stores: Stores,
  ledger: ReadonlyMap<string, Entry>,
  compared: ReadonlyMap<string, Entry> = new Map(),
): Promise<string[]> {
  const wrong: string[] = []
  for (const [lane, { sent, acknowledged }] of ledger) {
    const since = Math.max(1, compared.get(lane)?.acknowledged ?? 1)
    if (lane === plainLane) wrong.push(...(await findLosses(stores, acknowledged, sent, { since, isTheirs: isOfPerson })))
    else wrong.push(...(await lossesOfPerson(stores, lane, { sent, acknowledged }, since)))
  }
  return wrong
}

async function lossesOfPerson(stores: Stores, lane: string, { sent, acknowledged }: Entry, since: number): Promise<string[]> {
  const wrong = await strangersOf(stores, lane, sent)
  // Each step's two sessions and its job: whether they are there.
  const sightings = new Map<number, boolean[]>()
  const sight = (n: number, isThere: boolean) => sightings.set(n, [...(sightings.get(n) ?? []), isThere])
  for (const session of sessionsOf(lane, since, sent)) {
    const { stored, differences } = await compare(stores, session, acknowledged)
    wrong.push(...differences)
    for (const n of session.steps) sight(n, stored.has(n))
  }
  for (let n = since; n <= sent; n += 1) {
    const isThere = (await stores.documents.get(jobOf(lane, n))) !== undefined
    if (n <= acknowledged && !isThere) wrong.push(`the job of ${lane} ${n} is lost`)
    sight(n, isThere)
  }
  const halves = [...sightings].filter(([, seen]) => new Set(seen).size > 1)
  return [...wrong, ...halves.map(([n]) => `half of ${lane} ${n} is there`)]
}

async function strangersOf({ documents }: Stores, lane: string, sent: number): Promise<string[]> {
  const paths = new Set<string>()
  for await (const { path } of every(documents, { collection: 'healthSessions', parent: `users/${lane}` })) paths.add(path)
  for (const { path } of sessionsOf(lane, 1, sent)) paths.delete(path)
  return [...paths].map((path) => `${path} was never sent`)
}

interface Comparison {
  /** The steps whose samples are there. */
  readonly stored: ReadonlySet<number>
  readonly differences: readonly string[]
}

async function compare({ documents, blobs }: Stores, expected: Expected, acknowledged: number): Promise<Comparison> {
  const { path, steps } = expected
  const session = await documents.get<StoredSession>(path)
  const differences: string[] = []
  const stored = new Set<number>()
  const kept = session === undefined ? new Map<string, number>() : await keptSamples({ documents, blobs }, session, differences)
  for (const step of steps) {
    const samples = expected.samplesOf(step)
    const found = samples.filter(({ start, value }) => kept.delete(`${start} ${value}`)).length
    if (found === samples.length) stored.add(step)
    else if (found > 0) differences.push(`${found} of ${samples.length} samples of step ${step} are in ${path}`)
    else if (step <= acknowledged) differences.push(`step ${step} is lost from ${path}`)
  }
  if (kept.size > 0) differences.push(`${kept.size} samples in ${path} were never sent`)
  return { stored, differences }
}

/** How often each sample is there, by time and value. */
async function keptSamples({ blobs }: Stores, { path, body }: Stored<StoredSession>, wrong: string[]): Promise<Map<string, number>> {
  const kept = new Map<string, number>()
  const table = body.samples && (await sessionFile(blobs, body.samples).then(readSamples).catch(asLoss(path, wrong)))
  for (const { start, value } of table ? samplesOf(table) : []) {
    const sample = `${start} ${value}`
    kept.set(sample, (kept.get(sample) ?? 0) + 1)
  }
  const total = [...kept.values()].reduce((sum, times) => sum + times, 0)
  if (total !== kept.size) wrong.push(`${total - kept.size} samples are twice in ${path}`)
  if (total !== body.samples?.rows) wrong.push(`${path} counts ${body.samples?.rows} samples and has ${total}`)
  return kept
}

function asLoss(path: string, wrong: string[]): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof Problem)) throw error
    wrong.push(`the samples of ${path}: ${error.code}`)
  }
}
