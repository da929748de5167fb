import { useMemo, useSyncExternalStore } from 'react'

/** The addresses of pages; a word in braces is an id. Navigation shows those that have a name in it. */
export const routes = {
  home: '/',
  signIn: '/sign-in',
  start: '/start',
  today: '/people/{userId}',
  day: '/people/{userId}/days/{date}',
  arriving: '/people/{userId}/imports/{importId}',
  trends: '/people/{userId}/trends',
  explore: '/people/{userId}/explore',
  myData: '/people/{userId}/data',
  myDataPart: '/people/{userId}/data/{part}',
  receipt: '/erasures/{erasureId}',
  operator: '/operator',
  operatorPart: '/operator/{part}',
} as const

export type RouteName = keyof typeof routes
type Ids<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Ids<Rest> : never
export type Params<Name extends RouteName> = Readonly<Record<Ids<(typeof routes)[Name]>, string>>

export type Place = { [Name in RouteName]: { readonly name: Name; readonly params: Params<Name> } }[RouteName] | undefined

/** The path of a page. */
export function pathTo<Name extends RouteName>(name: Name, params: Params<Name>): string {
  const given: Readonly<Record<string, string>> = params
  return routes[name].replaceAll(/\{(\w+)\}/g, (_, id: string) => encodeURIComponent(given[id] ?? ''))
}

/** The page that an address is of; undefined for one of none. */
export function placeOf(path: string): Place {
  for (const [name, route] of Object.entries(routes)) {
    const found = new RegExp(`^${route.replaceAll(/\{(\w+)\}/g, '(?<$1>[A-Za-z0-9_-]{1,128})')}/?$`).exec(path)
    if (found) return { name, params: { ...found.groups } } as Place
  }
  return undefined
}

const heard = new Set<() => void>()

/** Goes to a page of ours. `isInstead`: the one before is not gone back to. */
export function go(path: string, { isInstead = false } = {}): void {
  if (isInstead) history.replaceState(null, '', path)
  else history.pushState(null, '', path)
  for (const hear of heard) hear()
  if (isInstead) return
  // As a browser would after a load: at the top, and a screen reader at the new page.
  scrollTo(0, 0)
  document.getElementById('content')?.focus({ preventScroll: true })
}

export function usePath(): string {
  return useSyncExternalStore(hearPath, () => location.pathname)
}

/** What stands behind the `?` of the address. */
export function useSearch(): URLSearchParams {
  const search = useSyncExternalStore(hearPath, () => location.search)
  return useMemo(() => new URLSearchParams(search), [search])
}

/** The address of this page with other words behind the `?`; what is undefined is left out. */
export function searchWith(search: URLSearchParams, changed: Readonly<Record<string, string | undefined>>): string {
  const next = new URLSearchParams(search)
  for (const [name, value] of Object.entries(changed)) {
    if (value === undefined) next.delete(name)
    else next.set(name, value)
  }
  return `${location.pathname}?${next}`
}

function hearPath(hear: () => void): () => void {
  heard.add(hear)
  addEventListener('popstate', hear)
  return () => {
    heard.delete(hear)
    removeEventListener('popstate', hear)
  }
}
