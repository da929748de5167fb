import type { ModelEvaluation } from '../../../../src/model/model-card.ts'
import type { Formats } from '../../format/format.ts'
import { Table } from '../../parts/table.tsx'
import { useTexts } from '../../texts/texts.tsx'

interface Props {
  readonly evaluations: readonly ModelEvaluation[]
  readonly formats: Formats
}

/** What was measured of the versions, and against what: nights that people scored, or what devices told. */
export function Evaluations({ evaluations, formats }: Props) {
  const { text } = useTexts()
  if (evaluations.length === 0) return <p className="quiet">{text('models.noEvaluation')}</p>
  const figure = (value: number | undefined) => (value === undefined ? '–' : formats.number(value, 3))
  return (
    <Table
      caption={text('models.evaluations')}
      head={[
        text('models.versionColumn'),
        text('models.dataset'),
        text('models.against'),
        text('models.accuracy'),
        text('models.f1'),
        text('models.figures'),
        text('models.when'),
      ]}
      rows={evaluations.map(({ version, dataset, against = 'scored', accuracy, f1Score, figures = {}, lastEvaluated }) => [
        version,
        dataset,
        text(`models.against.${against}`),
        figure(accuracy),
        figure(f1Score),
        Object.entries(figures)
          .map(([name, value]) => `${name} ${figure(value)}`)
          .join(' · '),
        formats.dateOf(Date.parse(lastEvaluated)),
      ])}
    />
  )
}
