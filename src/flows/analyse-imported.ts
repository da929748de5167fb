import { type AnalyseDeps, analyseDirtyDays } from './analyse-days.ts'
import type { Counting } from './import-file.ts'

/** Makes the days that an import touched. Returns how many insights, those of attempts that were killed included. */
export async function analyseImported(
  deps: AnalyseDeps,
  userId: string,
  counting: Counting,
  onProgress: (done: number, total: number) => void,
): Promise<number> {
  const alongside = ({ insights }: { readonly insights: number }) => counting.alongside(counting.insights + insights)
  const made = await analyseDirtyDays(deps, userId, onProgress, [], alongside)
  return counting.insights + made.insights
}
