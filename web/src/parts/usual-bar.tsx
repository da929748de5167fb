import type { Evidence } from '../../../src/model/insight.ts'
import type { Reader } from '../state/person.ts'
import { useTexts } from '../texts/texts.tsx'

interface Props {
  readonly evidence: Evidence
  readonly baseline: NonNullable<Evidence['baseline']>
  readonly reader: Reader
}

/** A value against what is usual for the person: a band of median ± median absolute deviation, and a mark. */
export function UsualBar({ evidence: { value, unit }, baseline: { median, mad }, reader }: Props) {
  const { text } = useTexts()
  const [low, high] = [median - mad, median + mad]
  // So wide that the band has a third of it and the value is within.
  const reach = Math.max(3 * mad, Math.abs(value - median) * 1.2, Math.abs(median) * 0.02, 1e-9)
  const at = (figure: number) => 100 * Math.min(1, Math.max(0, (figure - median + reach) / (2 * reach)))
  const said = { value: reader.quantity(value, unit), low: reader.quantity(low, unit), high: reader.quantity(high, unit) }
  return (
    <figure className="usual">
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={text('evidence.chart', said)}>
        <line className="usual-axis" x1="0" x2="100" y1="5" y2="5" />
        <rect className="usual-band" x={at(low)} width={Math.max(1, at(high) - at(low))} y="1" height="8" />
        <rect className="usual-median" x={at(median) - 0.25} width="0.5" y="1" height="8" />
        <rect className="usual-value" x={at(value) - 0.7} width="1.4" y="0" height="10" />
      </svg>
      <figcaption>{text('today.usual', { value: reader.quantity(median, unit) })}</figcaption>
    </figure>
  )
}
