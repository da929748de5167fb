import type { MetricName } from '../model/metrics.ts'
import type { StoredSession } from '../model/session.ts'

/** The parts of a session that tell of these metrics. */
export function visibleSession(session: StoredSession, metrics: ReadonlySet<MetricName>): StoredSession {
  const { userId, sessionInfo, localDate, zone, source, quality, revision, heartRate, activity, sleep, series, workouts } = session
  const seen = (metric: MetricName) => metrics.has(metric)
  const known: ReadonlySet<string> = metrics
  return {
    userId,
    sessionInfo: { ...sessionInfo, dataTypes: sessionInfo.dataTypes.filter((type) => known.has(type)) },
    localDate,
    zone,
    source,
    quality: { verdict: quality.verdict, flags: [], quarantined: {} as StoredSession['quality']['quarantined'] },
    revision,
    ...(heartRate && seen('heart_rate') && { heartRate }),
    ...(activity && {
      activity: {
        ...(seen('steps') && { steps: activity.steps }),
        ...(seen('distance_walking_running') && { distance: activity.distance }),
        ...(seen('active_energy') && { activeEnergy: activity.activeEnergy }),
        ...(seen('workout') && { workout: activity.workout }),
      },
    }),
    ...(sleep && seen('sleep_session') && { sleep }),
    ...(workouts && seen('workout') && { workouts }),
    ...(series && { series: Object.fromEntries(Object.entries(series).filter(([metric]) => known.has(metric))) }),
  }
}
