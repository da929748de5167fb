import { client } from '../state/client.ts'
import { type Errand, runErrand } from './errand.ts'
import { CHANNEL, type Order, type Told, toldOfEnd } from './told.ts'

/** What of a service worker's world is used here: TypeScript keeps it apart from a page's. */
interface World {
  onmessage: ((event: { readonly data: Order; waitUntil(work: Promise<unknown>): void }) => void) | null
}

/** A browser ends a worker that nothing is asked of for half a minute, and pages in the background ask less often than that. */
const ALIVE_MS = 120_000

const pages = new BroadcastChannel(CHANNEL)
let told: Told = { state: 'idle' }
let stop: AbortController | undefined

const world = self as unknown as World
world.onmessage = (event) => {
  event.waitUntil(new Promise((resolve) => setTimeout(resolve, ALIVE_MS)))
  switch (event.data.order) {
    case 'send':
      void send(event.data.errand)
      break
    case 'look':
      pages.postMessage(told)
      break
    case 'stop':
      stop?.abort()
      break
  }
}

async function send(errand: Errand): Promise<void> {
  stop?.abort()
  stop = new AbortController()
  const { signal } = stop
  // Of two errands the later one is told of.
  const tell = (now: Told) => {
    if (stop?.signal !== signal) return
    told = now
    pages.postMessage(now)
  }
  try {
    tell({ state: 'done', view: await runErrand(client, errand, signal, (sending) => tell({ state: 'sending', sending })) })
  } catch (error) {
    tell(toldOfEnd(error))
  }
}
