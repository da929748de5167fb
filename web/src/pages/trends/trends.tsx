import { NoDays } from '../../parts/no-days.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { searchWith, useSearch } from '../../router.ts'
import { useFeed } from '../../state/feed.ts'
import { useLatest } from '../../state/latest.ts'
import { useReader } from '../../state/person.ts'
import { useTrends } from '../../state/trends.ts'
import { useTexts } from '../../texts/texts.tsx'
import { CalendarSection } from './calendar.tsx'
import { ChangesSection } from './changes.tsx'
import { FigurePanel } from './figure-panel.tsx'
import { datesOf, trendTypeOf } from './period.ts'
import { PeriodLinks } from './period-links.tsx'
import { RegularitySection } from './regularity.tsx'
import { type TrendGroup, trendGroups } from './trend-figures.ts'

/** Where the figures of a person are going: by weeks, months or quarters, each beside what was usual. */
export function TrendsPage({ userId }: { readonly userId: string }) {
  useFeed(userId)
  const latest = useLatest(userId)
  return <WhenLoaded loaded={latest}>{(date) => (date === undefined ? <NoDays /> : <Whole userId={userId} latest={date} />)}</WhenLoaded>
}

function Whole({ userId, latest }: { readonly userId: string; readonly latest: string }) {
  const { text } = useTexts()
  const reader = useReader(userId)
  const search = useSearch()
  const type = trendTypeOf(search.get('by'))
  const dates = datesOf(type, latest)
  const trends = useTrends(userId, type, dates)
  return (
    <article className="page">
      <header className="page-header">
        <div>
          <h1>{text('page.trends')}</h1>
          <p className="quiet">{text('trends.range', { from: reader.fullDate(dates.from), to: reader.fullDate(dates.to) })}</p>
        </div>
        <PeriodLinks type={type} hrefOf={(by) => searchWith(search, { by })} />
      </header>
      <WhenLoaded loaded={trends}>
        {({ data, changes }) => (
          <>
            <ChangesSection changes={changes} reader={reader} />
            {(Object.keys(trendGroups) as TrendGroup[]).map((group) => (
              <section key={group} className="trend-group" aria-labelledby={`trends-${group}`}>
                <h2 id={`trends-${group}`}>{text(`trends.${group}`)}</h2>
                <div className="trend-panels">
                  {trendGroups[group].map((metric) => (
                    <FigurePanel key={`${metric} ${type}`} {...{ userId, metric, type, dates, reader, changes }} trends={data} />
                  ))}
                </div>
              </section>
            ))}
            <Key />
          </>
        )}
      </WhenLoaded>
      <CalendarSection userId={userId} latest={latest} reader={reader} />
      <RegularitySection userId={userId} latest={latest} reader={reader} />
    </article>
  )
}

/** What the marks of the drawings mean. */
function Key() {
  const { text } = useTexts()
  const marks = ['median', 'usual', 'day', 'yearBefore', 'levelShift', 'elevation'] as const
  return (
    <ul className="legend" aria-label={text('trends.key')}>
      {marks.map((mark) => (
        <li key={mark}>
          <i className={`key-${mark}`} /> {text(`trends.key.${mark}`)}
        </li>
      ))}
    </ul>
  )
}
