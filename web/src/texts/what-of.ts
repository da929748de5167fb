import type { JobType } from '../../../src/model/job.ts'
import { catalogues } from './catalogue.ts'
import type { whatWords } from './words/what.ts'

type Key = keyof typeof whatWords.en | `job.${JobType}`

/** What of a person somebody asked for, as the access log names it: `users/days`, `jobs/import`. By its own name where that is not known. */
export function whatOf(what: string, text: (key: Key) => string): string {
  const last = what.split('/').at(-1)?.replaceAll('-', '_')
  const key = what.startsWith('jobs/') ? `job.${last}` : `what.${last}`
  return isKnown(key) ? text(key) : what
}

function isKnown(key: string): key is Key {
  return Object.hasOwn(catalogues.en, key)
}
