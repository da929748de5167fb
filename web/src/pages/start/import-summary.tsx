import type { ImportView } from '../../../../src/model/import.ts'
import { isProblemCode, Problem } from '../../../../src/model/problem.ts'
import { formatsFor } from '../../format/format.ts'
import { Link } from '../../parts/link.tsx'
import { adviceOf } from '../../parts/states.tsx'
import { pathTo } from '../../router.ts'
import { useTexts } from '../../texts/texts.tsx'

const counts = ['received', 'accepted', 'duplicate', 'quarantined', 'rejected'] as const

/** What became of a file that is over: all of its records are accounted for. */
export function ImportSummary({ view: { report, problem } }: { readonly view: ImportView }) {
  const { text, locale } = useTexts()
  const { number } = formatsFor({ locale, zone: 'UTC', units: 'metric' })
  return (
    <>
      {problem !== undefined && (
        <p className="notice" role="alert">
          {adviceOf(new Problem(isProblemCode(problem.code) ? problem.code : 'unavailable', problem.detail), text)}{' '}
          <Link href={pathTo('start', {})}>{text('arriving.again')}</Link>
        </p>
      )}
      {report !== undefined && (
        <dl className="figures" aria-label={text('arriving.report')}>
          {counts.map((name) => (
            <div key={name}>
              <dt>{text(`arriving.${name}`)}</dt>
              <dd>{number(report[name])}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}
