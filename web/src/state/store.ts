import { useEffect, useSyncExternalStore } from 'react'
import { leaveIfSignedOut } from './signed-out.ts'

/** What the server said, or is asked. `isStale`: it changed there, and is asked for again. */
export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'ready'; readonly value: T; readonly isStale: boolean }

interface Entry {
  loaded: Loaded<unknown>
  load: () => Promise<unknown>
  /** Of two answers the one asked for last counts. */
  asked: number
  readonly hearers: Set<() => void>
}

const MOST_KEPT = 200
const loading: Loaded<never> = { state: 'loading' }
const entries = new Map<string, Entry>()

/** Server data by key, asked for once however many show it, and again after `refresh`. Without a key nothing is asked. */
export function useLoaded<T>(key: string | undefined, load: () => Promise<T>): Loaded<T> {
  const loaded = useSyncExternalStore(
    (hear) => (key === undefined ? () => undefined : hearEntry(key, load, hear)),
    () => (key === undefined ? loading : (entries.get(key)?.loaded ?? loading)),
  )
  useEffect(() => {
    if (key !== undefined) need(key, load)
  }, [key, load])
  return loaded as Loaded<T>
}

/** Asks for what will be shown: whoever shows it finds it asked for, and asks anew after a change by a way of its own. */
export function askAhead(key: string, load: () => Promise<unknown>): void {
  need(key, load)
}

/** Asks again for all data whose key begins so: now for what is shown, and when it is shown for the rest. */
export function refresh(prefix: string): void {
  for (const [key, entry] of entries) {
    if (!key.startsWith(prefix)) continue
    if (entry.hearers.size === 0) entries.delete(key)
    else {
      if (entry.loaded.state === 'ready') tell(entry, { ...entry.loaded, isStale: true })
      ask(entry)
    }
  }
}

/** Forgets all data whose key begins so; without a prefix everything, as when somebody else signs in. */
export function forget(prefix = ''): void {
  for (const key of entries.keys()) if (key.startsWith(prefix)) entries.delete(key)
}

function hearEntry(key: string, load: () => Promise<unknown>, hear: () => void): () => void {
  const entry = need(key, load)
  entry.hearers.add(hear)
  return () => {
    entry.hearers.delete(hear)
  }
}

function need(key: string, load: () => Promise<unknown>): Entry {
  const found = entries.get(key)
  if (found !== undefined) {
    found.load = load
    return found
  }
  dropOldest()
  const entry: Entry = { loaded: loading, load, asked: 0, hearers: new Set() }
  entries.set(key, entry)
  ask(entry)
  return entry
}

/** A Map keeps the order in which it was filled. */
function dropOldest(): void {
  for (const [key, { hearers }] of entries) {
    if (entries.size < MOST_KEPT) return
    if (hearers.size === 0) entries.delete(key)
  }
}

function ask(entry: Entry): void {
  entry.asked += 1
  const { asked } = entry
  const unlessOld = (loaded: Loaded<unknown>) => {
    if (asked === entry.asked) tell(entry, loaded)
  }
  entry.load().then(
    (value) => unlessOld({ state: 'ready', value, isStale: false }),
    (error: unknown) => {
      leaveIfSignedOut(error)
      unlessOld({ state: 'failed', error })
    },
  )
}

function tell(entry: Entry, loaded: Loaded<unknown>): void {
  entry.loaded = loaded
  for (const hear of entry.hearers) hear()
}
