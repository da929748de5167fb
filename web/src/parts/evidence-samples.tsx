import { useCallback, useState } from 'react'
import type { Day } from '../../../src/model/day.ts'
import type { MetricName } from '../../../src/model/metrics.ts'
import { boundsOf } from '../format/zoned.ts'
import type { Reader } from '../state/person.ts'
import { sourceNames, useSeries } from '../state/series.ts'
import { useTexts } from '../texts/texts.tsx'
import { WhenLoaded } from './states.tsx'
import { Table } from './table.tsx'

const MOST_SHOWN = 100

interface Props {
  readonly userId: string
  readonly metric: MetricName
  readonly day: Day
  readonly reader: Reader
}

/** The samples of a day as they were measured, by all sources; asked for when they are wanted. */
export function EvidenceSamples(props: Props) {
  const { text } = useTexts()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details className="as-table" onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>{text('evidence.samples')}</summary>
      {isOpen && <Samples {...props} />}
    </details>
  )
}

function Samples({ userId, metric, day, reader }: Props) {
  const { text } = useTexts()
  const [fromMs, toMs] = boundsOf(day.date, day.zone)
  const series = useSeries(userId, { metric, fromMs, toMs, resolution: 'raw' })
  const nameOf = useCallback((id: string) => sourceNames(day).get(id) ?? id, [day])
  return (
    <WhenLoaded loaded={series}>
      {({ data, unit }) => (
        <>
          <p className="quiet">
            {data.length === 0 ? text('evidence.samples.none') : text('evidence.samples.count', { count: data.length })}{' '}
            {data.length > MOST_SHOWN && text('evidence.samples.more', { count: MOST_SHOWN })}
          </p>
          {data.length > 0 && (
            <Table
              caption={text('evidence.samples')}
              head={[text('evidence.time'), text('evidence.value'), text('evidence.source')]}
              rows={data
                .slice(0, MOST_SHOWN)
                .map(({ startTime, value, sources }) => [
                  reader.clock(Date.parse(startTime)),
                  reader.quantity(value, unit),
                  sources.map(nameOf).join(', '),
                ])}
            />
          )}
        </>
      )}
    </WhenLoaded>
  )
}
