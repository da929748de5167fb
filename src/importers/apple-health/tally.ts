/** What was met and what went wrong, by code; the first example of each is the place in the file, never a value. */
export interface Tally {
  readonly counts: {
    received: number
    rejected: number
    records: number
    nested: number
    workouts: number
    activitySummaries: number
    correlations: number
    beats: number
  }
  note(code: string, example: string): void
  readonly problems: ReadonlyMap<string, { count: number; readonly example: string }>
}

export function newTally(): Tally {
  const problems = new Map<string, { count: number; readonly example: string }>()
  return {
    counts: { received: 0, rejected: 0, records: 0, nested: 0, workouts: 0, activitySummaries: 0, correlations: 0, beats: 0 },
    note(code, example) {
      const known = problems.get(code)
      if (known) known.count++
      else problems.set(code, { count: 1, example })
    },
    problems,
  }
}
