import { useCallback, useMemo } from 'react'
import type { Day } from '../../../../src/model/day.ts'
import { boundsOf } from '../../format/zoned.ts'
import { Chart } from '../../parts/chart.tsx'
import type { Palette } from '../../parts/palette.ts'
import { TableOf } from '../../parts/table.tsx'
import type { Reader } from '../../state/person.ts'
import { type Series, sourceNames, useSeries } from '../../state/series.ts'
import { useTexts } from '../../texts/texts.tsx'
import { drawSteps, type StepHour } from './steps-chart.ts'

interface Props {
  readonly userId: string
  readonly day: Day
  readonly reader: Reader
}

/** The day's steps hour by hour, each by the source that counted; an hour of which too little is known is not an hour of none. */
export function StepsSection({ userId, day, reader }: Props) {
  const { text } = useTexts()
  const [fromMs, toMs] = boundsOf(day.date, day.zone)
  const series = useSeries(userId, { metric: 'steps', fromMs, toMs, resolution: '1hour' })
  const points = series.state === 'ready' ? series.value.data : undefined
  const hours = useMemo(() => (points === undefined ? [] : hoursOf(day, points, fromMs, toMs)), [points, day, fromMs, toMs])
  const draw = useCallback((palette: Palette, width: number) => drawSteps(palette, width, { hours, text, reader }), [hours, text, reader])
  const shares = day.provenance.steps?.sources ?? []
  return (
    <section className="panel" aria-labelledby="steps-title">
      <header className="panel-head">
        <h2 id="steps-title">{text('steps.title')}</h2>
        {day.steps !== undefined && <p>{reader.number(day.steps)}</p>}
      </header>
      {hours.length > 0 && <Chart label={text('steps.chart')} height={240} draw={draw} />}
      <ul className="legend">
        {namesOf(hours).map((name, at) => (
          <li key={name}>
            <i className={`source-${(at % 4) + 1}`} /> {name}
          </li>
        ))}
        <li>
          <i className="not-measured" /> {text('steps.notMeasured')}
        </li>
      </ul>
      <p className="quiet">
        {shares.length > 0 && `${shares.map(({ name, share }) => `${name} ${reader.share(share)}`).join(', ')}. `}
        {text('steps.shares')}
      </p>
      <TableOf
        caption={text('steps.chart')}
        head={[text('steps.hour'), text('steps.steps'), text('steps.source')]}
        rows={hours.map(({ startMs, steps, source }) => [
          reader.clock(startMs),
          steps === undefined ? text('steps.notMeasured') : reader.number(steps),
          source ?? '–',
        ])}
      />
    </section>
  )
}

const HOUR_MS = 3_600_000

function hoursOf(day: Day, points: Series['data'], fromMs: number, toMs: number): readonly StepHour[] {
  const names = sourceNames(day)
  const byStart = new Map(points.map((point) => [Date.parse(point.startTime), point]))
  return Array.from({ length: Math.round((toMs - fromMs) / HOUR_MS) }, (_, at) => {
    const startMs = fromMs + at * HOUR_MS
    const point = byStart.get(startMs)
    if (point === undefined) return { startMs, steps: isKnown(day, startMs, fromMs) ? 0 : undefined, source: undefined }
    return { startMs, steps: point.value, source: point.sources.map((id) => names.get(id) ?? id).join(' + ') }
  })
}

/** By the day's own judgement of that hour of the clock. */
function isKnown({ hourlySteps }: Day, startMs: number, fromMs: number): boolean {
  const hour = Math.floor((startMs - fromMs) / HOUR_MS)
  return hourlySteps?.[Math.min(23, hour)] !== null && hourlySteps !== undefined
}

/** Who counted hours alone before those who counted one together. */
export function namesOf(hours: readonly StepHour[]): readonly string[] {
  const together = (name: string) => name.split(' + ').length
  const names = new Set(hours.flatMap(({ source }) => source ?? []))
  return [...names].sort((one, other) => together(one) - together(other) || (one < other ? -1 : 1))
}
