import type { Documents } from '../ports/documents.ts'
import { previousDate } from './dirty-days.ts'
import { findState } from './lifecycle-state.ts'

/** Of dates whose raw data were destroyed, what was made of them stands: of what is left another day would come. */
export async function remakeable(
  deps: { readonly documents: Documents },
  userId: string,
  dates: readonly string[],
): Promise<readonly string[]> {
  const before = dates.length === 0 ? undefined : (await findState(deps, userId))?.body.destroyedBefore.rawData?.slice(0, 10)
  return before === undefined ? dates : dates.filter((date) => previousDate(date) > before)
}
