/** How many of each the file holds, counted as they are written. */
export interface Totals {
  /** Record elements at top level, the doubtful and repeated ones included. */
  records: number
  /** Records inside Correlations; each also stands at top level. */
  nested: number
  workouts: number
  activitySummaries: number
  correlations: number
  beats: number
  metadata: number
  /** Records that repeat type, source, start, end and value of another top-level one. */
  duplicates: number
  unknownTypes: number
  unknownUnits: number
  outOfRange: number
  /** Records that the first export lacks. */
  late: number
  byType: Record<string, number>
}

export function blankTotals(): Totals {
  return {
    records: 0,
    nested: 0,
    workouts: 0,
    activitySummaries: 0,
    correlations: 0,
    beats: 0,
    metadata: 0,
    duplicates: 0,
    unknownTypes: 0,
    unknownUnits: 0,
    outOfRange: 0,
    late: 0,
    byType: {},
  }
}
