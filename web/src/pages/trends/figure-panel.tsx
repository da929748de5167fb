import { useCallback, useMemo } from 'react'
import type { TrendMetricName } from '../../../../src/model/trend-metrics.ts'
import type { TrendFigure, TrendType } from '../../../../src/model/user-trend.ts'
import { Chart } from '../../parts/chart.tsx'
import type { Palette } from '../../parts/palette.ts'
import { Failure, Waiting } from '../../parts/states.tsx'
import { TableOf } from '../../parts/table.tsx'
import type { Reader } from '../../state/person.ts'
import { type Trend, type TrendChange, useBaseline } from '../../state/trends.ts'
import { useTexts } from '../../texts/texts.tsx'
import { drawFigure, type PeriodFigure } from './figure-chart.ts'
import type { Dates } from './period.ts'
import { differenceText, figureText } from './trend-figures.ts'

interface Props {
  readonly userId: string
  readonly metric: TrendMetricName
  readonly type: TrendType
  readonly dates: Dates
  readonly trends: readonly Trend[]
  readonly changes: readonly TrendChange[]
  readonly reader: Reader
}

const HEIGHT = 176

/** One figure: where it stands, against the period before and the same time last year, and its course. */
export function FigurePanel({ userId, metric, type, dates, trends, changes, reader }: Props) {
  const { text } = useTexts()
  const baseline = useBaseline(userId, metric, dates)
  const figures = useMemo(() => figuresOf(trends, metric), [trends, metric])
  const own = useMemo(() => changes.filter((change) => change.metric === metric), [changes, metric])
  const course = baseline.state === 'ready' ? baseline.value : undefined
  const draw = useCallback(
    (palette: Palette, width: number) =>
      drawFigure(palette, width, {
        course: course?.data ?? [],
        unit: course?.unit ?? '',
        figures,
        changes: own,
        type,
        dates,
        text,
        reader,
      }),
    [course, figures, own, type, dates, text, reader],
  )
  const name = text(`figure.${metric}`)
  const last = figures.at(-1)
  if (course?.data.length === 0) return null
  return (
    <section className="panel trend" aria-label={name}>
      <header className="trend-head">
        <h3>{name}</h3>
        {last !== undefined && <Standing figure={last.figure} type={type} reader={reader} />}
      </header>
      {baseline.state === 'loading' && <Waiting />}
      {baseline.state === 'failed' && <Failure error={baseline.error} />}
      {course !== undefined && (
        <>
          <Chart label={text('trends.chart', { name })} height={HEIGHT} draw={draw} />
          <TableOf
            caption={name}
            head={[text(`trends.period.${type}`), text('trends.median'), text('trends.days'), text('trends.yearBefore')]}
            rows={figures
              .toReversed()
              .map(({ from, to, figure }) => [
                `${reader.shortDate(from)} – ${reader.fullDate(to)}`,
                figureText(figure.median, figure.unit, reader),
                reader.number(figure.n),
                figure.yearBefore === undefined ? '–' : figureText(figure.yearBefore.median, figure.unit, reader),
              ])}
          />
        </>
      )}
    </section>
  )
}

function figuresOf(trends: readonly Trend[], metric: TrendMetricName): readonly PeriodFigure[] {
  return trends.flatMap(({ periodStart, periodEnd, trendData }) => {
    const figure = trendData.metrics?.[metric]
    return figure === undefined ? [] : [{ from: periodStart, to: periodEnd, figure }]
  })
}

interface StandingProps {
  readonly figure: TrendFigure
  readonly type: TrendType
  readonly reader: Reader
}

function Standing({ figure, type, reader }: StandingProps) {
  const { text } = useTexts()
  const { median, unit, previousPeriod, yearBefore, trendDirection } = figure
  return (
    <>
      <p className="trend-figure">
        {figureText(median, unit, reader)} <span>{text(`trends.last.${type}`)}</span>
      </p>
      <ul className="trend-beside">
        {previousPeriod !== undefined && (
          <li>{text(`trends.before.${type}`, { difference: differenceText(previousPeriod.difference, unit, reader) })}</li>
        )}
        {yearBefore !== undefined && <li>{text('trends.yearAgo', { difference: differenceText(yearBefore.difference, unit, reader) })}</li>}
        {trendDirection !== undefined && trendDirection !== 'stable' && (
          <li className={`trend-${trendDirection}`}>{text(`trends.${trendDirection}`)}</li>
        )}
      </ul>
    </>
  )
}
