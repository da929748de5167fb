import { useCallback } from 'react'
import { PartHead } from '../../parts/parts-page.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { client } from '../../state/client.ts'
import type { Reader } from '../../state/person.ts'
import { useLoaded } from '../../state/store.ts'
import { spokenAge } from '../../texts/spoken-age.ts'
import { useTexts } from '../../texts/texts.tsx'
import type { PartProps } from './my-data.tsx'

const kinds = ['rawData', 'insights', 'analytics'] as const
type Forecast = Awaited<ReturnType<typeof client.getRetention>>['body']['kinds']['rawData']

/** How long what is kept, and when the next of it is archived or destroyed. */
export function RetentionPart({ userId, reader }: PartProps) {
  const { text } = useTexts()
  const load = useCallback(async () => (await client.getRetention({ params: { userId } })).body, [userId])
  const retention = useLoaded(`${userId}/retention`, load)
  return (
    <>
      <PartHead title={text('myData.retention')} text={text('retention.text')} />
      <WhenLoaded loaded={retention}>
        {({ held, kinds: forecasts }) => (
          <>
            {held && (
              <p className="notice" role="status">
                {text('retention.held')}
              </p>
            )}
            <div className="cards cards-small">
              {kinds.map((kind) => (
                <Kind
                  key={kind}
                  title={text(`retention.${kind}`)}
                  about={text(`retention.${kind}.text`)}
                  forecast={forecasts[kind]}
                  reader={reader}
                />
              ))}
            </div>
          </>
        )}
      </WhenLoaded>
    </>
  )
}

interface KindProps {
  readonly title: string
  readonly about: string
  readonly forecast: Forecast
  readonly reader: Reader
}

function Kind({ title, about, forecast, reader }: KindProps) {
  const { text } = useTexts()
  const { hotFor, keptFor, archived, toArchive, toDestroy, nextArchiveAt, nextDestroyAt } = forecast
  const date = (said: string | undefined) => (said === undefined ? text('retention.nothing') : reader.dateOf(Date.parse(said)))
  const rows = [
    [text('retention.atHand'), spokenAge(hotFor, text)],
    [text('retention.nextArchive'), date(nextArchiveAt)],
    [text('retention.nextDestroy'), date(nextDestroyAt)],
    [text('retention.archived'), text('retention.archivedCount', { count: archived })],
    ...(toArchive + toDestroy > 0 ? [[text('retention.due'), text('retention.dueCount', { archive: toArchive, destroy: toDestroy })]] : []),
  ]
  return (
    <section className="card" aria-label={title}>
      <h2>{title}</h2>
      <p className="card-figure">{spokenAge(keptFor, text)}</p>
      <p className="quiet">{about}</p>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
