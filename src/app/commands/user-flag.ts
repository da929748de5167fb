import { Problem } from '../../model/problem.ts'
import { canonicalId, idPattern } from '../../model/text.ts'
import type { Run } from '../command.ts'

/** Whose data, by `--user`. Throws `Problem('wrong_use' | 'invalid_id')`. */
export function requireUserId({ flags }: Pick<Run, 'flags'>): string {
  const userId = flags.user
  if (userId === undefined) throw new Problem('wrong_use', 'Whose data? Say --user ID.')
  if (!idPattern.test(userId)) throw new Problem('invalid_id', 'A user id has 1 to 128 letters, digits, _ or -.')
  return canonicalId(userId)
}
