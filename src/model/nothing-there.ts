import { Problem } from './problem.ts'

/** The same words for what is absent and for what is somebody else's. */
export function nothingThere(): Problem {
  return new Problem('not_found', 'There is nothing at this address, or nothing for you.')
}
