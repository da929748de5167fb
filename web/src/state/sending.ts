import { useSyncExternalStore } from 'react'
import type { ImportView } from '../../../src/model/import.ts'
import { type Errand, findUpload, runErrand, type Sending } from '../sending/errand.ts'
import { CHANNEL, SCOPE, type Told, toldOfEnd, WORKER } from '../sending/told.ts'
import { client } from './client.ts'
import { forgetNote, type Note, noteOf, readNote, writeNote } from './sending-note.ts'

/** `sending`: a file is on its way, `isHere` where the page itself sends it. `interrupted`: it was, and must be chosen again. */
export type SendingState =
  | { readonly state: 'idle' | 'looking' }
  | { readonly state: 'sending'; readonly sending: Sending; readonly isHere: boolean }
  | { readonly state: 'interrupted'; readonly file: string; readonly received: number; readonly size: number }
  | Extract<Told, { state: 'failed' | 'done' }>

/** A worker is asked so often, ms: it stays alive by it, and says how far it is. */
const LOOK_MS = 5000
/** One that does not answer within so long is none, ms. */
const ANSWER_MS = 3000

let current: SendingState = { state: readNote() === undefined ? 'idle' : 'looking' }
let here: AbortController | undefined
let looking: ReturnType<typeof setInterval> | undefined
let pages: BroadcastChannel | undefined
const heard = new Set<() => void>()

/** What becomes of the file that is being sent from this browser, also by another of its pages, or before this one was loaded. */
export function useSending(): SendingState {
  return useSyncExternalStore(
    (hear) => {
      heard.add(hear)
      if (pages === undefined) takeUp().catch(reportError)
      return () => heard.delete(hear)
    },
    () => current,
  )
}

/** Sends a file, going on where an earlier sending of it ended. What becomes of it `useSending` tells. */
export async function sendFile(userId: string, zone: string, file: File): Promise<void> {
  openChannel()
  const before = readNote()
  const note = noteOf(userId, file)
  const uploadId = before !== undefined && isOfSame(before, note) ? before.uploadId : undefined
  writeNote({ ...note, uploadId })
  const errand: Errand = { userId, zone, file, uploadId }
  const worker = await startedWorker()
  if (worker === undefined) return sendHere(errand)
  worker.postMessage({ order: 'send', errand })
  keepLooking()
}

/** Gives up the file that is being sent: what the server has of it goes. */
export async function stopSending(): Promise<void> {
  const note = readNote()
  here?.abort()
  ;(await knownWorker())?.postMessage({ order: 'stop' })
  forgetNote()
  show({ state: 'idle' })
  if (note?.uploadId !== undefined && (await findUpload(client, note.userId, note.uploadId)) !== undefined)
    await client.deleteUpload({ params: { userId: note.userId, uploadId: note.uploadId } })
}

/** What was told was seen: one goes on from it. */
export function endSending(): void {
  forgetNote()
  show({ state: 'idle' })
}

/** After a load: whoever was sending still is, or has ended, or is gone. */
async function takeUp(): Promise<void> {
  openChannel()
  const note = readNote()
  if (note === undefined) return
  const worker = await knownWorker()
  if (worker === undefined) return interrupted(note)
  keepLooking()
  worker.postMessage({ order: 'look' })
  setTimeout(() => current.state === 'looking' && interrupted(note).catch(reportError), ANSWER_MS)
}

/** The server knows how much is there, and whether it was imported after all. */
async function interrupted({ userId, uploadId, file, size }: Note): Promise<void> {
  const found = uploadId === undefined ? undefined : await findUpload(client, userId, uploadId)
  if (found?.importId !== undefined) return show({ state: 'done', view: { userId, importId: found.importId } })
  if (found === undefined) forgetNote()
  show(found === undefined ? { state: 'idle' } : { state: 'interrupted', file, received: found.received, size })
}

function hearWorker({ data: told }: MessageEvent<Told>): void {
  const note = readNote()
  if (note === undefined || here !== undefined) return
  if (told.state === 'idle') {
    // Ended by the browser, and begun anew by the question.
    if (current.state === 'sending' || current.state === 'looking') interrupted(note).catch(reportError)
  } else if (told.state !== 'stopped') showTold(told, false)
}

function showTold(told: Exclude<Told, { state: 'idle' | 'stopped' }>, isHere: boolean): void {
  if (told.state === 'sending') {
    const note = readNote()
    if (note !== undefined && note.uploadId !== told.sending.uploadId) writeNote({ ...note, uploadId: told.sending.uploadId })
    show({ ...told, isHere })
  } else show(told)
}

async function sendHere(errand: Errand): Promise<void> {
  here = new AbortController()
  const { signal } = here
  addEventListener('beforeunload', warnOfLeaving)
  try {
    const view: ImportView = await runErrand(client, errand, signal, (sending) => showTold({ state: 'sending', sending }, true))
    show({ state: 'done', view })
  } catch (error) {
    const told = toldOfEnd(error)
    if (told.state === 'failed') show(told)
  } finally {
    here = undefined
    removeEventListener('beforeunload', warnOfLeaving)
  }
}

function show(state: SendingState): void {
  current = state
  if (state.state !== 'sending' && state.state !== 'looking') {
    clearInterval(looking)
    looking = undefined
  }
  for (const hear of heard) hear()
}

function openChannel(): void {
  if (pages !== undefined) return
  pages = new BroadcastChannel(CHANNEL)
  pages.onmessage = hearWorker
}

function keepLooking(): void {
  looking ??= setInterval(() => {
    knownWorker().then((worker) => worker?.postMessage({ order: 'look' }), reportError)
  }, LOOK_MS)
}

function isOfSame(one: Note, other: Note): boolean {
  return (['userId', 'file', 'size', 'modified'] as const).every((name) => one[name] === other[name])
}

async function knownWorker(): Promise<ServiceWorker | undefined> {
  return (await navigator.serviceWorker?.getRegistration(SCOPE))?.active ?? undefined
}

/** Undefined where the browser has none, or does not let this page have one. */
async function startedWorker(): Promise<ServiceWorker | undefined> {
  try {
    const registration = await navigator.serviceWorker?.register(WORKER, { type: 'module', scope: SCOPE })
    return registration === undefined ? undefined : await activeOf(registration)
  } catch (error) {
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error
    return undefined
  }
}

function activeOf({ active, waiting, installing }: ServiceWorkerRegistration): Promise<ServiceWorker | undefined> {
  if (active !== null) return Promise.resolve(active)
  const coming = waiting ?? installing
  return new Promise((resolve) => {
    if (coming === null) return resolve(undefined)
    coming.addEventListener('statechange', () => {
      if (coming.state === 'activated') resolve(coming)
      if (coming.state === 'redundant') resolve(undefined)
    })
  })
}

function warnOfLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
