import type { Reader } from '../../state/person.ts'
import type { TrendChange } from '../../state/trends.ts'
import { useTexts } from '../../texts/texts.tsx'
import { differenceText, figureText } from './trend-figures.ts'

const MOST_SHOWN = 5

/** What went to another level, the latest first. */
export function ChangesSection({ changes, reader }: { readonly changes: readonly TrendChange[]; readonly reader: Reader }) {
  const { text } = useTexts()
  const shown = changes.toReversed()
  return (
    <section className="changes" aria-labelledby="changes-title">
      <h2 id="changes-title">{text('trends.changes')}</h2>
      {shown.length === 0 && <p className="quiet">{text('trends.changes.none')}</p>}
      <ChangeList changes={shown.slice(0, MOST_SHOWN)} reader={reader} />
      {shown.length > MOST_SHOWN && (
        <details className="as-table">
          <summary>{text('trends.changes.more', { count: shown.length - MOST_SHOWN })}</summary>
          <ChangeList changes={shown.slice(MOST_SHOWN)} reader={reader} />
        </details>
      )}
    </section>
  )
}

function ChangeList({ changes, reader }: { readonly changes: readonly TrendChange[]; readonly reader: Reader }) {
  const { text } = useTexts()
  return (
    <ul>
      {changes.map(({ changeId, kind, metric, unit, date, until, before, after }) => (
        <li key={changeId} className={`change-${kind}`}>
          <strong>{text(`figure.${metric}`)}</strong>{' '}
          {kind === 'level_shift'
            ? text('trends.shifted', {
                before: figureText(before, unit, reader),
                after: figureText(after, unit, reader),
                date: reader.fullDate(date),
              })
            : text('trends.raised', {
                by: differenceText(after - before, unit, reader),
                from: reader.fullDate(date),
                to: reader.fullDate(until ?? date),
              })}
        </li>
      ))}
    </ul>
  )
}
