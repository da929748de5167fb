import type { Day, Night } from '../../model/day.ts'
import { reasonLines } from './reasons-text.ts'

/** A day as lines for a terminal: only what is known, and why the rest is not. */
export function dayText(day: Day): string {
  const lines = [
    `${day.date}  ${day.zone}  (worn ${hours(day.coverage.wornMinutes)} of ${hours(day.coverage.dayMinutes)}, revision ${day.revision})`,
  ]
  const add = (name: string, text: string | undefined, field?: string) => {
    if (text !== undefined) lines.push(`  ${name.padEnd(16)} ${text}${field === undefined ? '' : from(day, field)}`)
  }
  add('steps', number(day.steps), 'steps')
  add('distance', day.distanceMeters === undefined ? undefined : `${(day.distanceMeters / 1000).toFixed(2)} km`, 'distanceMeters')
  add('active energy', unit(day.activeEnergyKcal, 'kcal'), 'activeEnergyKcal')
  add('exercise', unit(day.exerciseMinutes, 'min'), 'exerciseMinutes')
  add('sleep', day.sleep && nightText(day.sleep))
  if (day.sleep?.stagesMinutes) add('', stagesText(day.sleep.stagesMinutes))
  for (const nap of day.naps) add('nap', `${clock(nap.onset)}–${clock(nap.wake)}, ${hours(nap.asleepMinutes)}`)
  add(
    'resting heart',
    day.heartRate.resting === undefined ? undefined : `${Math.round(day.heartRate.resting)}/min (${day.heartRate.method})`,
  )
  add(
    'heart rate',
    day.heartRate.average === undefined
      ? undefined
      : `${Math.round(day.heartRate.average)}/min, ${day.heartRate.min} to ${day.heartRate.max}`,
  )
  add('HRV', day.hrv && `${Math.round(day.hrv.value)} ms ${day.hrv.kind} (${day.hrv.window})`)
  for (const workout of day.workouts) add('workout', `${workout.type} ${hours(workout.durationMinutes)} from ${clock(workout.startTime)}`)
  lines.push(...reasonLines(day.reasons))
  return lines.join('\n')
}

function nightText(night: Night): string {
  const share = night.efficiency === undefined ? '' : `, efficiency ${Math.round(night.efficiency * 100)} %`
  return `${hours(night.asleepMinutes)} asleep, ${clock(night.onset)}–${clock(night.wake)}${share} (${night.method})`
}

function stagesText(stages: NonNullable<Night['stagesMinutes']>): string {
  return Object.entries(stages)
    .filter(([, minutes]) => minutes > 0)
    .map(([stage, minutes]) => `${stage} ${hours(minutes)}`)
    .join(' · ')
}

function from(day: Day, field: string): string {
  const sources = day.provenance[field]?.sources ?? []
  return sources.length === 0 ? '' : `  from ${sources.map(({ name, share }) => `${name} ${Math.round(share * 100)} %`).join(', ')}`
}

export function hours(minutes: number): string {
  const whole = Math.round(minutes)
  return whole < 60 ? `${whole} min` : `${Math.floor(whole / 60)} h ${whole % 60} min`
}

/** As the person's clock showed it there and then: instants of a day carry their own offset. */
function clock(instant: string): string {
  return instant.slice(11, 16)
}

function number(value: number | undefined): string | undefined {
  return value?.toLocaleString('en-US')
}

function unit(value: number | undefined, name: string): string | undefined {
  return value === undefined ? undefined : `${Math.round(value).toLocaleString('en-US')} ${name}`
}
