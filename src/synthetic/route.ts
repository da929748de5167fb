import { dice } from './dice.ts'
import type { Span } from './minutes.ts'
import type { Person } from './person.ts'

/** Path of a workout's route below `apple_health_export/`. */
export function routePath({ calendar }: Person, { from }: Span): string {
  const start = Temporal.Instant.fromEpochMilliseconds(calendar.originMs + from * 60000).toZonedDateTimeISO(calendar.home)
  const hour = start.hour % 12 || 12
  const minute = String(start.minute).padStart(2, '0')
  return `workout-routes/route_${start.toPlainDate()}_${hour}.${minute}${start.hour < 12 ? 'am' : 'pm'}.gpx`
}

/** GPX 1.1: a round in a park, one point every five seconds at an even pace. */
export function routeText(person: Person, { from, to }: Span): string {
  const throws = dice(person.seed, `route ${from}`)
  const instant = (second: number) =>
    Temporal.Instant.fromEpochMilliseconds(person.calendar.originMs + (from * 60 + second) * 1000).toString()
  const points: string[] = []
  for (let second = 0; second <= (to - from) * 60; second += 5) {
    const turn = (second * 2.9) / 573
    const latitude = (40.7712 + 0.0052 * Math.sin(turn) + 0.00001 * throws.gauss()).toFixed(6)
    const longitude = (-73.9742 + 0.0068 * Math.cos(turn) + 0.00001 * throws.gauss()).toFixed(6)
    const elevation = (21 + 6 * Math.sin(turn + 1)).toFixed(2)
    points.push(`   <trkpt lon="${longitude}" lat="${latitude}"><ele>${elevation}</ele><time>${instant(second)}</time></trkpt>\n`)
  }
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Apple Health Export" xmlns="http://www.topografix.com/GPX/1/1">\n' +
    ` <metadata><time>${instant((to - from) * 60)}</time></metadata>\n <trk>\n  <name>Route</name>\n  <trkseg>\n${points.join('')}  </trkseg>\n </trk>\n</gpx>\n`
  )
}
