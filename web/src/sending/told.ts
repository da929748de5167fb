import type { ImportView } from '../../../src/model/import.ts'
import { Problem, type ProblemCode } from '../../../src/model/problem.ts'
import type { Errand, Sending } from './errand.ts'

/** The service worker that sends: it lives on while its page is loaded again. */
export const WORKER = '/sending-worker.js'
/** A scope in which no page lies: it stands between no page and the server. */
export const SCOPE = '/sending/'
/** Over which pages are told. */
export const CHANNEL = 'clarity.sending'

/** What a page asks of it. `look` also keeps it alive. */
export type Order = { readonly order: 'send'; readonly errand: Errand } | { readonly order: 'look' } | { readonly order: 'stop' }

/** What it tells. `idle`: it sends nothing, perhaps because it was ended and begun anew. */
export type Told =
  | { readonly state: 'sending'; readonly sending: Sending }
  | { readonly state: 'done'; readonly view: Pick<ImportView, 'userId' | 'importId'> }
  | { readonly state: 'failed'; readonly code: ProblemCode | 'unreadable' | 'fault'; readonly detail: string }
  | { readonly state: 'stopped' }
  | { readonly state: 'idle' }

/** What ended an errand, in words that pass from one thread to another. */
export function toldOfEnd(error: unknown): Told {
  if (error instanceof Problem) return { state: 'failed', code: error.code, detail: error.detail }
  if (!(error instanceof DOMException)) return { state: 'failed', code: 'fault', detail: String(error) }
  return error.name === 'AbortError' ? { state: 'stopped' } : { state: 'failed', code: 'unreadable', detail: error.message }
}
