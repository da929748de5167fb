import type { Day } from '../model/day.ts'
import type { WorkoutInterval } from '../model/series.ts'
import type { Findings } from './findings.ts'
import { type DayFrame, inDay, localText, minuteMs, rounded } from './frame.ts'

/** Two sources tell of the same workout if they share at least this part of the shorter one. */
const sameOverlap = 0.5

/** Workouts that start on the date, ascending; one that several sources tell of is kept once, from the best source. Energy stays here: it is part of the active energy. */
export function addWorkouts(frame: DayFrame, workouts: readonly WorkoutInterval[], findings: Findings): void {
  const ranked = workouts
    .filter(({ startMs }) => inDay(frame, startMs))
    .sort((a, b) => frame.prefer(a.source, b.source) || a.startMs - b.startMs || a.endMs - b.endMs)
  const kept: WorkoutInterval[] = []
  for (const workout of ranked) if (!kept.some((better) => isSame(better, workout))) kept.push(workout)
  findings.fields.workouts = kept.sort((a, b) => a.startMs - b.startMs).map((workout) => dayWorkout(frame, workout))
  if (kept.length > 0) {
    findings.provenance.workouts = {
      method: 'best_source',
      sources: [...Map.groupBy(kept, ({ source }) => source.id).values()].flatMap((same) =>
        same.slice(0, 1).map(({ source }) => ({
          id: source.id,
          name: source.name,
          kind: source.kind,
          share: rounded(same.length / kept.length, 4),
          samples: same.length,
        })),
      ),
    }
  }
}

/** One source tells of a workout once, but its word may stand in two sessions. */
function isSame(a: WorkoutInterval, b: WorkoutInterval): boolean {
  if (a.source.id === b.source.id) return a.startMs === b.startMs && a.endMs === b.endMs && a.type === b.type
  const sharedMs = Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs)
  const shorterMs = Math.min(a.endMs - a.startMs, b.endMs - b.startMs)
  return sharedMs > 0 && sharedMs >= sameOverlap * shorterMs
}

function dayWorkout({ zones }: DayFrame, workout: WorkoutInterval): Day['workouts'][number] {
  return {
    type: workout.type,
    startTime: localText(zones, workout.startMs),
    endTime: localText(zones, workout.endMs),
    durationMinutes: rounded((workout.endMs - workout.startMs) / minuteMs, 2),
    ...(workout.energyKcal === undefined ? {} : { energyKcal: workout.energyKcal }),
    ...(workout.distanceM === undefined ? {} : { distanceMeters: workout.distanceM }),
    ...(workout.averageHeartRate === undefined ? {} : { averageHeartRate: workout.averageHeartRate }),
    source: workout.source.id,
  }
}
