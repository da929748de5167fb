import type { Reason } from '../../model/day.ts'

/** Why figures are absent: one line for all that were not measured, one each for the others. */
export function reasonLines(reasons: readonly Reason[]): string[] {
  const silent = reasons.filter(({ code }) => code === 'no_data').map(({ field }) => field)
  const lines = reasons
    .filter(({ code }) => code !== 'no_data')
    .map(({ field, code, have, need }) => `  – ${field}: ${code}${need === undefined ? '' : ` (${have} of ${need})`}`)
  return silent.length === 0 ? lines : [...lines, `  – not measured: ${silent.join(', ')}`]
}
