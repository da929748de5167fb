import { setTimeout as pause } from 'node:timers/promises'
import { type Heard, listen } from '../live/listener.ts'
import type { ClientOptions } from './client.ts'

/** A reader of a person's events that resumes, over one process or the other, wherever it was cut off. */
export interface Feed {
  readonly heard: readonly Heard[]
  /** How often it was cut off and resumed. */
  readonly cuts: number
  /** What it was told that no reader should be told. */
  readonly wrong: readonly string[]
  /** Resolves when it listens for the first time. */
  readonly ready: Promise<void>
  stop(): Promise<void>
}

export function follow({ apis, token, lane }: ClientOptions): Feed {
  const heard: Heard[] = []
  const wrong: string[] = []
  const ready = Promise.withResolvers<void>()
  const over = new AbortController()
  let after: string | undefined
  let beginnings = 0

  async function read(url: string): Promise<void> {
    for await (const event of listen(url, lane, { token, after, signal: over.signal })) {
      after = event.id
      if (event.event === 'ready') {
        beginnings += 1
        ready.resolve()
      }
      if (event.event === 'reset') wrong.push(`the feed of ${lane} says that something is missing`)
      else if (event.event !== 'ready') heard.push(event)
    }
  }

  async function run(): Promise<void> {
    for (let turn = 0; !over.signal.aborted; turn += 1) {
      await read(apis[turn % 2] ?? '').catch((error: Error) => {
        const isGone = error instanceof TypeError || error.message.startsWith('503') || over.signal.aborted
        if (!isGone) wrong.push(`the feed of ${lane}: ${error.message}`)
      })
      await pause(50)
    }
  }

  const running = run()
  return {
    heard,
    get cuts() {
      return beginnings - 1
    },
    wrong,
    ready: ready.promise,
    async stop() {
      over.abort()
      await running
    },
  }
}
