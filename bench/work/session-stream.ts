import type { LoadRequest } from './load.ts'

const DAYS = 40
const DAY_MS = 86_400_000

/** Requests that hand in sessions of so many samples, none twice: people and dates in turn, one watch each. */
export function sessionStream(samples: number, people: readonly string[], key: string): () => LoadRequest {
  const tails = Array.from({ length: DAYS }, (_, day) => Buffer.from(tailOf(samples, Date.UTC(2026, 0, 1 + day))))
  let sent = 0
  return () => {
    const at = sent
    sent += 1
    const userId = people[at % people.length] as string
    // Once all dates of all people are there the watch is another one.
    const day = Math.floor(at / people.length)
    const body = `{"sessionInfo":{"sessionId":"s${at}","dataSource":"watch_${Math.floor(day / DAYS)}",`
    return {
      method: 'POST',
      path: `/v1/users/${userId}/sessions`,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': `k${at}` },
      body,
      tail: tails[day % DAYS] as Uint8Array,
    }
  }
}

function tailOf(samples: number, startMs: number): string {
  const startOf = startMs + ((startMs / DAY_MS) % 12) * 3_600_000
  const instant = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z')
  const list = Array.from({ length: samples }, (_, at) => ({
    timestamp: instant(startOf + at * 5000),
    value: 60 + Math.round(15 * Math.sin(at / 40)),
    confidence: 0.95,
    context: 'resting',
  }))
  const times = JSON.stringify({ startTime: instant(startOf), endTime: instant(startOf + samples * 5000), dataTypes: ['heart_rate'] })
  return `${times.slice(1)},"heartRate":{"samples":${JSON.stringify(list)}}}`
}
