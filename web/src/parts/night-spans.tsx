import type { Night } from '../../../src/model/day.ts'
import type { Reader } from '../state/person.ts'
import { useTexts } from '../texts/texts.tsx'
import { TableOf } from './table.tsx'

/** The stretches of a night as they were recorded or staged. */
export function NightSpans({ night: { spans = [] }, reader }: { readonly night: Night; readonly reader: Reader }) {
  const { text } = useTexts()
  if (spans.length === 0) return null
  return (
    <TableOf
      caption={text('evidence.samples')}
      head={[text('night.time'), text('night.until'), text('night.stage')]}
      rows={spans.map(({ startTime, endTime, stage }) => [
        reader.clock(Date.parse(startTime)),
        reader.clock(Date.parse(endTime)),
        text(`stage.${stage}`),
      ])}
    />
  )
}
