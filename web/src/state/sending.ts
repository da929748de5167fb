import { useSyncExternalStore } from 'react'
import type { ImportView } from '../../../src/model/import.ts'
import { uploadingClient } from './client.ts'

/** A file on its way to the server. `rate`: bytes a second over the last seconds. */
export interface Sending {
  readonly file: string
  readonly sent: number
  readonly total: number
  readonly rate: number | undefined
}

/** What a page that was left in the middle of sending leaves behind. */
export type Interrupted = Pick<Sending, 'file' | 'sent' | 'total'>

const NOTE = 'clarity.sending'
/** The rate is that of so long a past, ms: a burst into a buffer is no rate. */
const RATE_MS = 4000

let current: Sending | undefined
let stop: AbortController | undefined
const heard = new Set<() => void>()

export function useSending(): Sending | undefined {
  return useSyncExternalStore(
    (hear) => {
      heard.add(hear)
      return () => heard.delete(hear)
    },
    () => current,
  )
}

/** Sends a file and returns the import that it became. Throws the server's `Problem`, or an `AbortError` after `stopSending`. */
export async function sendFile(userId: string, zone: string, file: File): Promise<ImportView> {
  const samples: { readonly atMs: number; readonly sent: number }[] = []
  stop = new AbortController()
  addEventListener('beforeunload', warnOfLeaving)
  note({ file: file.name, sent: 0, total: file.size, rate: undefined })
  try {
    const onSent = (sent: number) => {
      samples.push({ atMs: performance.now(), sent })
      note({ file: file.name, sent: Math.min(sent, file.size), total: file.size, rate: rateOf(samples) })
    }
    const query = { zone, newPerson: 'true' as const }
    const { body } = await uploadingClient(onSent).startImport({
      params: { userId },
      query,
      body: file,
      fileName: file.name,
      signal: stop.signal,
    })
    return body
  } finally {
    removeEventListener('beforeunload', warnOfLeaving)
    note(undefined)
  }
}

export function stopSending(): void {
  stop?.abort()
}

/** The file that was being sent when the page was left, told once. */
export function takeInterrupted(): Interrupted | undefined {
  const text = sessionStorage.getItem(NOTE)
  if (text === null || current !== undefined) return undefined
  sessionStorage.removeItem(NOTE)
  return JSON.parse(text) as Interrupted
}

function note(sending: Sending | undefined): void {
  current = sending
  if (sending === undefined) sessionStorage.removeItem(NOTE)
  else sessionStorage.setItem(NOTE, JSON.stringify({ file: sending.file, sent: sending.sent, total: sending.total }))
  for (const hear of heard) hear()
}

function rateOf(samples: { readonly atMs: number; readonly sent: number }[]): number | undefined {
  const last = samples.at(-1)
  while (samples.length > 2 && last !== undefined && last.atMs - (samples[0]?.atMs ?? 0) > RATE_MS) samples.shift()
  const [first] = samples
  if (first === undefined || last === undefined || last.atMs - first.atMs < 250) return undefined
  return ((last.sent - first.sent) / (last.atMs - first.atMs)) * 1000
}

function warnOfLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
