import { exportText, steps } from '../golden/export-text.ts'

/** What a person's step `n` hands in; every step is told by its number, so that a checker needs no list. */
export interface HandedStep {
  readonly session: Handed
  /** A session of an earlier step that this one deletes. */
  readonly deletes: string | undefined
  readonly file: { readonly date: string; readonly text: string; readonly steps: number } | undefined
}

export interface Handed {
  readonly sessionId: string
  readonly date: string
  readonly startMs: number
  readonly endMs: number
  readonly steps: number
  readonly heart: readonly { readonly atMs: number; readonly bpm: number }[]
}

const sessionsPerDate = 6
const firstDayMs = Date.UTC(2024, 0, 1)
const firstFileMs = Date.UTC(2023, 0, 1)
const dayMs = 86_400_000
const hourMs = 3_600_000
const erasedAfter = 5

/** Samples of the sessions that stay in their document, and of those that become an object: more than 48 kB as a file. */
const [small, large] = [60, 7200]

export function stepOf(lane: string, n: number): HandedStep {
  return {
    session: handedBy(lane, n),
    deletes: n % 4 === 0 && n > erasedAfter ? idOf(n - erasedAfter) : undefined,
    file: n % 12 === 5 ? fileOf(n) : undefined,
  }
}

function handedBy(lane: string, n: number): Handed {
  const date = firstDayMs + Math.floor((n - 1) / sessionsPerDate) * dayMs
  const startMs = date + (8 + 2 * ((n - 1) % sessionsPerDate)) * hourMs
  const rows = n % 3 === 0 ? large : small
  const shift = [...lane].reduce((sum, letter) => sum + letter.charCodeAt(0), n * 104_729)
  return {
    sessionId: idOf(n),
    date: isoDate(date),
    startMs,
    endMs: startMs + rows * 1000,
    steps: 100 + ((n * 37) % 400),
    // No two neighbours lie 50 apart; the odd milliseconds let no two files be alike.
    heart: Array.from({ length: rows }, (_, row) => ({
      atMs: startMs + row * 1000 + ((row * 7919 + shift) % 997),
      bpm: 60 + ((row * 31 + shift) % 40),
    })),
  }
}

function fileOf(n: number): NonNullable<HandedStep['file']> {
  const date = isoDate(firstFileMs + Math.floor(n / 12) * dayMs)
  return { date, steps: 1000 + n, text: exportText([steps('phone', date, '08:00', '09:00', 1000 + n)]) }
}

/** As a watch hands it in. */
export function bodyOf({ sessionId, startMs, endMs, steps: total, heart }: Handed): string {
  const [startTime, endTime] = [new Date(startMs).toISOString(), new Date(endMs).toISOString()]
  return JSON.stringify({
    sessionInfo: { sessionId, startTime, endTime, dataSource: 'apple_watch_series_9', dataTypes: ['heart_rate', 'steps'] },
    heartRate: {
      samples: heart.map(({ atMs, bpm }) => ({
        sampleId: `watch-${sessionId}-${atMs}`,
        timestamp: new Date(atMs).toISOString(),
        value: bpm,
      })),
    },
    series: { steps: { unit: '{steps}', samples: [{ startTime, endTime, value: total }] } },
  })
}

/** Whether its samples are too many for its document. */
export function isLarge({ heart }: Handed): boolean {
  return heart.length === large
}

/** How many samples the server counts in it. */
export function samplesIn({ heart }: Handed): number {
  return heart.length + 1
}

export interface ExpectedDay {
  readonly steps: number
  readonly heartRate?: { readonly average?: number; readonly min: number; readonly max: number }
}

export interface ExpectedState {
  readonly sessions: ReadonlyMap<string, Handed>
  readonly deleted: ReadonlySet<string>
  readonly files: number
  readonly days: ReadonlyMap<string, ExpectedDay>
}

/** What there is after step `last` of a person, computed from what was sent and nothing else. */
export function stateAfter(lane: string, last: number): ExpectedState {
  const all = Array.from({ length: last }, (_, at) => stepOf(lane, at + 1))
  const deleted = new Set(all.flatMap((step) => step.deletes ?? []))
  const sessions = new Map(all.flatMap(({ session }) => (deleted.has(session.sessionId) ? [] : [[session.sessionId, session] as const])))
  const days = new Map<string, ExpectedDay>()
  for (const [date, those] of Map.groupBy(sessions.values(), (each) => each.date)) days.set(date, dayOf(those))
  const files = all.flatMap(({ file }) => file ?? [])
  for (const file of files) days.set(file.date, { steps: file.steps })
  return { sessions, deleted, files: files.length, days }
}

/** A heart rate holds until the next, at most ten minutes; an hour of it is the least for an average. The sessions stand in order of time. */
function dayOf(sessions: readonly Handed[]): ExpectedDay {
  const heart = sessions.flatMap((session) => session.heart)
  let [weighted, heldMs] = [0, 0]
  heart.forEach(({ atMs, bpm }, at) => {
    const holdsMs = Math.min(10 * 60_000, (heart[at + 1]?.atMs ?? Infinity) - atMs)
    weighted += bpm * holdsMs
    heldMs += holdsMs
  })
  const values = heart.map(({ bpm }) => bpm)
  return {
    steps: sessions.reduce((sum, each) => sum + each.steps, 0),
    heartRate: {
      ...(heldMs >= hourMs && { average: Math.round((weighted / heldMs) * 10) / 10 }),
      min: values.reduce((least, value) => Math.min(least, value), Infinity),
      max: values.reduce((most, value) => Math.max(most, value), 0),
    },
  }
}

function idOf(n: number): string {
  return `s${n}`
}

function isoDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
