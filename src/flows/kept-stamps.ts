import { Problem } from '../model/problem.ts'
import type { Stored } from '../ports/documents.ts'
import { readAhead } from './dates-ahead.ts'

/** What is stored of a date. Most of it is made again only to be found as it was: for that a stamp is enough. */
export interface Kept<Stamp, Body> {
  readonly stamp: Stored<Stamp> | undefined
  /** All of it. Throws `Problem('conflict')` where somebody has made it anew since. */
  readonly whole: () => Promise<Stored<Body> | undefined>
}

type Between<T> = (from: string, to: string) => Promise<readonly Stored<T>[]>

/** For who goes through ascending dates: stamps of several are read together, and so is what is wanted whole. */
export function keptStamps<Stamp, Body>(
  dates: readonly string[],
  stampsBetween: Between<Stamp>,
  wholeBetween: Between<Body>,
): (date: string, path: string) => Promise<Kept<Stamp, Body>> {
  const stampsAt = readAhead(dates, async (from, to) => byPath(await stampsBetween(from, to)))
  const wholeAt = readAhead(dates, async (from, to) => byPath(await wholeBetween(from, to)))

  return async (date, path) => {
    const stamp = (await stampsAt(date)).get(path)
    return {
      stamp,
      async whole() {
        const found = (await wholeAt(date)).get(path)
        if (found?.version !== stamp?.version) throw new Problem('conflict', `Somebody else has made ${date} again.`)
        return found
      },
    }
  }
}

function byPath<T>(found: readonly Stored<T>[]): ReadonlyMap<string, Stored<T>> {
  return new Map(found.map((each) => [each.path, each]))
}
