import type { ImportView } from '../../../src/model/import.ts'
import { Problem, type ProblemCode } from '../../../src/model/problem.ts'
import type { UploadRecord } from '../../../src/model/upload.ts'
import type { HouseClient } from '../state/client.ts'
import { rateMeter } from './rate.ts'

/** A file to be sent and imported. */
export interface Errand {
  readonly userId: string
  /** Where whoever is not there yet lives. */
  readonly zone: string
  readonly file: File
  /** What was begun before; absent: it begins now. */
  readonly uploadId: string | undefined
}

/** How far a file is on its way. `rate`: bytes a second lately. `isWaiting`: nobody answers, and it is tried again. */
export interface Sending {
  readonly userId: string
  readonly uploadId: string | undefined
  readonly file: string
  readonly sent: number
  readonly total: number
  readonly rate: number | undefined
  readonly isWaiting: boolean
}

const RETRY_MS = 1000

/** Passes by itself. */
const passing: readonly ProblemCode[] = ['unavailable', 'overloaded', 'rate_limited']

/**
 * Sends a file in parts, each of which the server keeps for good, and returns the import that it became; `tell` hears how far it is. Where
 * nobody answers it tries until somebody does. Throws the server's `Problem`, `DOMException` where the file cannot be read any more, and an
 * `AbortError` once `signal` fires.
 */
export async function runErrand(
  client: HouseClient,
  { userId, zone, file, uploadId }: Errand,
  signal: AbortSignal,
  tell: (sending: Sending) => void,
): Promise<ImportView> {
  const rate = rateMeter()
  let now: Sending = { userId, uploadId, file: file.name, sent: 0, total: file.size, rate: undefined, isWaiting: false }
  const say = (change: Partial<Sending>) => {
    now = { ...now, ...change }
    tell(now)
  }
  say({})
  const patiently = <T>(ask: () => Promise<T>) => untilAnswered(ask, signal, () => say({ isWaiting: true, rate: undefined }))
  const told = ({ uploadId: id, received }: UploadRecord) =>
    say({ uploadId: id, sent: received, rate: rate(performance.now(), received), isWaiting: false })

  let upload = await patiently(() => beginOrFind(client, { userId, zone, file, uploadId }))
  told(upload)
  const params = { userId, uploadId: upload.uploadId }
  while (upload.received < upload.size) {
    const { received, partBytes } = upload
    // Into memory first: that the file is gone or has changed is told apart so from a line that broke.
    const body = await file.slice(received, received + partBytes).arrayBuffer()
    upload = await patiently(() => addPart(client, params, received, body, signal))
    told(upload)
  }
  return patiently(async () => (await client.importUpload({ params, signal })).body)
}

async function beginOrFind(client: HouseClient, { userId, zone, file, uploadId }: Errand): Promise<UploadRecord> {
  if (uploadId !== undefined) {
    const found = await findUpload(client, userId, uploadId)
    if (found?.size === file.size) return found
  }
  return (await client.startUpload({ params: { userId }, body: { file: file.name, size: file.size, zone, newPerson: true } })).body
}

/** An upload as it stands; undefined once it is gone. */
export async function findUpload(client: HouseClient, userId: string, uploadId: string): Promise<UploadRecord | undefined> {
  try {
    return (await client.getUpload({ params: { userId, uploadId } })).body
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return undefined
    throw error
  }
}

/** Where the part before it was kept and the answer lost, the server says so, and how much is there. */
async function addPart(
  client: HouseClient,
  params: { readonly userId: string; readonly uploadId: string },
  offset: number,
  body: ArrayBuffer,
  signal: AbortSignal,
): Promise<UploadRecord> {
  try {
    return (await client.addPart({ params, query: { offset }, body, signal })).body
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'wrong_offset')) throw error
    return (await client.getUpload({ params, signal })).body
  }
}

async function untilAnswered<T>(ask: () => Promise<T>, signal: AbortSignal, onSilence: () => void): Promise<T> {
  for (;;) {
    signal.throwIfAborted()
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof Problem && passing.includes(error.code))) throw error
      onSilence()
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
}
