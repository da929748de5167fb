import { hash, randomUUID } from 'node:crypto'
import { daysJob, dirtyDays, WINDOW_MS } from '../../src/flows/dirty-days.ts'
import { keepSessions } from '../../src/flows/keep-sessions.ts'
import { sessionId } from '../../src/flows/session-document.ts'
import type { SessionDraft } from '../../src/importers/importer.ts'
import type { Source } from '../../src/model/source.ts'
import { type Sample, tableOf } from '../fixtures/sample-tables.ts'
import { type Stores, writeStep } from './steps.ts'

/** Whatever this lane sends goes to the stores as it is; the others are people, and send samples of their sessions. */
export const plainLane = 'plain'

/** So many of a person's steps join one date's sessions, each the one that the step before it left. */
const stepsPerDate = 6
const rowsPerSource = 250
const firstDayMs = Date.UTC(2024, 0, 1)
const dayMs = 86_400_000
const sampleMs = dayMs / (stepsPerDate * rowsPerSource)

const sources: readonly Source[] = [
  { id: 'watch', name: 'Watch', kind: 'watch' },
  { id: 'phone', name: 'Phone', kind: 'phone' },
]

export const samplesPerStep = rowsPerSource * sources.length

/** Writes step `n` of a lane; made again it changes nothing. */
export async function writeLaneStep(stores: Stores, lane: string, n: number): Promise<void> {
  if (lane === plainLane) return await writeStep(stores, n)
  const deps = { ...stores, newId: () => randomUUID().replaceAll('-', ''), sha256: (bytes: Uint8Array) => hash('sha256', bytes, 'hex') }
  const also = (changed: readonly { localDate: string }[]) =>
    dirtyDays(
      momentOf(n),
      lane,
      changed.map(({ localDate }) => localDate),
    )
  for await (const _ of keepSessions(deps, { userId: lane }, draftsOf(lane, n), also));
}

/** The job that the batch of step `n` brings with it. */
export function jobOf(lane: string, n: number): string {
  return daysJob(momentOf(n), lane).path
}

/** Each step has its own window, and so its own job. */
function momentOf(n: number) {
  return { clock: { nowMs: () => firstDayMs + n * WINDOW_MS } }
}

export interface Expected {
  readonly path: string
  /** The steps whose samples it may hold, from the first to the last. */
  readonly steps: readonly number[]
  samplesOf(step: number): readonly Sample[]
}

/** The sessions that the steps from `since` to `last` make, with all the steps of their dates. */
export function sessionsOf(lane: string, since: number, last: number): Expected[] {
  const found: Expected[] = []
  for (let day = dayOf(since); day <= dayOf(last); day += 1) {
    const steps = Array.from({ length: stepsPerDate }, (_, at) => day * stepsPerDate + at + 1).filter((step) => step <= last)
    const [first] = steps
    if (first === undefined) continue
    sources.forEach(({ id }, at) => {
      const path = `users/${lane}/healthSessions/${sessionId(dateOf(first), id)}`
      found.push({ path, steps, samplesOf: (step) => samplesOf(lane, step, at) })
    })
  }
  return found
}

function draftsOf(lane: string, n: number): SessionDraft[] {
  return sources.map((source, at) => ({ source, localDate: dateOf(n), zone: 'UTC', table: tableOf(samplesOf(lane, n, at)) }))
}

/** No two samples of a lane have time and source in common, and each tells by its value whose it is. */
function samplesOf(lane: string, n: number, source: number): Sample[] {
  const firstMs = firstDayMs + dayOf(n) * dayMs + ((n - 1) % stepsPerDate) * rowsPerSource * sampleMs
  const shift = [...lane].reduce((sum, letter) => sum + letter.charCodeAt(0), source * 13)
  return Array.from({ length: rowsPerSource }, (_, row) => {
    const start = firstMs + row * sampleMs
    const value = 50 + ((n * 31 + row * 7 + shift) % 100)
    return { metric: 'heart_rate', type: 'HeartRate', unit: '/min', start, end: start, value }
  })
}

function dayOf(n: number): number {
  return Math.floor((n - 1) / stepsPerDate)
}

function dateOf(n: number): string {
  return new Date(firstDayMs + dayOf(n) * dayMs).toISOString().slice(0, 10)
}
