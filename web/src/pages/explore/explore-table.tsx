import { useState } from 'react'
import { Table } from '../../parts/table.tsx'
import type { Reader } from '../../state/person.ts'
import { useTexts } from '../../texts/texts.tsx'
import { type Layer, pointsWithin } from './layer.ts'
import type { Span } from './span.ts'

const MOST_SHOWN = 200

interface Props {
  readonly layer: Layer
  readonly span: Span
  readonly reader: Reader
  readonly nameOf: (source: string) => string
}

/** What is seen in rows; made when it is wanted. */
export function ExploreTable(props: Props) {
  const { text } = useTexts()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details className="as-table" onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>{text('app.asTable')}</summary>
      {isOpen && <Rows {...props} />}
    </details>
  )
}

function Rows({ layer, span, reader, nameOf }: Props) {
  const { text } = useTexts()
  const points = layer.lines.flatMap((line) => pointsWithin(line, span)).slice(0, MOST_SHOWN)
  const said = (value: number | undefined) => (value === undefined ? '–' : reader.quantity(value, layer.unit))
  return (
    <Table
      caption={text('explore.table', { count: MOST_SHOWN })}
      head={(['from', 'to', 'value', 'least', 'most', 'source'] as const).map((name) => text(`explore.${name}`))}
      rows={points.map(({ startTime, endTime, value, min, max, sources }) => [
        reader.moment(Date.parse(startTime)),
        endTime === undefined ? '–' : reader.moment(Date.parse(endTime)),
        ...[value, min, max].map(said),
        sources.map(nameOf).join(', '),
      ])}
    />
  )
}
