import type { Listener, Subscription } from '../../ports/cache.ts'
import { LateError, type Link, type Links, within } from './redis-link.ts'

export interface Channels {
  /** Hears every channel again over a new connection, and tells the listeners that they may have missed something. */
  resume(link: Link): Promise<void>
  subscribe(channel: string, listener: Listener): Promise<Subscription>
  isEmpty(): boolean
}

/** Who listens to what. `links` is asked late: it opens with the first connection, which `resume` is told of. */
export function openChannels(links: () => Pick<Links, 'current' | 'drop' | 'isOutage'>, limitMs: number): Channels {
  const channels = new Map<string, Set<Listener>>()

  function dispatch(message: string, channel: string): void {
    for (const listener of channels.get(channel) ?? []) queueMicrotask(() => listener.onMessage(message))
  }

  /** Once a connection and channel: a second subscription would hear everything twice. */
  function join(link: Link, channel: string): Promise<void> {
    const known = link.joined.get(channel)
    if (known !== undefined) return known
    const joining = link.client.subscribe(channel, dispatch)
    link.joined.set(channel, joining)
    return joining
  }

  /** False when it came to nothing; then the connection is given up and the next one resumes. */
  async function attempt(link: Link, work: Promise<void>): Promise<boolean> {
    try {
      await within(limitMs, work)
      return true
    } catch (error) {
      if (!(error instanceof LateError) && !links().isOutage(error)) throw error
      links().drop(link)
      return false
    }
  }

  async function resume(link: Link): Promise<void> {
    for (const [channel, listeners] of [...channels]) {
      if (!(await attempt(link, join(link, channel)))) return
      for (const listener of listeners) queueMicrotask(() => listener.onGap())
    }
  }

  async function leave(channel: string, listener: Listener): Promise<void> {
    const listeners = channels.get(channel)
    if (!listeners?.delete(listener) || listeners.size > 0) return
    channels.delete(channel)
    const link = links().current()
    if (link?.joined.delete(channel)) await attempt(link, link.client.unsubscribe(channel, dispatch))
  }

  async function subscribe(channel: string, listener: Listener): Promise<Subscription> {
    channels.set(channel, (channels.get(channel) ?? new Set()).add(listener))
    const link = links().current()
    if (link !== undefined) await attempt(link, join(link, channel))
    return { close: () => leave(channel, listener) }
  }

  return { resume, subscribe, isEmpty: () => channels.size === 0 }
}
