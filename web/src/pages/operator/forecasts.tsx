import type { LifecycleForecast as Forecast } from '../../../../src/model/retention-view.ts'
import type { Formats } from '../../format/format.ts'
import { Table } from '../../parts/table.tsx'
import { useTexts } from '../../texts/texts.tsx'

export type LifecycleForecast = Forecast

const kinds = ['rawData', 'insights', 'analytics'] as const

/** What would happen to whom: a line for each person and kind of data. */
export function Forecasts({ forecast, formats }: { readonly forecast: LifecycleForecast; readonly formats: Formats }) {
  const { text } = useTexts()
  const lines = forecast.data.flatMap(({ userId, held, kinds: of }) => kinds.map((kind) => ({ userId, held, kind, ...of[kind] })))
  const due = lines.filter(({ held, toArchive, toDestroy }) => !held && toArchive + toDestroy > 0)
  const date = (at: string | undefined) => (at === undefined ? '–' : formats.dateOf(Date.parse(at)))
  return (
    <>
      <p role="status">
        {due.length === 0
          ? text('lifecycle.nothing', { time: formats.moment(Date.parse(forecast.at)) })
          : text('lifecycle.would', {
              time: formats.moment(Date.parse(forecast.at)),
              archive: due.reduce((sum, { toArchive }) => sum + toArchive, 0),
              destroy: due.reduce((sum, { toDestroy }) => sum + toDestroy, 0),
            })}
      </p>
      <Table
        caption={text('lifecycle.preview')}
        head={[
          text('lifecycle.person'),
          text('lifecycle.kind'),
          text('lifecycle.toArchive'),
          text('lifecycle.toDestroy'),
          text('retention.nextArchive'),
          text('retention.nextDestroy'),
        ]}
        rows={lines.map(({ userId, held, kind, toArchive, toDestroy, nextArchiveAt, nextDestroyAt }) => [
          held ? text('lifecycle.held', { who: userId }) : userId,
          text(`retention.${kind}`),
          formats.number(toArchive),
          formats.number(toDestroy),
          date(nextArchiveAt),
          date(nextDestroyAt),
        ])}
      />
      {forecast.nextCursor !== undefined && <p className="quiet">{text('part.notAll')}</p>}
    </>
  )
}
