import { formatsFor } from '../../format/format.ts'
import { useTexts } from '../../texts/texts.tsx'

/** So many of the latest weeks fit. */
const MOST_WEEKS = 53

/** A calendar in which a square lights up for each day that is there: columns are weeks, rows the days from Monday. */
export function ArrivedDays({ dates, isOver }: { readonly dates: ReadonlySet<string>; readonly isOver: boolean }) {
  const { text, locale } = useTexts()
  const { shortDate } = formatsFor({ locale, zone: 'UTC', units: 'metric' })
  const sorted = [...dates].sort()
  const [first = '', last = ''] = [sorted[0], sorted.at(-1)]
  const cells = cellsOf(first, last)
  const said = text(isOver ? 'arriving.daysDone' : 'arriving.days', { count: dates.size })
  return (
    <figure className="calendar">
      <figcaption>
        <span role="status">{said}</span>{' '}
        <span className="quiet">{text('arriving.range', { from: shortDate(first), to: shortDate(last) })}</span>
      </figcaption>
      <div className="calendar-grid" aria-hidden="true">
        {cells.map((date) => (
          <i key={date} className={dates.has(date) ? 'calendar-there' : undefined} title={date} />
        ))}
      </div>
    </figure>
  )
}

const DAY_MS = 86_400_000

function cellsOf(first: string, last: string): readonly string[] {
  const lastMs = Date.parse(last)
  const earliestMs = Math.max(Date.parse(first), lastMs - (MOST_WEEKS * 7 - 7) * DAY_MS)
  const beginMs = earliestMs - ((new Date(earliestMs).getUTCDay() + 6) % 7) * DAY_MS
  return Array.from({ length: Math.round((lastMs - beginMs) / DAY_MS) + 1 }, (_, at) =>
    new Date(beginMs + at * DAY_MS).toISOString().slice(0, 10),
  )
}
