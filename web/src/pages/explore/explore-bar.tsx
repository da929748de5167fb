import { memo } from 'react'
import type { MetricName } from '../../../../src/model/metrics.ts'
import { seriesMetrics } from '../../../../src/model/series.ts'
import { boundsOf, wallOf } from '../../format/zoned.ts'
import type { Reader } from '../../state/person.ts'
import { nameOfSamples } from '../../texts/metric-names.ts'
import { useTexts } from '../../texts/texts.tsx'
import { detailNames } from './detail.ts'
import type { Place } from './place.ts'
import { moved, resized, type Span, spanNames, spanWidths, zoomed } from './span.ts'
import { useLately } from './use-lately.ts'

interface Props {
  readonly userId: string
  readonly place: Place
  readonly seen: Span
  readonly whole: Span
  readonly show: (span: Span) => void
  readonly change: (words: Readonly<Record<string, string | undefined>>) => void
  readonly reader: Reader
}

/** What is to be seen, and the ways to move by the keyboard. */
export function ExploreBar({ userId, place, seen, whole, show, change, reader }: Props) {
  const { text } = useTexts()
  const width = seen.toMs - seen.fromMs
  const near = spanNames.find((name) => Math.abs(spanWidths[name] - width) < 2000)
  const middle = (seen.fromMs + seen.toMs) / 2
  return (
    <div className="explore-bar">
      <label>
        {text('explore.metric')}
        <select value={place.metric} onChange={({ target }) => change({ metric: target.value, sources: undefined })}>
          <Metrics userId={userId} />
        </select>
      </label>
      <label>
        {text('explore.day')}
        <input
          type="date"
          value={new Date(wallOf(seen.fromMs, reader.zone)).toISOString().slice(0, 10)}
          onChange={({ target }) => {
            if (target.value === '') return
            const [fromMs] = boundsOf(target.value, reader.zone)
            show({ fromMs, toMs: fromMs + width })
          }}
        />
      </label>
      <label>
        {text('explore.resolution')}
        <select
          value={place.detail ?? 'auto'}
          onChange={({ target }) => change({ detail: target.value === 'auto' ? undefined : target.value })}
        >
          {(['auto', ...detailNames] as const).map((name) => (
            <option key={name} value={name}>
              {text(`explore.resolution.${name}`)}
            </option>
          ))}
        </select>
      </label>
      <fieldset className="choice">
        <legend className="unseen">{text('explore.spans')}</legend>
        {spanNames.map((name) => (
          <button key={name} type="button" aria-pressed={name === near} onClick={() => show(resized(seen, spanWidths[name], whole))}>
            {text(`explore.span.${name}`)}
          </button>
        ))}
      </fieldset>
      <fieldset className="explore-ways">
        <legend className="unseen">{text('explore.move')}</legend>
        <Way name={text('explore.earlier')} sign="‹" onClick={() => show(moved(seen, -0.5))} />
        <Way name={text('explore.later')} sign="›" onClick={() => show(moved(seen, 0.5))} />
        <Way name={text('explore.out')} sign="−" onClick={() => show(zoomed(seen, 2, middle))} />
        <Way name={text('explore.in')} sign="+" onClick={() => show(zoomed(seen, 0.5, middle))} />
      </fieldset>
    </div>
  )
}

function Way({ name, sign, onClick }: { readonly name: string; readonly sign: string; readonly onClick: () => void }) {
  return (
    <button type="button" className="way" aria-label={name} title={name} onClick={onClick}>
      {sign}
    </button>
  )
}

/** Those that are measured come first. */
const Metrics = memo(function Metrics({ userId }: { readonly userId: string }) {
  const { text, language } = useTexts()
  const lately = useLately(userId)
  const others = seriesMetrics.filter((name) => !lately.includes(name))
  const options = (names: readonly MetricName[]) =>
    names
      .map((name) => ({ name, said: nameOfSamples(name, language) }))
      .sort((one, other) => one.said.localeCompare(other.said))
      .map(({ name, said }) => (
        <option key={name} value={name}>
          {said}
        </option>
      ))
  return (
    <>
      {lately.length > 0 && <optgroup label={text('explore.lately')}>{options(lately)}</optgroup>}
      <optgroup label={text('explore.others')}>{options(others)}</optgroup>
    </>
  )
})
