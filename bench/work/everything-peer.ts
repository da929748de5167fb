import { report } from './report.ts'

// Named by a variable: the peers are installed for benches only, and types are checked without them.
const peer = '../peers/node_modules/apple-health-parser/dist/index.js'
const { createHealthReader }: { createHealthReader: (path: string) => AsyncIterable<{ kind: string; hrv?: unknown[] }> } = await import(
  peer
)
const counts = { records: 0, workouts: 0, activitySummaries: 0, beats: 0 }
for await (const item of createHealthReader(process.argv[2] as string)) {
  if (item.kind === 'record') {
    counts.records++
    counts.beats += item.hrv?.length ?? 0
  } else if (item.kind === 'workout') counts.workouts++
  else if (item.kind === 'activitySummary') counts.activitySummaries++
}
report(counts)
