import type { ModelEvaluation } from '../../../../src/model/model-card.ts'
import type { Formats } from '../../format/format.ts'
import { type Text, useTexts } from '../../texts/texts.tsx'

const known = [
  ...(['kappa', 'threeAccuracy', 'threeKappa', 'wakeAccuracy', 'wakeKappa', 'sensitivity', 'specificity'] as const),
  ...(['kappaByPerson', 'kappaDeviation', 'people', 'nights', 'epochs'] as const),
]

interface Props {
  readonly evaluations: readonly ModelEvaluation[]
  readonly formats: Formats
}

/** What was measured of the versions, and against what: nights that people scored, or what devices told. */
export function Evaluations({ evaluations, formats }: Props) {
  const { text } = useTexts()
  if (evaluations.length === 0) return <p className="quiet">{text('models.noEvaluation')}</p>
  return (
    <section aria-label={text('models.evaluations')}>
      <h4>{text('models.evaluations')}</h4>
      <ul className="records">
        {evaluations.map(({ version, dataset, against = 'scored', accuracy, f1Score, figures = {}, lastEvaluated }) => (
          <li key={`${version} ${dataset} ${lastEvaluated}`}>
            <div className="record-head">
              <strong>{text('models.version', { version })}</strong>
              <span>{text(`models.against.${against}`)}</span>
              <span className="record-side quiet">{formats.dateOf(Date.parse(lastEvaluated))}</span>
            </div>
            <p className="quiet" lang="en">
              {dataset}
            </p>
            <dl className="figures figures-small">
              <Figure name={text('models.accuracy')} value={accuracy} formats={formats} />
              <Figure name={text('models.f1')} value={f1Score} formats={formats} />
              {Object.entries(figures).map(([name, value]) => (
                <Figure key={name} name={nameOfFigure(name, text)} value={value} formats={formats} />
              ))}
            </dl>
          </li>
        ))}
      </ul>
    </section>
  )
}

interface FigureProps {
  readonly name: string
  readonly value: number | undefined
  readonly formats: Formats
}

function Figure({ name, value, formats }: FigureProps) {
  if (value === undefined) return null
  return (
    <div>
      <dt>{name}</dt>
      <dd>{formats.number(value, 3)}</dd>
    </div>
  )
}

/** One that is not known as whoever measured named it: `kappaByPerson` as `kappa by person`. */
function nameOfFigure(name: string, text: Text): string {
  const key = known.find((each) => each === name)
  if (key !== undefined) return text(`measured.${key}`)
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}
