import { useMemo } from 'react'
import type { Day } from '../../../../src/model/day.ts'
import { boundsOf } from '../../format/zoned.ts'
import type { Reader } from '../../state/person.ts'
import { type Series, useSeries } from '../../state/series.ts'
import { nameOfField, reasonFor } from '../../texts/reasons.ts'
import { useTexts } from '../../texts/texts.tsx'

interface Props {
  readonly userId: string
  readonly day: Day
  readonly reader: Reader
}

/** How much of the day was measured, when it was not, and which figures are absent for it. */
export function CoverageSection({ userId, day, reader }: Props) {
  const { text, language } = useTexts()
  const { wornMinutes, dayMinutes } = day.coverage
  return (
    <section className="panel" aria-labelledby="coverage-title">
      <header className="panel-head">
        <h2 id="coverage-title">{text('coverage.title')}</h2>
        <p>{text('coverage.worn', { worn: reader.duration(wornMinutes), day: reader.duration(dayMinutes) })}</p>
      </header>
      <Strip userId={userId} day={day} reader={reader} />
      <ul className="legend">
        <li>
          <i className="measured" /> {text('coverage.has')}
        </li>
        <li>
          <i className="not-measured" /> {text('coverage.not')}
        </li>
      </ul>
      <p className="quiet">{text('coverage.text')}</p>
      {day.reasons.length > 0 && (
        <>
          <h3>{text('coverage.reasons')}</h3>
          <ul className="reasons">
            {day.reasons.map(({ field, code, have, need }) => (
              <li key={`${field} ${code}`}>
                <strong>{nameOfField(field, language)}</strong> {reasonFor(code, language)}
                {/* That one is wanted where there is none goes without saying. */}
                {have !== undefined && need !== undefined && need > 1 && ` (${reader.number(have, 1)} / ${reader.number(need, 1)})`}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

const QUARTER_MS = 900_000

function Strip({ userId, day, reader }: Props) {
  const { text } = useTexts()
  const [fromMs, toMs] = boundsOf(day.date, day.zone)
  const series = useSeries(userId, { metric: 'heart_rate', fromMs, toMs, resolution: '15min' })
  const data = series.state === 'ready' ? series.value.data : undefined
  const quarters = useMemo(() => quartersOf(data, fromMs, toMs), [data, fromMs, toMs])
  const worn = quarters.filter((quarter) => quarter).length
  const said = `${text('coverage.chart')}: ${text('coverage.has')} ${reader.duration(worn * 15)}, ${text('coverage.not')} ${reader.duration((quarters.length - worn) * 15)}`
  return (
    <figure className="strip">
      <svg viewBox={`0 0 ${quarters.length} 10`} preserveAspectRatio="none" role="img" aria-label={said}>
        <rect className="strip-none" width={quarters.length} height="10" />
        {runsOf(quarters).map(([from, to]) => (
          <rect key={from} className="strip-has" x={from} width={to - from} height="10" />
        ))}
      </svg>
      <figcaption aria-hidden="true">
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <span key={share}>{reader.clock(fromMs + share * (toMs - fromMs))}</span>
        ))}
      </figcaption>
    </figure>
  )
}

function quartersOf(data: Series['data'] | undefined, fromMs: number, toMs: number): readonly boolean[] {
  const has = new Set(data?.map(({ startTime }) => Date.parse(startTime)))
  return Array.from({ length: Math.round((toMs - fromMs) / QUARTER_MS) }, (_, at) => has.has(fromMs + at * QUARTER_MS))
}

/** Each stretch of measured quarters, its end not included. */
function runsOf(quarters: readonly boolean[]): readonly (readonly [from: number, to: number])[] {
  const starts = quarters.flatMap((has, at) => (has && quarters[at - 1] !== true ? [at] : []))
  return starts.map((from) => {
    const length = quarters.slice(from).indexOf(false)
    return [from, length < 0 ? quarters.length : from + length]
  })
}
