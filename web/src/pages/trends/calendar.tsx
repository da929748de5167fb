import { useCallback, useMemo } from 'react'
import { Chart } from '../../parts/chart.tsx'
import type { Palette } from '../../parts/palette.ts'
import { WhenLoaded } from '../../parts/states.tsx'
import { TableOf } from '../../parts/table.tsx'
import { go, searchWith, useSearch } from '../../router.ts'
import type { Reader } from '../../state/person.ts'
import { type Baseline, useBaseline, useFirstDate } from '../../state/trends.ts'
import { useTexts } from '../../texts/texts.tsx'
import { calendarHeight, drawCalendar, stepsOf } from './calendar-chart.ts'
import { weeksOf } from './calendar-weeks.ts'
import { figureText, trendNameOf, trendNames } from './trend-figures.ts'

interface Props {
  readonly userId: string
  readonly latest: string
  readonly reader: Reader
}

/** A year of one figure, a field a day. Figure and year stand in the address. */
export function CalendarSection({ userId, latest, reader }: Props) {
  const { text } = useTexts()
  const search = useSearch()
  const metric = trendNameOf(search.get('figure'))
  const year = search.get('year') ?? latest.slice(0, 4)
  const first = useFirstDate(userId)
  const course = useBaseline(userId, metric, { from: `${year}-01-01`, to: `${year}-12-31` })
  const change = (words: Readonly<Record<string, string>>) => go(searchWith(search, words), { isInstead: true })
  const years = yearsBetween(first.state === 'ready' ? first.value : undefined, latest, year)
  return (
    <section className="panel" aria-labelledby="calendar-title">
      <header className="panel-head">
        <h2 id="calendar-title">{text('trends.calendar')}</h2>
        <div className="panel-choices">
          <select aria-label={text('trends.figure')} value={metric} onChange={({ target }) => change({ figure: target.value })}>
            {trendNames.map((name) => (
              <option key={name} value={name}>
                {text(`figure.${name}`)}
              </option>
            ))}
          </select>
          <select aria-label={text('trends.year')} value={year} onChange={({ target }) => change({ year: target.value })}>
            {years.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </div>
      </header>
      <WhenLoaded loaded={course}>
        {({ data, unit }) => <Year {...{ data, unit, year, reader }} name={text(`figure.${metric}`)} />}
      </WhenLoaded>
    </section>
  )
}

/** The five colours, in the order of the drawing. */
const stepNames = ['step-0', 'step-1', 'step-2', 'step-3', 'step-4']

interface YearProps extends Pick<Baseline, 'data' | 'unit'> {
  readonly year: string
  readonly name: string
  readonly reader: Reader
}

function Year({ data, unit, year, name, reader }: YearProps) {
  const { text } = useTexts()
  const steps = useMemo(() => stepsOf(data.map(({ value }) => value)), [data])
  const draw = useCallback(
    (palette: Palette, width: number) => drawCalendar(palette, width, { data, unit, year, steps, text, reader }),
    [data, unit, year, steps, text, reader],
  )
  const weeks = useMemo(() => weeksOf(year), [year])
  const byDate = useMemo(() => new Map(data.map(({ date, value }) => [date, value])), [data])
  const [low, high] = [steps[0], steps.at(-1)]
  if (low === undefined || high === undefined) return <p className="quiet">{text('trends.calendar.none', { year })}</p>
  return (
    <>
      <Chart label={text('trends.calendar.chart', { name, year, count: data.length })} height={calendarHeight(innerWidth)} draw={draw} />
      <p className="calendar-scale quiet" aria-hidden="true">
        {figureText(low, unit, reader)}
        {stepNames.map((name) => (
          <i key={name} className={name} />
        ))}
        {figureText(high, unit, reader)}
        <i className="not-measured" /> {text('trends.notMeasured')}
      </p>
      <TableOf
        caption={text('trends.calendar.chart', { name, year, count: data.length })}
        head={[text('trends.week'), ...reader.weekdays]}
        rows={weeks.map((week) => [
          reader.shortDate(week.find((date) => date !== undefined) ?? ''),
          ...week.map((date) => {
            const value = date === undefined ? undefined : byDate.get(date)
            return value === undefined ? '–' : figureText(value, unit, reader)
          }),
        ])}
      />
    </>
  )
}

function yearsBetween(first: string | undefined, latest: string, shown: string): readonly string[] {
  const [from, to] = [Number((first ?? latest).slice(0, 4)), Number(latest.slice(0, 4))]
  const years = Array.from({ length: to - from + 1 }, (_, at) => String(to - at))
  return years.includes(shown) ? years : [...years, shown]
}
